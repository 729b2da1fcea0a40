//! The reliability battery: each row is a property that a server must keep under load, faults and
//! hostile input, and a program that tries to break it.
//!
//! ```text
//! cargo run --release -p anabranch-battery                 the long forms; prints a table
//! cargo run --release -p anabranch-battery -- --short      the forms that the tests run
//! cargo run --release -p anabranch-battery -- L1 B4        only these rows
//! cargo test -p anabranch-battery                          one test for each row
//! ```
//!
//! A row is a function that returns a figure or what failed. No row sleeps to be sure: it waits
//! for an event, opens a gate, or measures. What a row may wait for ends after
//! [`wait::PATIENCE`].
//!
//! # Layout
//! - [`row`]: what a row is, and [`check!`].
//! - [`rows`]: all of them, one folder for each part of the battery.
//! - [`run`], [`report`]: runs rows one after the other, and prints the table.
//! - [`child`]: a server in a process of its own, whose memory, files and CPU time can be read;
//!   [`process`] reads them.
//! - [`control`]: what the test asks a child: counters, gates, its log. [`serve`] is the child's
//!   side, and [`apps`] what it serves.
//! - [`local`]: a server in the test's own process, for rows that measure nothing.
//! - [`client`]: HTTP/1.1 over a raw socket; [`http2`]: hyper's client.
//! - [`browser`]: a real browser, for what only it can tell.
//! - [`limits`]: the limits of a server under test, on a command line.
//! - [`page`]: what the pages of several rows are made of.
//! - [`graphs`]: random pages, and what they must be in the end.
//! - [`random`], [`wait`]: numbers from a seed that is printed, and patience that ends.

pub mod apps;
pub mod browser;
pub mod child;
pub mod client;
pub mod control;
pub mod graphs;
pub mod http2;
pub mod limits;
pub mod local;
pub mod page;
pub mod process;
pub mod random;
pub mod report;
pub mod row;
pub mod rows;
pub mod run;
pub mod serve;
pub mod wait;

pub use row::{Form, Outcome, Row, Tried};
