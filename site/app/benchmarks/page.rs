//! What was measured, from the file that says how.

use anabranch::prelude::*;

use crate::app::href;
use crate::guide::{CHARTS, Page};
use crate::ui::{article, article_head};

/// Title and address.
pub async fn head() -> Result<Head> {
    Ok(article_head(page()?))
}

/// The text with its tables, and the charts that lie beside it.
pub async fn render() -> Result {
    let charts = html! {
        @for chart in CHARTS {
            p {
                img src=(chart.url) width=(chart.width) height=(chart.height)
                    alt="The results as a chart" decoding="async";
            }
        }
    };
    Ok(article(page()?, &charts))
}

fn page() -> Result<&'static Page> {
    Page::at(href::benchmarks().as_ref()).or_not_found()
}
