//! Which leaf answers a request, and with which methods.

use anabranch_boundaries::Result;
use anabranch_engine::Settings;
use anabranch_router::app::{
    Answer, Children, CurrentPath, Leaf, MatchedRoute, Public, Request, Routes, Views, Visit,
};
use axum::Router;
use axum::routing::get as axum_get;
use http::{HeaderValue, Method};
use maud::html;

use crate::support::{get, read, request, says, send};

async fn show_route(route: MatchedRoute, path: CurrentPath) -> Result {
    Ok(html! { (route.pattern().unwrap_or("none")) " " (path) })
}

async fn any(mut visit: Visit<()>) -> Answer {
    let page = visit.page(9, show_route).await?;
    visit.answer(page).await
}

async fn below(mut visit: Visit<()>) -> Answer {
    let layout = visit
        .layout(9, |children: Children, route: MatchedRoute| async move {
            Ok(html! { (route.pattern().unwrap_or("none")) ": " (children.await?) })
        })
        .await?;
    let content = visit.unmatched();
    let views = Views {
        error: None,
        not_found: Some(crate::support::nothing_here),
    };
    let content = visit.catch(views, content);
    let content = visit.under(layout, content);
    visit.answer(content).await
}

fn app() -> Router {
    Routes::new()
        .route("/", Leaf::new().page(any))
        .route("/flights", Leaf::new().page(any))
        .route("/flights/[date]", Leaf::new().page(any))
        .route("/docs/[...path]", Leaf::new().page(any))
        .route("/shop/[[...path]]", Leaf::new().page(any))
        .route("/\u{fc}ber uns", Leaf::new().page(any))
        .unmatched("/", Leaf::new().page(below))
        .into_router()
}

#[tokio::test]
async fn a_path_finds_its_route_and_pages_know_both() {
    let app = app();
    for (path, route) in [
        ("/", "/"),
        ("/flights", "/flights"),
        ("/flights/2013-07-04?x=/y", "/flights/[date]"),
        ("/docs/a/b", "/docs/[...path]"),
        ("/shop", "/shop/[[...path]]"),
        ("/shop/a%20b/c", "/shop/[[...path]]"),
        ("/%C3%BCber%20uns", "/\u{fc}ber uns"),
    ] {
        let shown = path.split('?').next().unwrap();
        assert_eq!(read(&app, path).await, (200, format!("{route} {shown}")));
    }
}

#[tokio::test]
async fn no_link_is_current_where_the_path_is_none() {
    async fn nav(children: Children, path: CurrentPath) -> Result {
        let current = |link| path.aria_current(link).unwrap_or("-");
        Ok(html! { (current("/")) " " (current("/blog")) (children.await?) })
    }
    async fn nowhere(mut visit: Visit<()>) -> Answer {
        let layout = visit.layout(0, nav).await?;
        let content = visit.unmatched();
        let views = Views {
            error: None,
            not_found: Some(|| html! {}),
        };
        let content = visit.catch(views, content);
        let content = visit.under(layout, content);
        visit.answer(content).await
    }
    let app = |leaf: Leaf<()>| {
        let routes = Routes::new().unmatched("/", leaf.page(nowhere));
        routes.into_router()
    };
    for (path, current) in [
        ("/blog/a", "- true"),
        ("/blog/a%ffb", "- true"),
        ("/blog%ff", "- -"),
        ("/%zz", "- -"),
        ("/\\evil", "- -"),
    ] {
        let shown = read(&app(Leaf::new()), path).await;
        assert_eq!(shown, (404, current.to_owned()), "{path}");
    }
    // Of a request that a middleware has made anew, too.
    let anew = async |mut request: Request| {
        let uri = std::mem::take(request.uri_mut());
        let mut anew = Request::default();
        *anew.uri_mut() = uri;
        anew
    };
    let shown = read(&app(Leaf::new().middleware(0, anew)), "/%zz").await;
    assert_eq!(shown, (404, "- -".to_owned()));
}

/// `#[cfg(debug_assertions)]` in front of all functions of a route file is how to have it in
/// development only.
#[tokio::test]
async fn a_leaf_that_answers_nothing_is_no_route() {
    let app = Routes::<()>::new()
        .route("/debug", Leaf::new())
        .route("/debug/[id]", Leaf::new())
        .route("/[name]", Leaf::new().page(says("name")))
        .into_router();
    assert_eq!(read(&app, "/debug").await, (200, "name".to_owned()));
    assert_eq!(get(&app, "/debug/1").await.status, 404);
}

#[tokio::test]
async fn where_no_route_matches_the_view_shows_in_its_layouts() {
    let app = app();
    for path in [
        "/x",
        "/docs",
        "/flights/a/b",
        "/flights/../x",
        "/flights/%00",
    ] {
        let expected = (404, "none: nothing here".to_owned());
        assert_eq!(read(&app, path).await, expected, "{path}");
    }
    let posted = send(&app, request(Method::POST, "/x")).await;
    assert_eq!(posted.status, 404);
}

#[tokio::test]
async fn without_a_view_it_is_a_plain_page() {
    let settings = Settings::new().error_page(|error| html! { "plain " (error.status().as_u16()) });
    let app: Router = Routes::new().settings(settings).into_router();
    assert_eq!(read(&app, "/x").await, (404, "plain 404".to_owned()));
}

