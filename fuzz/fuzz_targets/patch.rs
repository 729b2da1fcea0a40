//! A page in patches is the same document as the page in one piece.

#![no_main]

use anabranch_properties::patch;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| patch::check(input));
