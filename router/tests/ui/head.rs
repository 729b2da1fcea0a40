//! A head that returns markup.

use anabranch_boundaries::Result;
use anabranch_router::app::Visit;
use maud::html;

async fn head() -> Result {
    Ok(html! { title { "x" } })
}

async fn page(mut visit: Visit<()>) {
    let _ = visit.head(0, head).await;
}

fn main() {
    drop(page);
}
