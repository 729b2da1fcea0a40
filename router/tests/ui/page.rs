//! A page with an argument that is no extractor.

use anabranch_boundaries::Result;
use anabranch_router::app::{Answer, Leaf, Visit};
use maud::html;

async fn render(id: u32) -> Result {
    Ok(html! { (id) })
}

async fn page(mut visit: Visit<()>) -> Answer {
    let page = visit.page(0, render).await?;
    visit.answer(page).await
}

fn main() {
    let _ = Leaf::new().page(page);
}
