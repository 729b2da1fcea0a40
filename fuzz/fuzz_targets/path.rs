//! Every path has one spelling, which route and middleware share.

#![no_main]

use anabranch_properties::path;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| path::check(input));
