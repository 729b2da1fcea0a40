//! Hostile input.

mod caps;
mod conditions;
mod cookies;
mod csrf;
mod development;
mod forwarded;
mod guards;
mod headers;
mod log_lines;
mod methods;
mod properties;
mod redirects;
mod site;
mod smuggling;
mod spelling;
mod supply;
mod traversal;

use crate::Row;
use crate::apps::App;

/// The rows of this part.
pub const ROWS: &[Row] = &[
    Row {
        id: "S1",
        what: "request smuggling: two lengths, bare line feeds, odd chunks, odd hosts",
        run: |form| Box::pin(smuggling::run(form)),
    },
    Row {
        id: "S3",
        what: "the properties that are fuzzed: paths, routes, ranges, patches, the bridge",
        run: |form| Box::pin(properties::run(form)),
    },
    Row {
        id: "S5",
        what: "forged X-Forwarded-*, Forwarded and Host",
        run: |form| Box::pin(forwarded::run(form)),
    },
    Row {
        id: "S6",
        what: "guarded pages, routes and files in every spelling of their paths",
        run: |form| Box::pin(guards::run(form)),
    },
    Row {
        id: "S7",
        what: "every method on every kind of resource",
        run: |form| Box::pin(methods::run(form)),
    },
    Row {
        id: "S8",
        what: "ways out of the folder of static files",
        run: |form| Box::pin(traversal::run(form)),
    },
    Row {
        id: "S9",
        what: "conditional and range requests",
        run: |form| Box::pin(conditions::run(form)),
    },
    Row {
        id: "S10",
        what: "redirects that would lead to another site",
        run: |form| Box::pin(redirects::run(form)),
    },
    Row {
        id: "S13",
        what: "forms from other sites",
        run: |form| Box::pin(csrf::run(form)),
    },
    Row {
        id: "S14",
        what: "a signed cookie, tampered with in 10,000 ways",
        run: |form| Box::pin(cookies::run(form)),
    },
    Row {
        id: "S17",
        what: "control characters and secrets in all that a client sends, and the log",
        run: |form| Box::pin(log_lines::run(form)),
    },
    Row {
        id: "S18",
        what: "what a development server would answer",
        run: |form| Box::pin(development::run(form)),
    },
    Row {
        id: "S19",
        what: "more boundaries and levels than the limits allow",
        run: |form| Box::pin(caps::run(form)),
    },
    Row {
        id: "S20",
        what: "dependencies, licences, unsafe code",
        run: |form| Box::pin(supply::run(form)),
    },
    Row {
        id: "S21",
        what: "the default headers of every class of response",
        run: |form| Box::pin(headers::run(form)),
    },
];

/// What their child processes serve.
pub const APPS: &[App] = &[App {
    name: "log-lines",
    build: log_lines::app,
}];
