//! The server over real sockets: limits, faults, refusals, and the way to the end.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

mod answers;
mod client;
mod endless;
mod faults;
mod http2;
mod leaving;
mod limits;
mod protocol;
mod refusals;
mod running;
mod shutdown;
mod unsent;
mod waiting;
