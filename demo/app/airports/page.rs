//! All destinations, and a search among them. The form is there at once; the table takes a count
//! of all flights.

use anabranch::prelude::*;
use serde::Deserialize;

use crate::app::href;
use crate::db::Db;
use crate::queries::{Destination, Origin, short_airport};
use crate::ui::number::{count, minutes, thousands};
use crate::ui::view;

const CELLS: [&str; 6] = ["code", "", "number", "number wide", "number wide", "number"];
const LOADING_ROWS: u8 = 12;

/// The query string: `/airports?q=boston`.
#[derive(Debug, Default, Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
}

impl Search {
    fn text(&self) -> &str {
        self.q.trim()
    }
}

/// A search is a page of its own, but none for search engines.
pub async fn head(Query(search): Query<Search>) -> Result<Head> {
    Ok(match search.text() {
        "" => Head::title("Airports – a year of flights from New York")
            .link("canonical", href::airports().as_ref()),
        text => Head::title(format!("Airports: {text}")).meta("robots", "noindex"),
    })
}

/// The form, and the table of what it finds.
pub async fn render(State(db): State<Db>, Query(search): Query<Search>) -> Result {
    let text = search.text().to_owned();
    let found = boundary(destinations(db, text.clone()))
        .name("destinations")
        .loading(loading)
        .error(|error| view::failed_block("table", error));
    Ok(html! {
        div.top {
            h1 { "Airports" }
            p {
                "Where the flights of 2013 went. They left from "
                @for (at, origin) in Origin::ALL.into_iter().enumerate() {
                    @if at > 0 { @if at == 2 { " and " } @else { ", " } }
                    a href=(href::airports::code(origin.code())) { (origin) }
                }
                "."
            }
        }
        search {
            form.find method="get" action=(href::airports()) {
                label.unseen for="q" { "Code or name of an airport" }
                input #q type="search" name="q" value=(text) placeholder="Boston, LAX, San …" autocomplete="off";
                button { "Search" }
            }
        }
        section.card aria-label="Destinations" { (found) }
    })
}

async fn destinations(db: Db, text: String) -> Result {
    let found = db.destinations(text.clone()).await?;
    let flights: u32 = found.iter().map(|destination| destination.flights).sum();
    let airports = count(found.len() as u32, "airport", "airports");
    Ok(html! {
        @if found.is_empty() {
            div.empty {
                p { strong { "No airport has “" (text) "” in its code or name." } }
                p {
                    "Try a part of the name, such as “San”, or see "
                    a href=(href::airports()) { "all airports" } "."
                }
            }
        } @else {
            p.about role="status" {
                (airports)
                @if !text.is_empty() { " with “" (text) "”" }
                ", " (count(flights, "flight", "flights"))
                @if !text.is_empty() { ". " a href=(href::airports()) { "Show all" } }
            }
            (table(&html! { @for destination in &found { (row(destination)) } }))
        }
    })
}

fn table(rows: &Markup) -> Markup {
    html! {
        table {
            caption.unseen { "Destinations, the one with the most flights first" }
            thead {
                tr {
                    th.code scope="col" { "Code" }
                    th scope="col" { "Airport" }
                    th.number scope="col" { "Flights" }
                    th.number.wide scope="col" { "Airlines" }
                    th.number.wide scope="col" { "Miles" }
                    th.number scope="col" { "Min late" }
                }
            }
            tbody { (rows) }
        }
    }
}

fn row(destination: &Destination) -> Markup {
    let name = short_airport(&destination.code, destination.name.as_deref());
    html! {
        tr {
            td.code { (destination.code) }
            th scope="row" { a href=(href::airports::code(&destination.code)) { (name) } }
            td.number { (thousands(destination.flights)) }
            td.number.wide { (destination.carriers) }
            td.number.wide { (thousands(destination.distance)) }
            td.number { (minutes(destination.mean_delay)) }
        }
    }
}

fn loading() -> Markup {
    html! {
        p.about { "Counting the flights…" }
        (table(&view::loading_rows(LOADING_ROWS, &CELLS, "the destinations")))
    }
}
