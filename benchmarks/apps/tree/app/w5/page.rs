//! A thousand siblings.

use anabranch::prelude::*;
use bench_workloads::pages::{paragraph, wait};
use bench_workloads::schedule::{PARAGRAPHS, yields, yields_of};

pub async fn head() -> Result<Head> {
    Ok(Head::title("w5"))
}

pub async fn render() -> Result {
    Ok(html! {
        @for i in 0..PARAGRAPHS {
            (boundary(late(i)).loading(wait()))
        }
    })
}

async fn late(i: usize) -> Result {
    yields(yields_of(i)).await;
    Ok(paragraph(i))
}
