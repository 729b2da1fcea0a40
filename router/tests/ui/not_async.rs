//! A page that is no async function.

use anabranch_boundaries::Result;
use anabranch_router::app::Visit;
use maud::html;

fn render() -> Result {
    Ok(html! {})
}

async fn page(mut visit: Visit<()>) {
    let _ = visit.page(0, render).await;
}

fn main() {
    drop(page);
}
