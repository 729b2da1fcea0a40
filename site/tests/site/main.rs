//! Tests of the site. One binary, so that they share one browser.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic too")]

mod browser;
mod generated;
mod markdown;
mod pages;
mod search;
mod support;
mod watch;
