//! One item, by its number in the URL.

use anabranch::prelude::*;

pub async fn head(Path(id): Path<u32>) -> Result<Head> {
    Ok(Head::title(format!("Item {id}")))
}

pub async fn render(Path(id): Path<u32>) -> Result {
    Ok(html! { p { "This is item " (id) "." } })
}
