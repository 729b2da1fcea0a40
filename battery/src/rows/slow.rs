//! Slow clients and bounds.

mod bodies;
mod crowd;
mod dribble;
mod heads;
mod pool;
mod readers;
mod stalled;
mod uploads;

use crate::Row;
use crate::apps::App;

/// The rows of this part.
pub const ROWS: &[Row] = &[
    Row {
        id: "B1",
        what: "100 connections that send their head byte by byte, and 100 that send nothing",
        run: |form| Box::pin(dribble::run(form)),
    },
    Row {
        id: "B3",
        what: "request bodies at 1 B/s",
        run: |form| Box::pin(uploads::run(form)),
    },
    Row {
        id: "B4",
        what: "100 readers that take 1 B/s of an endless body",
        run: |form| Box::pin(readers::run(form)),
    },
    Row {
        id: "B5",
        what: "a reader that stops while data waits; beside it, a stream with nothing to write",
        run: |form| Box::pin(stalled::run(form)),
    },
    Row {
        id: "B6",
        what: "a reader that stops while a boundary holds a pooled connection, HTTP/1.1 and HTTP/2",
        run: |form| Box::pin(pool::run(form)),
    },
    Row {
        id: "B7",
        what: "101 header fields, a field of 64 KiB, a URI of 64 KiB",
        run: |form| Box::pin(heads::run(form)),
    },
    Row {
        id: "B8",
        what: "bodies above the limit, bombs, 10,000 parts, 100,000 fields, deep JSON",
        run: |form| Box::pin(bodies::run(form)),
    },
    Row {
        id: "B9",
        what: "500 connections more than the limit",
        run: |form| Box::pin(crowd::run(form)),
    },
];

/// What their child processes serve.
pub const APPS: &[App] = &[
    App {
        name: "readers",
        build: readers::app,
    },
    App {
        name: "stalled",
        build: stalled::app,
    },
    App {
        name: "bodies",
        build: bodies::app,
    },
    App {
        name: "crowd",
        build: crowd::app,
    },
];
