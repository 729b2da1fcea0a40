//! The benchmark workloads on next-rust: a folder for each, as it wants them.

mod pages;

next_rust::app!();
