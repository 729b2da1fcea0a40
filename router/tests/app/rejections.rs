//! What shows where the arguments of a page cannot be had from its request.

use std::collections::BTreeMap;
use std::future::Ready;

use anabranch_boundaries::Result;
use anabranch_engine::ResponseParts;
use anabranch_router::app::{Answer, Children, Leaf, Query, Request, Routes, Views, Visit};
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use http::request::Parts;
use http::{Method, StatusCode};
use maud::html;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::support::{get, request};

/// An extractor that lets nobody in.
struct Nobody;

impl<S: Sync> FromRequestParts<S> for Nobody {
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

/// An extractor that panics.
struct Panics;

impl<S: Sync> FromRequestParts<S> for Panics {
    type Rejection = Response;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Response> {
        panic!("on purpose")
    }
}

#[tokio::test]
async fn an_extractor_that_panics_is_a_failure() {
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

/// A middleware whose headers say what caches and browsers may do with a page.
async fn guard(parts: ResponseParts, request: Request) -> Result<Request> {
    parts.insert_header(CACHE_CONTROL, "no-store")?;
    Ok(request)
}

#[tokio::test]
async fn an_extractor_that_panics_shows_in_the_view_nearest_to_it() {
    async fn layout(children: Children) -> Result {
        Ok(html! { main { (children.await?) } })
    }
    async fn page(mut visit: Visit<()>) -> Answer {
        let layout = visit.layout(0, layout).await?;
        let page = visit
            .page(0, async |_: Panics| Ok(html! { "page" }))
            .await?;
        let views = Views {
            error: Some(|error| html! { "view " (error.status().as_u16()) }),
            not_found: None,
        };
        let content = visit.catch(views, page);
        let content = visit.loading(|| html! { "…" }, Views::default(), content);
        let content = visit.under(layout, content);
        visit.answer(content).await
    }
    let leaf = Leaf::new().middleware(0, guard).page(page);
    let app = Routes::new().route("/", leaf).into_router();
    let reply = get(&app, "/").await;
    assert_eq!(reply.status, 500);
    assert_eq!(reply.headers[CACHE_CONTROL], "no-store");
    assert_eq!(reply.text().await, "<main>view 500</main>");
}

/// A function that is not async may panic before there is a future to poll.
#[tokio::test]
async fn a_page_that_panics_before_it_runs_keeps_the_headers_of_its_middleware() {
    async fn page(mut visit: Visit<()>) -> Answer {
        let page = visit
            .page(0, || -> Ready<Result> { panic!("on purpose") })
            .await?;
        visit.answer(page).await
    }
    let leaf = Leaf::new().middleware(0, guard).page(page);
    let app = Routes::new().route("/", leaf).into_router();
    let reply = get(&app, "/").await;
    assert_eq!(reply.status, 500);
    assert_eq!(reply.headers[CACHE_CONTROL], "no-store");
}

#[derive(Debug, PartialEq, Deserialize)]
struct Find {
    #[serde(default)]
    q: String,
    near: Option<String>,
    min: Option<u32>,
    open: Option<bool>,
    #[serde(default)]
    tags: Vec<String>,
}

fn find() -> Find {
    Find {
        q: String::new(),
        near: None,
        min: None,
        open: None,
        tags: Vec::new(),
    }
}

/// What a page takes from a query.
async fn query<T: DeserializeOwned>(query: &str) -> Option<T> {
    let (mut parts, _) = request(Method::GET, &format!("/?{query}")).into_parts();
    let taken = Query::from_request_parts(&mut parts, &()).await;
    taken.ok().map(|Query(value)| value)
}

#[tokio::test]
async fn a_query_is_what_the_form_of_a_browser_sends() {
    let tags = |tags: &[&str]| tags.iter().map(ToString::to_string).collect();
    for (sent, expected) in [
        ("", find()),
        (
            "q=amazon&min=",
            Find {
                q: "amazon".to_owned(),
                ..find()
            },
        ),
        ("open=&min=", find()),
        (
            "open=on&min=+7",
            Find {
                open: Some(true),
                min: Some(7),
                ..find()
            },
        ),
        (
            "tags=a",
            Find {
                tags: tags(&["a"]),
                ..find()
            },
        ),
        (
            "tags=a&min=&tags=b",
            Find {
                tags: tags(&["a", "b"]),
                ..find()
            },
        ),
    ] {
        assert_eq!(query(sent).await, Some(expected), "{sent}");
    }
    for refused in ["min=x", "min=-1", "open=maybe", "min=&open=maybe"] {
        assert_eq!(query::<Find>(refused).await, None, "{refused}");
    }
}

#[tokio::test]
async fn what_axum_takes_from_a_query_stays_as_it_is() {
    // Whatever else is in it, an empty text is a text.
    for sent in ["near=", "near=&min=", "near=&tags=a&tags=b"] {
        let near = query::<Find>(sent).await.unwrap().near;
        assert_eq!(near.as_deref(), Some(""), "{sent}");
    }
    let pairs: Option<Vec<(String, String)>> = query("b=1&a=&b=2").await;
    let expected = [("b", "1"), ("a", ""), ("b", "2")];
    assert_eq!(
        pairs.unwrap(),
        expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    let many: Option<BTreeMap<String, u32>> = query(&"a=1&b=2&".repeat(1000)).await;
    assert_eq!(many.unwrap().len(), 2);
    assert_eq!(query::<Find>("q=%ff").await.unwrap().q, "\u{fffd}");
}

#[tokio::test]
async fn a_query_of_many_bad_values_ends() {
    let sent: String = (0..1000).map(|n| format!("f{n}=&")).collect();
    assert_eq!(query::<BTreeMap<String, u32>>(&sent).await, None);
    let none: Option<BTreeMap<String, Option<u32>>> = query("a=&b=&c=1").await;
    assert_eq!(none.unwrap().into_values().flatten().sum::<u32>(), 1);
}

#[tokio::test]
async fn the_reason_of_a_refused_query_names_its_fields() {
    let (mut parts, _) = request(Method::GET, "/?min=x&open=maybe").into_parts();
    let refused = Query::<Find>::from_request_parts(&mut parts, &()).await;
    let reason = refused.unwrap_err().text();
    assert_eq!(
        reason,
        "The query does not fit. min: Please enter a whole number. open: Please answer yes or no."
    );
}

#[tokio::test]
async fn a_query_that_does_not_parse_shows_in_the_views() {
    async fn page(mut visit: Visit<()>) -> Answer {
        type Numbers = Query<BTreeMap<String, u8>>;
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
