//! A page that holds what cannot change threads across an `.await`.

use std::rc::Rc;

use anabranch_boundaries::Result;
use anabranch_router::app::Visit;
use maud::html;

async fn render() -> Result {
    let shared = Rc::new(1);
    std::future::ready(()).await;
    Ok(html! { (shared) })
}

async fn page(mut visit: Visit<()>) {
    let _ = visit.page(0, render).await;
}

fn main() {
    drop(page);
}