#[tokio::test]
async fn another_spelling_is_sent_to_the_canonical_one() {
    let app = app();
    for (path, location) in [
        ("/flights/", "/flights"),
        ("//flights?a=1&b=//x", "/flights?a=1&b=//x"),
        ("/%66lights", "/flights"),
        ("/flights//x/", "/flights/x"),
        ("//evil.example/", "/evil.example"),
        ("///evil.example//%2Fx", "/evil.example/%2Fx"),
        ("/flights/%c3%a9", "/flights/%C3%A9"),
        ("http://other.example//flights", "/flights"),
    ] {
        let reply = get(&app, path).await;
        assert_eq!(reply.status, 308, "{path}");
        assert_eq!(reply.location(), Some(location), "{path}");
    }
    let posted = send(&app, request(Method::POST, "/flights/")).await;
    assert_eq!(posted.status, 308);
}

fn methods() -> Router {
    Routes::new()
        .route(
            "/page",
            Leaf::new().page(says("page")).post(0, async || "posted"),
        )
        .route(
            "/api",
            Leaf::new()
                .get(0, async || "got")
                .delete(0, async || "deleted"),
        )
        .route(
            "/own",
            Leaf::new()
                .head(0, async || "")
                .options(0, async || "options")
                .get(0, async || "got"),
        )
        .into_router()
}

#[tokio::test]
async fn each_method_has_its_answer() {
    let app = methods();
    for (method, path, status, text) in [
        (Method::GET, "/page", 200, "page"),
        (Method::POST, "/page", 200, "posted"),
        (Method::GET, "/api", 200, "got"),
        (Method::DELETE, "/api", 200, "deleted"),
        (Method::HEAD, "/page", 200, ""),
        (Method::HEAD, "/api", 200, ""),
        (Method::HEAD, "/own", 200, ""),
        (Method::OPTIONS, "/own", 200, "options"),
    ] {
        let reply = send(&app, request(method.clone(), path)).await;
        let status_and_text = (reply.status.as_u16(), reply.text().await);
        assert_eq!(
            status_and_text,
            (status, text.to_owned()),
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn other_methods_are_told_which_there_are() {
    let app = methods();
    for (method, path, status, allow) in [
        (Method::PUT, "/own", 405, "GET, HEAD, OPTIONS"),
        (Method::OPTIONS, "/page", 204, "GET, HEAD, POST, OPTIONS"),
        (Method::PUT, "/page", 405, "GET, HEAD, POST, OPTIONS"),
        (Method::OPTIONS, "/api", 204, "GET, HEAD, DELETE, OPTIONS"),
        (Method::POST, "/api", 405, "GET, HEAD, DELETE, OPTIONS"),
        (Method::PATCH, "/own", 405, "GET, HEAD, OPTIONS"),
    ] {
        let reply = send(&app, request(method.clone(), path)).await;
        assert_eq!(reply.status, status, "{method} {path}");
        assert_eq!(reply.allow(), Some(allow), "{method} {path}");
    }
}

#[tokio::test]
async fn routes_of_ones_own_come_first_and_layers_go_around_all() {
    let app = app().route("/flights", axum_get(async || "mine")).layer(
        tower::util::MapResponseLayer::new(|mut response: http::Response<_>| {
            response
                .headers_mut()
                .insert("x-layer", "1".parse().unwrap());
            response
        }),
    );
    assert_eq!(read(&app, "/flights").await, (200, "mine".to_owned()));
    assert_eq!(get(&app, "/flights/x").await.headers["x-layer"], "1");
    assert_eq!(get(&app, "/missing").await.headers["x-layer"], "1");
}

#[tokio::test]
async fn static_files_stand_behind_the_routes() {
    const FILES: &[anabranch_router::Embedded] = &[
        anabranch_router::Embedded::new("/site.css", b"p{}"),
        anabranch_router::Embedded::new("/page", b"never"),
    ];
    let app: Router = Routes::new()
        .route("/page", Leaf::new().page(says("page")))
        .unmatched("/", Leaf::new().page(below))
        .public(Public::embedded(FILES))
        .into_router();
    assert_eq!(read(&app, "/site.css").await, (200, "p{}".to_owned()));
    assert_eq!(read(&app, "/page").await, (200, "page".to_owned()));
    assert_eq!(read(&app, "/x").await.0, 404);
}

#[test]
#[should_panic(expected = "two routes for the paths of /a/[y]")]
fn two_routes_for_the_same_paths_are_refused() {
    let leaf = || Leaf::<()>::new().page(says("x"));
    let _ = Routes::new()
        .route("/a/[x]", leaf())
        .route("/a/[y]", leaf());
}

/// RFC 8441: on HTTP/2 a `CONNECT` stands for the `GET` that asks for a WebSocket on HTTP/1.
#[tokio::test]
async fn a_web_socket_of_http_2_is_opened_by_the_handler_for_get() {
    let app = Routes::new()
        .route("/socket", Leaf::new().get(0, async || "open"))
        .route("/form", Leaf::new().post(0, async || "sent"))
        .into_router();
    // A page of this site asks for it.
    let connect = |path: &str| {
        let mut connect = request(Method::CONNECT, &format!("http://site{path}"));
        let origin = HeaderValue::from_static("http://site");
        connect.headers_mut().insert("origin", origin);
        connect
    };
    let opened = send(&app, connect("/socket")).await;
    // It has no content, as nothing that answers a CONNECT has.
    assert_eq!(opened.status.as_u16(), 200);
    let refused = send(&app, connect("/form")).await;
    assert_eq!(
        (refused.status.as_u16(), refused.allow()),
        (405, Some("POST, OPTIONS"))
    );
}
