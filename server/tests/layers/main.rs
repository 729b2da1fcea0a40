//! What the layers make of requests and responses. No test sleeps: gates and paused time decide.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

mod bodies;
mod coding;
mod headers;
mod ids;
mod log;
mod panics;
mod socket;
mod support;
