//! `StreamTest` on a small shop: what it shows of a page, what it finds wrong, and how it says so.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

mod commit;
mod leaving;
mod messages;
mod orders;
mod patches;
mod readers;
mod shop;
mod time;
