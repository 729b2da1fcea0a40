//! A layout without children, and one with an argument that is no extractor.

use anabranch_boundaries::Result;
use anabranch_router::app::{Children, Visit};
use maud::html;

async fn childless() -> Result {
    Ok(html! {})
}

async fn with_number(children: Children, _: u32) -> Result {
    children.await
}

async fn page(mut visit: Visit<()>) {
    let _ = visit.layout(0, childless).await;
    let _ = visit.layout(0, with_number).await;
}

fn main() {
    drop(page);
}
