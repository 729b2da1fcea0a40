//! Card: the busiest routes. Each airport is a boundary of its own, all in one `<tbody>`.

use anabranch::prelude::*;

use super::Context;
use crate::parts::routes;
use crate::queries::{Origin, Subset};
use crate::ui::{card, view};

/// Rows of the table, shared by the airports that are shown.
const ROWS: u8 = 9;

pub(super) fn card(at: &Context) -> Markup {
    let (origins, rows) = match &at.origin {
        Some(origin) => (std::slice::from_ref(origin), ROWS),
        None => (&Origin::ALL[..], ROWS / 3),
    };
    let body = html! {
        @for &origin in origins {
            @let routes = routes::routes(at.db.clone(), Subset::From(origin), rows);
            (view::rows(at.part(part_name(origin), routes), rows, &routes::CELLS, "routes"))
        }
    };
    card::card(
        "routes",
        "less",
        "The busiest routes",
        "And how late they arrive",
        &routes::table("Routes with the most flights", &body),
    )
}

fn part_name(origin: Origin) -> &'static str {
    match origin {
        Origin::Jfk => "routes from Kennedy",
        Origin::Lga => "routes from LaGuardia",
        _ => "routes from Newark",
    }
}
