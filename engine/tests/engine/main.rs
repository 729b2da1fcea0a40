//! What a client receives, frame by frame. No test sleeps: gates and paused time decide.

#![expect(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "in a test, a panic is the failure, and a copy costs nothing"
)]

mod destructors;
mod draining;
mod driving;
mod failures;
mod frames;
mod framing;
mod heads;
mod log;
mod misuse;
mod observing;
mod spans;
mod stand_in;
mod support;
mod time;
mod watching;
