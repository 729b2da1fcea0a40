//! Tests of the demo over its real data. One binary, so that they share one imported database.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic too")]

mod api;
mod browser;
mod cancellation;
mod cluster;
mod dashboard;
mod figures;
mod file;
mod framing;
mod guard;
mod notes;
mod pages;
mod postgres;
mod process;
mod queue;
mod session;
mod small;
mod stores;
mod support;
mod visitor;
mod whole;
