//! Tests of the demo over its real data. One binary, so that they share one imported database.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic too")]

mod cancellation;
mod dashboard;
mod figures;
mod process;
mod store;
mod support;
