//! So it is when the bridge's JavaScript applies them.

#![no_main]

use anabranch_properties::bridge;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| bridge::check(input));
