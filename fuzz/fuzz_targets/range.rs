//! A range of a file is what RFC 9110 says, and those bytes.

#![no_main]

use anabranch_properties::range;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| range::check(input));
