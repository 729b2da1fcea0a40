//! The most particular route answers, and a guard is never passed by.

#![no_main]

use anabranch_properties::routes;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| routes::check(input));
