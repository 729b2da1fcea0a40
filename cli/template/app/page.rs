//! `/`: the rivers, each with its flow. They come in two steps, in one response.

use anabranch::prelude::*;

use crate::app::href;
use crate::rivers::{self, River};

pub async fn render() -> Result {
    Ok(html! {
        h1 { "Rivers that part and meet again" }
        p.lead { "This page left the server before its numbers were known. Each follows when it is there." }
        (boundary(list()).name("rivers").loading(skeleton()))
    })
}

async fn list() -> Result {
    let rivers = rivers::all().await;
    Ok(html! {
        ul.cards {
            @for river in rivers {
                li {
                    h2 { a href=(href::rivers::name(river.slug)) { (river.name) } }
                    // A boundary inside of a boundary: none waits for another.
                    (boundary(flow(river)).name("flow").loading(html! { p.wait { "Measuring…" } }))
                }
            }
        }
    })
}

async fn flow(river: River) -> Result {
    let flow = rivers::flow(river).await;
    Ok(html! { p { strong { (flow) } " m³/s" } })
}

fn skeleton() -> Markup {
    html! {
        ul.cards aria-busy="true" {
            @for _ in 0..3 { li.wait { h2 { "…" } } }
        }
    }
}
