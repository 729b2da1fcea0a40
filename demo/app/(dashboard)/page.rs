//! The dashboard: a shell with all headings, and a boundary for each card's content.
//!
//! # Layout
//! * here: the page with its cards
//! * `days`, `routes`, `planes`, `fuel`: cards that no other page has
//! * `timeline`: when the parts were done

mod days;
mod fuel;
mod planes;
mod routes;
mod timeline;

use anabranch::prelude::*;
use serde::Deserialize;

use crate::app::href;
use crate::db::Db;
use crate::parts::{self, carriers, totals};
use crate::queries::{Origin, Subset};
use crate::ui::card::card;
use crate::ui::number::decimal;
use crate::ui::view;
use timeline::Timeline;

/// How many airlines are compared.
const CARRIERS: u8 = 9;

/// The query string: `/?origin=JFK` is the page for one airport.
#[derive(Debug, Deserialize)]
pub struct Filter {
    origin: Option<String>,
}

impl Filter {
    fn origin(&self) -> Result<Option<Origin>> {
        match self.origin.as_deref() {
            None => Ok(None),
            Some(code) => Origin::from_code(code).map(Some).or_not_found(),
        }
    }
}

/// What every card works with.
#[derive(Clone)]
struct Context {
    db: Db,
    origin: Option<Origin>,
    timeline: Timeline,
}

impl Context {
    /// A boundary whose time the last line of the page knows.
    fn part<F>(&self, name: &'static str, content: F) -> Boundary
    where
        F: Future<Output = Result> + Send + 'static,
    {
        boundary(self.timeline.track(name, content)).name(name)
    }

    fn subset(&self) -> Subset {
        self.origin.into()
    }
}

/// The page is about one airport, or about all three.
pub async fn head(Query(filter): Query<Filter>) -> Result<Head> {
    Ok(Head::title(title(filter.origin()?)).meta(
        "description",
        "Every departure from New York’s three airports in 2013, in one dashboard.",
    ))
}

/// The cards, all of which come late.
pub async fn render(State(db): State<Db>, Query(filter): Query<Filter>) -> Result {
    let origin = filter.origin()?;
    let timeline = Timeline::start();
    let at = Context {
        db,
        origin,
        timeline,
    };
    let page = html! {
        (top(origin))
        (cards(&at))
        (boundary(times(at.timeline.clone())).name("times").loading(html! {
            p.times aria-busy="true" { "Still counting…" }
        }))
    };
    at.timeline.shell_done();
    Ok(page)
}

/// The name of the page for all airports, or for one.
fn title(origin: Option<Origin>) -> String {
    let from = origin.map_or("New York", Origin::name);
    format!("A year of flights from {from}")
}

fn top(origin: Option<Origin>) -> Markup {
    html! {
        div.top {
            h1 { (title(origin)) }
            p {
                "Every departure of 2013, counted anew for each visit. This page was sent before its"
                " first query was answered; each card followed as soon as its own was."
            }
            nav aria-label="Airport" {
                ul.choice {
                    li {
                        a href=(href::index()) aria-current=[origin.is_none().then_some("page")] { "All" }
                    }
                    @for one in Origin::ALL {
                        @let current = (origin == Some(one)).then_some("page");
                        li {
                            a href=(href::index().query("origin", one.code())) aria-current=[current] { (one) }
                        }
                    }
                }
            }
        }
    }
}

fn cards(at: &Context) -> Markup {
    let days = share({
        let at = at.clone();
        async move { at.db.days(at.subset()).await }
    });
    html! {
        div.grid {
            (totals_card(at))
            (hours_card(at))
            (weather_card(at))
            (days::calendar_card(at, &days))
            (days::worst_card(at, &days))
            (carriers_card(at))
            (routes::card(at))
            (planes::card(at))
            (fuel::card(at))
        }
    }
}

fn totals_card(at: &Context) -> Markup {
    let year = {
        let at = at.clone();
        async move {
            let year = at.db.totals(at.subset()).await?;
            Ok(totals::totals(&year, totals::Last::Reach))
        }
    };
    html! {
        section aria-labelledby="totals" {
            h2 #totals .unseen { "The year in six numbers" }
            (totals::views(at.part("totals", year), totals::Last::Reach))
        }
    }
}

fn hours_card(at: &Context) -> Markup {
    let hours = parts::hours::hours(at.db.clone(), at.subset());
    let part = at.part("delays by hour", hours);
    card(
        "hours",
        "most",
        "Delays grow with the day",
        "Mean minutes late, by planned hour of departure",
        &html! { (view::block(part, "tall", "the delays by hour")) },
    )
}

fn weather_card(at: &Context) -> Markup {
    let skies = parts::skies::skies(at.db.clone(), at.subset());
    let part = at.part("weather against delay", skies);
    card(
        "weather",
        "less",
        "Weather against delay",
        "Mean minutes late, by the weather of that hour",
        &html! { (view::block(part, "tall", "the weather")) },
    )
}

fn carriers_card(at: &Context) -> Markup {
    let rows = carriers::carriers(at.db.clone(), at.subset(), CARRIERS);
    let part = view::rows(
        at.part("carriers", rows),
        CARRIERS,
        &carriers::CELLS,
        "the carriers",
    );
    card(
        "carriers",
        "most",
        "Carriers compared",
        "The nine with the most flights; on time is less than 15 minutes late",
        &carriers::table("Punctuality of the largest carriers", &html! { (part) }),
    )
}

async fn times(timeline: Timeline) -> Result {
    let times = timeline.finished().await;
    let (last, last_done) = times.last;
    let milliseconds = |duration: std::time::Duration| decimal(duration.as_secs_f64() * 1e3, 1);
    Ok(html! {
        p.times {
            "The shell took the server " (milliseconds(times.shell.unwrap_or_default()))
            " ms. The last of " (times.parts) " boundaries, " (last) ", was done after "
            (milliseconds(last_done)) " ms."
        }
    })
}
