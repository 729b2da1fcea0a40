//! What the last run of the benchmarks has written, where there was one.

use anabranch::prelude::*;

use crate::app::href;
use crate::guide::Page;
use crate::ui::{article, article_head};

/// Title and address.
pub async fn head() -> Result<Head> {
    Ok(article_head(page()?))
}

/// The text.
pub async fn render() -> Result {
    Ok(article(page()?, &html! {}))
}

fn page() -> Result<&'static Page> {
    Page::at(href::benchmarks::results().as_ref()).or_not_found()
}
