//! What runs before pages and routes, and what it may do.

use std::sync::{Arc, Mutex};

use anabranch_boundaries::{Error, Result, not_found, redirect};
use anabranch_engine::ResponseParts;
use anabranch_router::app::{
    Answer, Children, CurrentPath, Leaf, Path, Redirect, Request, Routes, Views, Visit,
};
use axum::extract::{Extension, State};
use axum::response::{IntoResponse, Response};
use http::header::SET_COOKIE;
use http::{Method, StatusCode};
use maud::html;

use crate::support::{get, read, request, send};

type Log = Arc<Mutex<Vec<String>>>;

#[derive(Clone)]
struct User(&'static str);

async fn first(State(log): State<Log>, path: CurrentPath, mut request: Request) -> Request {
    log.lock().unwrap().push(format!("first {path}"));
    request.extensions_mut().insert(User("ann"));
    request
}

async fn second(
    State(log): State<Log>,
    Extension(user): Extension<User>,
    Path(id): Path<u8>,
    parts: ResponseParts,
    request: Request,
) -> Result<Request> {
    log.lock().unwrap().push(format!("second {} {id}", user.0));
    parts.add_cookie(("seen", "yes"))?;
    if id == 0 {
        return Err(redirect("/login"));
    }
    Ok(request)
}

async fn page(mut visit: Visit<Log>) -> Answer {
    async fn layout(children: Children, Extension(user): Extension<User>) -> Result {
        Ok(html! { (user.0) "(" (children.await?) ")" })
    }
    async fn render(State(log): State<Log>, Extension(user): Extension<User>) -> Result {
        log.lock().unwrap().push("page".to_owned());
        Ok(html! { (user.0) })
    }
    let layout = visit.layout(0, layout).await?;
    let page = visit.page(1, render).await?;
    let content = visit.loading(|| html! { "…" }, Views::default(), page);
    let content = visit.under(layout, content);
    visit.answer(content).await
}

fn app(log: &Log) -> axum::Router {
    let leaf = || Leaf::new().middleware(0, first).middleware(1, second);
    let route = |Extension(user): Extension<User>, parts: ResponseParts| async move {
        parts.add_cookie(("route", "1")).unwrap();
        user.0
    };
    let routes = Routes::new()
        .route("/pages/[id]", leaf().page(page))
        .route("/routes/[id]", leaf().get(1, route));
    routes.into_router().with_state(log.clone())
}

fn cookies(headers: &http::HeaderMap) -> Vec<&str> {
    let cookies = headers.get_all(SET_COOKIE).into_iter();
    cookies.map(|cookie| cookie.to_str().unwrap()).collect()
}

#[tokio::test]
async fn it_runs_once_each_from_the_root_before_anything_renders() {
    let log = Log::default();
    let app = app(&log);
    let reply = get(&app, "/pages/7").await;
    assert_eq!(cookies(&reply.headers), ["seen=yes"]);
    assert_eq!(reply.text().await, "ann(ann)");
    let seen = std::mem::take(&mut *log.lock().unwrap());
    assert_eq!(seen, ["first /pages/7", "second ann 7", "page"]);
}

#[tokio::test]
async fn what_it_sets_goes_out_with_routes_too() {
    let log = Log::default();
    let reply = get(&app(&log), "/routes/7").await;
    assert_eq!(cookies(&reply.headers), ["seen=yes", "route=1"]);
    assert_eq!(reply.text().await, "ann");
}

#[tokio::test]
async fn a_redirect_is_real_on_a_page_that_streams() {
    let log = Log::default();
    for path in ["/pages/0", "/routes/0"] {
        let reply = get(&app(&log), path).await;
        assert_eq!(
            (reply.status.as_u16(), reply.location()),
            (303, Some("/login"))
        );
        assert_eq!(cookies(&reply.headers), ["seen=yes"]);
    }
    assert!(!log.lock().unwrap().contains(&"page".to_owned()));
}

#[tokio::test]
async fn it_runs_before_a_method_is_refused() {
    let log = Log::default();
    let reply = send(&app(&log), request(Method::DELETE, "/routes/7")).await;
    assert_eq!(reply.status, 405);
    assert_eq!(log.lock().unwrap().len(), 2);
}

/// A leaf behind a middleware that refuses.
fn refusing<X>(refuse: fn() -> X) -> axum::Router
where
    X: anabranch_router::app::IntoRefusal + Send + 'static,
{
    let middleware = move |_: Request| async move { Err::<Request, X>(refuse()) };
    let leaf = || Leaf::new().middleware_below(above, 0, middleware);
    let page = crate::support::says("page");
    Routes::new()
        .route("/x", leaf().page(page))
        .route("/y", leaf().get(0, async || "route"))
        .into_router()
}

/// The view above, in its layout.
async fn above(mut visit: Visit<()>) -> Answer {
    async fn layout(children: Children, path: CurrentPath) -> Result {
        Ok(html! { (path) "(" (children.await?) ")" })
    }
    let layout = visit.layout(0, layout).await?;
    let content = visit.unmatched();
    let views = Views {
        error: Some(|error| html! { "error " (error.status().as_u16()) }),
        not_found: Some(|| html! { "nothing" }),
    };
    let content = visit.catch(views, content);
    let content = visit.under(layout, content);
    visit.answer(content).await
}

#[tokio::test]
async fn it_may_refuse_in_many_ways() {
    let both = async |app: axum::Router, status: u16, x: &str, y: &str| {
        assert_eq!(read(&app, "/x").await, (status, x.to_owned()));
        assert_eq!(read(&app, "/y").await, (status, y.to_owned()));
    };
    both(refusing(|| StatusCode::UNAUTHORIZED), 401, "", "").await;
    both(refusing(|| Redirect::to("/login")), 303, "", "").await;
    let response = || -> Response { (StatusCode::GONE, "gone").into_response() };
    both(refusing(response), 410, "gone", "gone").await;
    both(refusing(not_found), 404, "/x(nothing)", "/y(nothing)").await;
    let forbidden = || Error::from_status(StatusCode::FORBIDDEN);
    both(refusing(forbidden), 403, "/x(error 403)", "/y(error 403)").await;
    let route_error = || anabranch_router::RouteError::from(Error::msg("broken"));
    both(refusing(route_error), 500, "/x(error 500)", "/y(error 500)").await;
}

#[tokio::test]
async fn without_a_view_above_it_is_a_plain_page() {
    let refuses = |_: Request| async { Err::<Request, _>(not_found()) };
    let leaf = Leaf::<()>::new()
        .middleware(0, refuses)
        .get(0, async || "route");
    let app = Routes::new().route("/", leaf).into_router();
    let (status, text) = read(&app, "/").await;
    assert_eq!(status, 404);
    assert!(text.contains("Page not found"), "{text}");
}

#[tokio::test]
async fn a_request_made_anew_is_still_that_of_its_route() {
    async fn sets(parts: ResponseParts, request: Request) -> Result<Request> {
        parts.add_cookie(("outer", "1"))?;
        Ok(request)
    }
    async fn anew(request: Request) -> Request {
        let mut anew = Request::new(axum::body::Body::empty());
        *anew.uri_mut() = request.uri().clone();
        anew
    }
    async fn page(mut visit: Visit<()>) -> Answer {
        let page = visit
            .page(1, async |Path(id): Path<u8>| Ok(html! { (id) }))
            .await?;
        visit.answer(page).await
    }
    let leaf = || Leaf::new().middleware(0, sets).middleware(0, anew);
    let route = async |Path(id): Path<u8>| id.to_string();
    let app = Routes::new()
        .route("/pages/[id]", leaf().page(page))
        .route("/routes/[id]", leaf().get(1, route))
        .into_router();
    for path in ["/pages/7", "/routes/7"] {
        let reply = get(&app, path).await;
        assert_eq!(cookies(&reply.headers), ["outer=1"], "{path}");
        assert_eq!(reply.text().await, "7", "{path}");
    }
}

#[tokio::test]
async fn what_fails_first_is_what_shows() {
    async fn moved_head() -> Result<anabranch_boundaries::Head> {
        Err(redirect("/elsewhere"))
    }
    async fn above(mut visit: Visit<()>) -> Answer {
        let head = visit.head(0, moved_head).await?;
        let content = visit.unmatched();
        let views = Views {
            error: Some(|error| html! { "error " (error.status().as_u16()) }),
            not_found: None,
        };
        let content = visit.catch(views, content);
        let content = visit.headed(head, content);
        visit.answer(content).await
    }
    let fails = async |_: Request| Err::<Request, _>(Error::msg("broken"));
    let leaf = Leaf::new()
        .middleware_below(above, 0, fails)
        .get(0, async || "route");
    let app = Routes::new().route("/", leaf).into_router();
    assert_eq!(read(&app, "/").await, (500, "error 500".to_owned()));
}
