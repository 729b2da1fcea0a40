//! Pages over real loopback sockets: what leaves, what comes back, and what is dropped when the
//! client goes or stops reading.

#![expect(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "in a test, a panic is the failure, and a move reads better than a copy"
)]

mod client;
mod head;
mod http2;
mod leaving;
mod many;
mod pages;
mod server;
mod slow;
