//! An airport: what it is, and the tabs of its pages.
//!
//! Whether the airport exists is decided in `head`, before the first byte: a wrong code is a 404
//! also on the pages that stream behind a loading view.

use anabranch::prelude::*;

use crate::app::href;
use crate::db::Db;
use crate::queries::{Airport, Origin, Place};
use crate::ui::number::decimal;

/// The airport of this request, looked up once for its head, its layout and its page.
pub(crate) fn airport(cache: &RequestCache, db: &Db, code: &str) -> Shared<Airport> {
    let (db, code) = (db.clone(), code.to_owned());
    cache.share("airport", || async move {
        db.airport(code).await?.or_not_found()
    })
}

/// The name of the airport.
pub async fn head(
    State(db): State<Db>,
    Path(code): Path<String>,
    cache: RequestCache,
) -> Result<Head> {
    let airport = airport(&cache, &db, &code).await?;
    let name = airport.short_name();
    Ok(Head::title(format!("{name} – a year of flights")).meta(
        "description",
        &format!("The flights of 2013 between New York and {name}: how many, how late, and why."),
    ))
}

/// The heading and the tabs.
pub async fn render(
    children: Children,
    State(db): State<Db>,
    Path(code): Path<String>,
    cache: RequestCache,
    path: CurrentPath,
) -> Result {
    let airport = airport(&cache, &db, &code).await?;
    let tabs = [
        (href::airports::code(&code), "Overview"),
        (href::airports::code::days(&code), "Day by day"),
    ];
    Ok(html! {
        div.top {
            p.trail { a href=(href::airports()) { "Airports" } }
            h1 elementtiming="airport" { (airport.short_name()) " " small { (airport.code) } }
            p { (about(&airport)) }
            nav aria-label={ "Pages about " (airport.code) } {
                ul.choice {
                    @for (href, name) in &tabs {
                        li { a href=(href) aria-current=[path.is(href).then_some("page")] { (name) } }
                    }
                }
            }
        }
        (children.await?)
    })
}

fn about(airport: &Airport) -> Markup {
    let here = Origin::from_code(&airport.code).is_some();
    html! {
        @match &airport.place {
            Some(place) => (where_it_is(place)),
            None => "In the Caribbean; the data has no name for it. ",
        }
        @if here { "Every departure of 2013 from here." }
        @else { "Every flight of 2013 from New York to here." }
    }
}

fn where_it_is(place: &Place) -> Markup {
    let (latitude, longitude) = (place.latitude, place.longitude);
    let north = if latitude >= 0.0 { "N" } else { "S" };
    let east = if longitude >= 0.0 { "E" } else { "W" };
    html! {
        (decimal(latitude.abs(), 2)) "° " (north) ", " (decimal(longitude.abs(), 2)) "° " (east)
        ", " (decimal(f64::from(place.altitude), 0)) " feet above the sea"
        @if let Some(zone) = &place.time_zone { ", " (zone.replace('_', " ")) " time" }
        ". "
    }
}
