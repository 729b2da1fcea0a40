//! What holds for every input, as one function from bytes for each property.
//!
//! A function panics if its property does not hold. `cargo fuzz` looks for bytes that make it
//! panic (`fuzz/fuzz_targets`); the test of this crate calls it with the inputs in `fuzz/seeds`
//! and with random ones, in every run.
//!
//! Each compares with a second implementation that is written from the rule, not from the code,
//! and drives what users call: a router is asked by requests, a page is judged by an HTML parser.
//!
//! # Layout
//! - [`path`]: every path has one spelling, which route and middleware share.
//! - [`routes`]: the most particular route answers, and a guard is never passed by.
//! - [`range`]: a range of a file is what RFC 9110 says, and those bytes.
//! - [`patch`]: a page in patches is the same document as the page in one piece.
//! - [`bridge`]: so it is when the bridge's JavaScript applies them.
//! - `page`: arbitrary pages, for the last two.

mod answer;
pub mod bridge;
mod page;
pub mod patch;
pub mod path;
pub mod range;
pub mod routes;
