//! Static files: one table of requests, over a folder and over embedded files.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

mod changing;
#[path = "../support/log.rs"]
mod log;
mod negotiation;
mod support;
mod visible;
