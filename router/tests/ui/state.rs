//! A page that takes a state which the app has not.

use anabranch_boundaries::Result;
use anabranch_router::app::{Answer, State, Visit};
use maud::html;

#[derive(Clone)]
struct Db;

async fn render(State(_): State<Db>) -> Result {
    Ok(html! {})
}

async fn page(mut visit: Visit<()>) -> Answer {
    let content = visit.page(0, render).await?;
    visit.answer(content).await
}

fn main() {
    let _ = page;
}
