//! Truth: what looks complete is complete, and nothing but the page runs in it.

use crate::Row;
use crate::apps::App;

mod after_commit;
mod demo;
mod graphs;
mod hostile_content;
mod order;
mod places;
mod policy;
mod readers;
mod split;
mod xss;

/// The rows of this part.
pub const ROWS: &[Row] = &[
    Row {
        id: "N1",
        what: "random graphs over the socket: the assembled stream is the whole page and the model",
        run: |form| Box::pin(graphs::assembled(form)),
    },
    Row {
        id: "N2",
        what: "random graphs in Chromium, native swap and bridge: the model's page, nothing left over",
        run: |form| Box::pin(graphs::in_browsers(form)),
    },
    Row {
        id: "N3",
        what: "a response cut at every byte: HTML parser, and Chromium with native swap and bridge",
        run: |form| Box::pin(split::run(form)),
    },
    Row {
        id: "N4",
        what: "boundaries in table, tbody, tr, ul, select, p, svg, head and more; mistakes are named",
        run: |form| Box::pin(places::run(form)),
    },
    Row {
        id: "N5",
        what: "shell before any gate, each patch when its gate opens, in every order",
        run: |form| Box::pin(order::run(form)),
    },
    Row {
        id: "N6",
        what: "hostile content beside a boundary: as text, attribute and safe fragment",
        run: |form| Box::pin(hostile_content::run(form)),
    },
    Row {
        id: "N8",
        what: "scripts off, bots, HTTP/1.0, HEAD: content and status",
        run: |form| Box::pin(readers::run(form)),
    },
    Row {
        id: "N9",
        what: "not_found and redirect in a boundary after the commit, on the wire and in Chromium",
        run: |form| Box::pin(after_commit::run(form)),
    },
    Row {
        id: "N11",
        what: "the demo's pages before and after their swaps: HTML checker, axe where installed, own rules",
        run: |form| Box::pin(demo::run(form)),
    },
    Row {
        id: "S11",
        what: "vectors of script in every sink, in Chromium: escaped, and behind the default policy",
        run: |form| Box::pin(xss::run(form)),
    },
    Row {
        id: "S12",
        what: "policies: default, by hash, by nonce, external bridge, no script; in Chromium",
        run: |form| Box::pin(policy::run(form)),
    },
];

/// What their child processes serve.
pub const APPS: &[App] = &[App {
    name: "places",
    build: |control| places::app(control.gates),
}];
