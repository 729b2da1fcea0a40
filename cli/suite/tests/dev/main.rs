//! `cargo anabranch dev` as a process, with a cargo whose builds the tests carry out and an app
//! that is there at once. What happens is caused by the test, so none sleeps.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

mod browser;
mod builds;
mod children;
mod client;
mod documents;
mod guard;
mod keys;
mod leaving;
mod packages;
mod restarts;
mod run;
