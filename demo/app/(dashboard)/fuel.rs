//! Card: the price of fuel. Its data is missing, so it always shows its error view.

use anabranch::prelude::*;

use super::Context;
use crate::ui::card;
use crate::ui::chart::{self, Item};
use crate::ui::view;

pub(super) fn card(at: &Context) -> Markup {
    let part = at.part("fuel prices", prices(at.clone()));
    let part = view::block(part, "tall", "the price of fuel").error(missing);
    card::card(
        "fuel",
        "less",
        "The price of fuel",
        "Dollars for a gallon of jet fuel, by month",
        &html! { (part) },
    )
}

async fn prices(at: Context) -> Result {
    let prices = at.db.fuel_prices().await?;
    let items: Vec<_> = prices
        .iter()
        .map(|price| Item {
            label: price.month.to_string(),
            value: price.dollars,
            detail: format!("{} dollars", price.dollars),
        })
        .collect();
    Ok(html! {
        div.tall { (chart::columns("Price of jet fuel by month", &items)) }
    })
}

fn missing(error: &Error) -> Markup {
    html! {
        div.tall.failed data-error=(error.id()) {
            p {
                strong { "No fuel prices." } " This card asks for the table " code { "fuel_prices" }
                ", which nycflights13 does not have. The query failed, and nothing else on the page"
                " did. The log has it under " code { (error.id()) } "."
            }
        }
    }
}
