//! The year of a plane. An index answers most of it at once; only what compares the plane with
//! all others takes a count of all flights, and comes late.

use anabranch::prelude::*;

use crate::app::href;
use crate::db::Db;
use crate::parts::{calendar, months, routes, totals};
use crate::queries::{Model, Plane, Subset};
use crate::ui::card::card;
use crate::ui::chart::{self, Item};
use crate::ui::number::{count, minutes};
use crate::ui::view;

const ROUTES: u8 = 6;

fn plane(cache: &RequestCache, db: &Db, tailnum: &str) -> Shared<Plane> {
    let (db, tailnum) = (db.clone(), tailnum.to_owned());
    cache.share("plane", || async move {
        db.plane(tailnum).await?.or_not_found()
    })
}

/// The registration; an unknown one is not found.
pub async fn head(
    State(db): State<Db>,
    Path(tailnum): Path<String>,
    cache: RequestCache,
) -> Result<Head> {
    let plane = plane(&cache, &db, &tailnum).await?;
    Ok(Head::title(format!(
        "{} – a year of flights",
        plane.tailnum
    )))
}

/// What the plane is, and what it did.
pub async fn render(
    State(db): State<Db>,
    Path(tailnum): Path<String>,
    cache: RequestCache,
) -> Result {
    let plane = plane(&cache, &db, &tailnum).await?;
    let flights = Subset::Plane(tailnum);
    let year = db.totals(flights.clone()).await?;
    let days = db.days(flights.clone()).await?;
    let months = months::months(db.clone(), flights.clone()).await?;
    let routes = routes::routes(db.clone(), flights.clone(), ROUTES).await?;
    let owners = db.largest_carriers(flights, 3).await?;
    let age = plane.model.as_ref().and_then(Model::age);
    Ok(html! {
        div.top {
            h1 { (plane.tailnum) }
            p { (about(&plane)) }
            p {
                "Flown for "
                @for (at, owner) in owners.iter().enumerate() {
                    @if at > 0 { " and " }
                    a href=(href::airlines::carrier(&owner.code)) { (owner.name) }
                }
            }
        }
        div.grid {
            section aria-labelledby="totals" {
                h2 #totals .unseen { "The year in six numbers" }
                (totals::totals(&year, totals::Last::Miles))
            }
            (card(
                "calendar",
                "",
                "Its year, day by day",
                "Mean minutes late on each day on which it left New York",
                &calendar::frame(&calendar::calendar(&days)),
            ))
            (card("months", "most", "Month by month", "Flights in the timetable", &months))
            (card(
                "routes",
                "less",
                "Routes flown",
                "Those flown most, and how late they arrive",
                &routes::table("Routes of this plane", &routes),
            ))
            @if let Some(age) = age { (age_card(&db, age)) }
        }
    })
}

fn about(plane: &Plane) -> Markup {
    let Some(model) = &plane.model else {
        return html! { "The registry knows nothing of this plane." };
    };
    html! {
        (name(&model.manufacturer)) " " (model.name)
        @if let Some(year) = model.year { ", built in " (year) }
        ", " (count(model.seats.into(), "seat", "seats"))
        ", " (count(model.engines.into(), "engine", "engines"))
        " (" (model.engine.to_lowercase()) ")."
    }
}

/// The registry writes in capitals.
fn name(manufacturer: &str) -> String {
    let words = manufacturer.split(' ').map(|word| {
        let mut word = word.to_lowercase();
        if let Some(first) = word.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        word
    });
    words.collect::<Vec<_>>().join(" ")
}

fn age_card(db: &Db, age: u16) -> Markup {
    let part = boundary(among_others(db.clone(), age)).name("age");
    card(
        "age",
        "",
        "Its age among the others",
        "Planes seen in New York, by age in years",
        &html! { (view::block(part, "tall", "the ages of all planes")) },
    )
}

async fn among_others(db: Db, age: u16) -> Result {
    let groups = db.planes_by_age(Subset::All).await?;
    let its = groups.iter().find(|group| group.holds(age));
    let items: Vec<_> = groups
        .iter()
        .map(|group| Item {
            label: group.years(),
            value: group.planes.into(),
            detail: format!(
                "{} years: {}, {} minutes late",
                group.years(),
                count(group.planes, "plane", "planes"),
                minutes(group.mean_delay)
            ),
        })
        .collect();
    Ok(html! {
        div.tall {
            (chart::columns("Number of planes by age", &items))
            p.note {
                @if let Some(its) = its {
                    "This one was " strong { (count(age.into(), "year", "years")) } " old: one of "
                    (count(its.planes, "plane", "planes")) " of " (its.years()) " years."
                }
            }
        }
    })
}
