//! What shows where the arguments of a page cannot be had from its request.

use anabranch_boundaries::Result;
use anabranch_router::app::{Answer, Leaf, Query, Routes, Views, Visit};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use maud::html;

use crate::support::get;

/// An extractor that lets nobody in.
struct Nobody;

impl<S: Sync> axum::extract::FromRequestParts<S> for Nobody {
    type Rejection = Response;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Response> {
        Err((StatusCode::IM_A_TEAPOT, "nobody").into_response())
    }
}

#[tokio::test]
async fn a_rejection_is_a_real_status_also_behind_a_loading_view() {
    async fn page(mut visit: Visit<()>) -> Answer {
        let page = visit
            .page(0, async |_: Nobody| Ok(html! { "page" }))
            .await?;
        let content = visit.loading(|| html! { "…" }, Views::default(), page);
        visit.answer(content).await
    }
    let app = Routes::new()
        .route("/", Leaf::new().page(page))
        .into_router();
    let reply = get(&app, "/").await;
    assert_eq!(reply.status, 418);
    assert_eq!(reply.text().await, "nobody");
}

#[tokio::test]
async fn an_extractor_that_panics_is_a_failure() {
    struct Panics;
    impl<S: Sync> axum::extract::FromRequestParts<S> for Panics {
        type Rejection = Response;

        async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Response> {
            panic!("on purpose")
        }
    }
    async fn page(mut visit: Visit<()>) -> Answer {
        let page = visit
            .page(0, async |_: Panics| Ok(html! { "page" }))
            .await?;
        visit.answer(page).await
    }
    let app = Routes::new()
        .route("/", Leaf::new().page(page))
        .into_router();
    let reply = get(&app, "/").await;
    assert_eq!(reply.status, 500);
    assert!(reply.text().await.contains("data-error"));
}

#[tokio::test]
async fn a_query_that_does_not_parse_shows_in_the_views() {
    async fn page(mut visit: Visit<()>) -> Answer {
        type Numbers = Query<std::collections::BTreeMap<String, u8>>;
        let page = visit.page(0, async |Query(numbers): Numbers| {
            Ok(html! { (numbers.len()) })
        });
        let page = page.await?;
        let views = Views {
            error: Some(|error| html! { "error " (error.status().as_u16()) }),
            not_found: None,
        };
        let content = visit.loading(|| html! { "…" }, views, page);
        visit.answer(content).await
    }
    let app = Routes::new()
        .route("/", Leaf::new().page(page))
        .into_router();
    assert_eq!(get(&app, "/?a=1&b=2").await.text().await, "2");
    let reply = get(&app, "/?a=x").await;
    assert_eq!(reply.status, 400);
    assert_eq!(reply.text().await, "error 400");
}
