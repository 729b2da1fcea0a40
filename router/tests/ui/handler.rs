//! A function that `page` makes no handler of, outside of a tree.

use std::rc::Rc;

use anabranch_boundaries::Result;
use anabranch_router::{PageHandler, page};
use maud::{Markup, html};

async fn infallible() -> Markup {
    html! {}
}

async fn not_send() -> Result {
    let shared = Rc::new(1);
    std::future::ready(()).await;
    Ok(html! { (shared) })
}

fn main() {
    let _: PageHandler<_, _, ()> = page(infallible);
    let _: PageHandler<_, _, ()> = page(not_send);
}
