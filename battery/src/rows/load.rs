//! Load held.

mod boundaries;
mod bulk;
mod nested;
mod parked;
mod soak;

use crate::Row;
use crate::apps::App;

/// The rows of this part.
pub const ROWS: &[Row] = &[
    Row {
        id: "L1",
        what: "1,000 parked streams of ten boundaries, then all of them released",
        run: |form| Box::pin(parked::run(form)),
    },
    Row {
        id: "L4",
        what: "a page with 10,000 boundaries, and one with 20,000",
        run: |form| Box::pin(boundaries::run(form)),
    },
    Row {
        id: "L5",
        what: "64 boundaries in each other, and more than the limits allow",
        run: |form| Box::pin(nested::run(form)),
    },
    Row {
        id: "L6",
        what: "a streamed body of 200 MiB to a fast reader",
        run: |form| Box::pin(bulk::run(form)),
    },
    Row {
        id: "L7",
        what: "mixed load for a minute, a fifth of the clients leave early",
        run: |form| Box::pin(soak::run(form)),
    },
];

/// What their child processes serve.
pub const APPS: &[App] = &[
    App {
        name: "parked",
        build: parked::app,
    },
    App {
        name: "boundaries",
        build: boundaries::app,
    },
    App {
        name: "nested",
        build: nested::app,
    },
    App {
        name: "bulk",
        build: bulk::app,
    },
    App {
        name: "soak",
        build: soak::app,
    },
];
