//! The dashboard: a shell with all headings, and a boundary for each card's content.
//!
//! # Layout
//! * here: the page, its head, navigation and footer
//! * one file for each card: its frame, which is part of the shell, and the component inside
//! * `view`: loading and error views; `chart`: SVG; `number`, `date`: texts
//! * `timeline`: when the parts were done

mod carriers;
mod chart;
mod date;
mod days;
mod fuel;
mod hours;
mod number;
mod planes;
mod routes;
mod timeline;
mod totals;
mod view;
mod weather;

use anabranch::prelude::*;
use axum::extract::{Query, State};

use serde::Deserialize;

use crate::db::Db;
use crate::queries::Origin;
use number::decimal;
use timeline::Timeline;

/// The style of the page, which stands in its head: no request stands between it and first paint.
pub(crate) const STYLE: &str = include_str!("dashboard/style.css");

/// The query string of the dashboard.
#[derive(Debug, Deserialize)]
pub(crate) struct Filter {
    origin: Option<String>,
}

/// What every card works with.
#[derive(Clone)]
struct Context {
    db: Db,
    origin: Option<Origin>,
    timeline: Timeline,
}

impl Context {
    /// A boundary whose time the footer knows.
    fn part<F>(&self, name: &'static str, content: F) -> Boundary
    where
        F: Future<Output = Result> + Send + 'static,
    {
        boundary(self.timeline.track(name, content)).name(name)
    }
}

/// The page: `/`, or `/?origin=JFK` for one airport.
pub(crate) async fn home(State(db): State<Db>, Query(filter): Query<Filter>) -> Result {
    let origin = match filter.origin.as_deref() {
        None => None,
        Some(code) => Some(Origin::from_code(code).ok_or_else(not_found)?),
    };
    let timeline = Timeline::start();
    let at = Context {
        db,
        origin,
        timeline,
    };
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head(&title(origin)))
            body {
                a.skip href="#main" { "Skip to the figures" }
                (top(origin))
                main #main { (cards(&at)) }
                (foot(&at.timeline))
            }
        }
    };
    at.timeline.shell_done();
    Ok(page)
}

/// The name of the page for all airports, or for one.
fn title(origin: Option<Origin>) -> String {
    let from = origin.map_or("New York", Origin::name);
    format!("A year of flights from {from}")
}

fn head(title: &str) -> Markup {
    let description = "Every departure from New York’s three airports in 2013, in one dashboard.";
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            (Head::title(title).meta("description", description))
            link rel="icon" href="/icon.svg" type="image/svg+xml";
            style { (PreEscaped(STYLE)) }
        }
    }
}

fn top(origin: Option<Origin>) -> Markup {
    html! {
        header.top {
            h1 { (title(origin)) }
            p {
                "Every departure of 2013, counted anew for each visit. This page was sent before its"
                " first query was answered; each card followed as soon as its own was."
            }
            nav aria-label="Airport" {
                ul.airports {
                    li { a href="/" aria-current=[origin.is_none().then_some("page")] { "All" } }
                    @for one in Origin::ALL {
                        @let current = (origin == Some(one)).then_some("page");
                        li { a href={ "/?origin=" (one.code()) } aria-current=[current] { (one) } }
                    }
                }
            }
        }
    }
}

/// Any other path.
pub(crate) async fn nowhere() -> Result {
    Err(not_found())
}

/// The page in place of one that failed before its first byte was sent.
pub(crate) fn error_page(error: &Error) -> Markup {
    let title = if error.is_not_found() {
        "Nothing departs from here"
    } else {
        "This page could not be made"
    };
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(title))
            body {
                main.top {
                    h1 { (title) }
                    p {
                        @if !error.is_not_found() { "The log knows why, under " code { (error.id()) } ". " }
                        a href="/" { "To the year of all three airports" }
                    }
                }
            }
        }
    }
}

fn cards(at: &Context) -> Markup {
    let days = share({
        let at = at.clone();
        async move { at.db.days(at.origin).await }
    });
    html! {
        div.grid {
            (totals::card(at))
            (hours::card(at))
            (weather::card(at))
            (days::calendar_card(at, &days))
            (days::worst_card(at, &days))
            (carriers::card(at))
            (routes::card(at))
            (planes::card(at))
            (fuel::card(at))
        }
    }
}

fn foot(timeline: &Timeline) -> Markup {
    html! {
        footer.foot {
            (boundary(times(timeline.clone())).name("times").loading(html! {
                p.times aria-busy="true" { "Still counting…" }
            }))
            p {
                "Data: "
                a href="https://github.com/tidyverse/nycflights13" { "nycflights13" }
                ", from the US Bureau of Transportation Statistics, the FAA and others, CC0."
                " Streamed by Anabranch."
            }
        }
    }
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
