//! Proxies and protocols.

mod compression;
mod nginx;
mod oddities;
mod pipelining;

use crate::Row;
use crate::apps::App;

/// The rows of this part.
pub const ROWS: &[Row] = &[
    Row {
        id: "X1",
        what: "nginx in front, in its default configuration",
        run: |form| Box::pin(nginx::run(form)),
    },
    Row {
        id: "X3",
        what: "a stream compressed by gzip, br and zstd",
        run: |form| Box::pin(compression::run(form)),
    },
    Row {
        id: "X5",
        what: "HTTP/1.0, no Host, absolute form, *, CONNECT, Expect",
        run: |form| Box::pin(oddities::run(form)),
    },
    Row {
        id: "X6",
        what: "100 pipelined requests, streamed and static mixed",
        run: |form| Box::pin(pipelining::run(form)),
    },
];

/// What their child processes serve.
pub const APPS: &[App] = &[];
