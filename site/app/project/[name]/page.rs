//! What the project says of itself: how it is built, and how to take part.

use anabranch::prelude::*;

use crate::guide::Page;
use crate::ui::{article, article_head};

/// Title and address; what does not exist is a 404.
pub async fn head(Path(name): Path<String>) -> Result<Head> {
    Ok(article_head(page(&name)?))
}

/// The text.
pub async fn render(Path(name): Path<String>) -> Result {
    Ok(article(page(&name)?, &html! {}))
}

fn page(name: &str) -> Result<&'static Page> {
    Page::at(&format!("/project/{name}")).or_not_found()
}
