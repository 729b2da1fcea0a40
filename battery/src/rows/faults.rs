//! Faults survived.

mod blocking;
mod broken;
mod leaving;
mod never;
mod panics;
mod same_poll;
mod sleepers;
mod views;

use crate::Row;
use crate::apps::App;

/// The rows of this part.
pub const ROWS: &[Row] = &[
    Row {
        id: "F1",
        what: "500 clients that leave at five kinds of point, by FIN and by RST",
        run: |form| Box::pin(leaving::run(form)),
    },
    Row {
        id: "F2",
        what: "a client that leaves while ten boundaries sleep, HTTP/1.1 and HTTP/2",
        run: |form| Box::pin(sleepers::run(form)),
    },
    Row {
        id: "F4",
        what: "500 panics in pages, boundaries, markup and shared futures, beside 100 streams",
        run: |form| Box::pin(panics::run(form)),
    },
    Row {
        id: "F5",
        what: "panics in error, loading and not-found views, layouts and middleware",
        run: |form| Box::pin(views::run(form)),
    },
    Row {
        id: "F6",
        what: "a boundary that resolves in the poll in which another fails",
        run: |form| Box::pin(same_poll::run(form)),
    },
    Row {
        id: "F7",
        what: "a body that cannot go on, HTTP/1.1, HTTP/1.0 and HTTP/2",
        run: |form| Box::pin(broken::run(form)),
    },
    Row {
        id: "F8",
        what: "one of ten boundaries never resolves",
        run: |form| Box::pin(never::run(form)),
    },
    Row {
        id: "F9",
        what: "a boundary that blocks its thread",
        run: |form| Box::pin(blocking::run(form)),
    },
];

/// What their child processes serve.
pub const APPS: &[App] = &[
    App {
        name: "leaving",
        build: leaving::app,
    },
    App {
        name: "sleepers",
        build: sleepers::app,
    },
    App {
        name: "panics",
        build: panics::app,
    },
    App {
        name: "views",
        build: views::app,
    },
    App {
        name: "never",
        build: never::app,
    },
    App {
        name: "blocking",
        build: blocking::app,
    },
];
