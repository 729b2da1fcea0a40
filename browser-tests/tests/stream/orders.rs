//! A page in every order in which its boundaries may complete.

use anabranch::prelude::*;
use anabranch_paint::stream::{StreamTest, in_every_order};
use axum::Router;
use axum::routing::get;

use crate::messages::message;
use crate::shop::ask;

#[tokio::test(start_paused = true)]
async fn every_order_of_a_page_ends_up_the_same() {
    let orders = in_every_order(|| ask("/")).await;
    // Four in a row have 24 orders; "latest" is inside of "activity", so half of them remain.
    assert_eq!(orders.tried.len(), 12);
    assert!(orders.all && orders.dom.contains("Revenue: 1024"));
    let mut different = orders.tried.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), 12);
    for order in &orders.tried {
        let at = |name| order.iter().position(|other| other == name).unwrap();
        assert!(at("activity") < at("latest"), "{order:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn of_many_orders_it_tries_a_sample_that_is_always_the_same() {
    let app = || Router::new().route("/", get(page(six)));
    let orders = in_every_order(|| StreamTest::get(app(), "/")).await;
    assert_eq!((orders.tried.len(), orders.all), (120, false));
    let again = in_every_order(|| StreamTest::get(app(), "/")).await;
    assert_eq!(orders.tried, again.tried);
    let mut first: Vec<_> = orders.tried.iter().map(|order| &order[0]).collect();
    first.sort();
    first.dedup();
    assert_eq!(first.len(), 6, "any of them comes first");
}

async fn six() -> Result {
    let part = |n: u32| async move { Ok(html! { li { (n) } }) };
    Ok(html! { ul { @for n in 0..6 { (boundary(part(n)).name(n.to_string())) } } })
}

#[tokio::test(start_paused = true)]
async fn a_page_that_depends_on_the_order_is_found_out() {
    let app = || Router::new().route("/", get(page(racing)));
    let message = message(in_every_order(|| StreamTest::get(app(), "/"))).await;
    assert!(
        message.starts_with(r#"in the order ["b", "a"] the page ends up different"#),
        "{message}"
    );
    assert!(message.contains("\"1\""), "{message}");
    assert!(message.contains("sent as the patch 1"), "{message}");
}

/// Whoever comes first takes the first number.
async fn racing() -> Result {
    let places = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(1));
    let take = |name: &'static str| {
        let places = places.clone();
        let place = async move {
            let place = places.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            Ok(html! { li { (place) } })
        };
        boundary(place).name(name)
    };
    Ok(html! { body { ol { (take("a")) (take("b")) } } })
}
