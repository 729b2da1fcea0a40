//! A chapter of the guide.

use anabranch::prelude::*;

use crate::guide::Page;
use crate::ui::{article, article_head};

/// Title and address; what does not exist is a 404.
pub async fn head(Path(chapter): Path<String>) -> Result<Head> {
    Ok(article_head(page(&chapter)?))
}

/// The text.
pub async fn render(Path(chapter): Path<String>) -> Result {
    Ok(article(page(&chapter)?, &html! {}))
}

fn page(chapter: &str) -> Result<&'static Page> {
    Page::at(&format!("/guide/{chapter}")).or_not_found()
}
