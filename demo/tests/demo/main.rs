//! Tests of the demo over its real data. One binary, so that they share one imported database.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic too")]

mod api;
mod browser;
mod cancellation;
mod dashboard;
mod figures;
mod guard;
mod notes;
mod pages;
mod process;
mod session;
mod small;
mod store;
mod support;
mod visitor;
mod whole;
