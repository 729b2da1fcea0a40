//! A page of an `app/` tree, behind a loading view.

use anabranch::app::{Answer, Leaf, Routes, Views, Visit};
use anabranch::prelude::*;
use anabranch_paint::{Result as Outcome, Site, Swap};

/// What is generated for a `page.rs` beside a `loading.rs`.
async fn leaf(mut visit: Visit<()>) -> Answer {
    let page = visit.page(0, render).await?;
    let loading = || html! { p { "Looking for it…" } };
    let layout_0 = visit.layout(0, layout).await?;
    let content = visit
        .at("app/loading.rs")
        .loading(loading, Views::default(), page);
    let content = visit.under(layout_0, content);
    visit.answer(content).await
}

async fn layout(children: Children) -> Result {
    Ok(html! { body { (children.await?) } })
}

async fn render() -> Result {
    let comments = boundary(comments()).name("comments");
    Ok(html! {
        h1 { "An issue" }
        (comments.loading(html! { p { "Looking for comments…" } }))
    })
}

async fn comments() -> Result {
    Ok(html! { p { "No comments." } })
}

/// The page for bots has no boundary there, so nothing in it is marked as its content.
#[test]
fn a_page_behind_a_loading_view_becomes_the_one_for_bots() -> Outcome {
    for swap in [Swap::Native, Swap::Bridge] {
        let routes = Routes::new().route("/", Leaf::new().page(leaf));
        let site = Site::start(routes.into_router())?;
        let page = site.open_with(swap, "/")?;
        page.shows_loading("app/loading.rs");
        page.release("app/loading.rs");
        page.painted("app/loading.rs").before("comments");
        page.release("comments");
        page.final_dom_equals_whole_mode();
    }
    Ok(())
}
