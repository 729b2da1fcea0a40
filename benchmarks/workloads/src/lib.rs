//! What every benchmark server shares, so that servers differ only in how they stream.
//!
//! # Layout
//! - [`pages`]: the data and its markup, rendered by maud.
//! - [`schedule`]: when each boundary of a workload resolves.
//! - [`server`]: the listener, and `axum::serve` with `TCP_NODELAY`.
//! - [`todos`]: the data of the todos app.
//! - [`wire`]: the markup of placeholders and patches where no library makes it.

pub mod pages;
pub mod schedule;
pub mod server;
pub mod todos;
pub mod wire;
