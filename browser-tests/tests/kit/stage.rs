//! The stage alone, without a browser.

use std::future::pending;
use std::sync::mpsc;
use std::thread;

use anabranch::prelude::*;
use anabranch_paint::mark::Mark;
use anabranch_paint::{Stage, What};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::routing::get;
use http_body_util::BodyExt;
use tower::ServiceExt;

async fn home() -> Result {
    let outer = async { Ok(html! { section { (boundary(inner()).name("inner")) } }) };
    Ok(html! {
        h1 { "Home" }
        (boundary(outer).name("outer").loading(html! { p { "…" } }))
        (boundary(inner()).loading(html! { p elementtiming="own" { "…" } }))
    })
}

async fn inner() -> Result {
    Ok(html! { p { "Inner" } })
}

async fn ask(stage: &Stage, user_agent: &str) -> Body {
    let app = stage.wrap(Router::new().route("/", get(page(home))));
    let request = Request::get("/?a=b").header("user-agent", user_agent);
    let request = request.body(Body::empty()).expect("a valid request");
    app.oneshot(request).await.unwrap().into_body()
}

async fn text(body: Body) -> String {
    let bytes = to_bytes(body, usize::MAX).await.expect("a whole body");
    String::from_utf8(bytes.into()).expect("text")
}

#[tokio::test]
async fn it_holds_and_marks_and_records() {
    let stage = Stage::new();
    let body = ask(&stage, "Firefox").await;
    let visit = &stage.visits()[0];
    assert_eq!((visit.path.as_str(), visit.status), ("/?a=b", Some(200)));
    assert!(visit.is_quiet());
    assert_eq!(visit.held().count(), 2);

    let (_, file) = visit.boundaries[1].call_site.rsplit_once('/').unwrap();
    stage.release(file);
    assert_eq!(stage.visits()[0].held().count(), 1);
    stage.release_all();
    let page = text(body).await;
    assert!(page.contains(r#"<h1 elementtiming="shell">"#), "{page}");
    assert!(
        page.contains(r#"<p elementtiming="loading outer">"#),
        "{page}"
    );
    assert!(page.contains(r#"<p elementtiming="inner">"#), "{page}");

    let visit = &stage.visits()[0];
    assert_eq!(visit.boundaries.len(), 3);
    let own = &visit.boundaries[1];
    assert_eq!(own.loading, Some(Mark::Reported("own".into())));
    let outer = visit.boundary("outer").unwrap();
    assert_eq!(outer.content, Some(Mark::Pixels("outer".into())));
    assert_eq!(
        (outer.wire.as_deref(), outer.outcome()),
        (Some("0"), Some(What::Complete))
    );
    assert_eq!(visit.boundary("inner").unwrap().parent, outer.id);
    assert!(visit.when(0, What::Finished).is_some() && visit.ended.is_some());
    let sent: Vec<u8> = visit
        .frames
        .iter()
        .flat_map(|frame| frame.bytes.to_vec())
        .collect();
    assert_eq!(String::from_utf8(sent).unwrap(), page);
}

#[tokio::test]
async fn a_free_stage_holds_what_it_is_told_to() {
    let stage = Stage::free();
    stage.hold("inner");
    let body = ask(&stage, "Firefox").await;
    assert_eq!(stage.visits()[0].held().count(), 1);
    stage.release("inner");
    text(body).await;
    let visit = &stage.visits()[0];
    assert!(
        visit
            .boundaries
            .iter()
            .all(|boundary| boundary.outcome() == Some(What::Complete))
    );
}

#[tokio::test]
async fn a_gate_that_opens_while_its_boundary_is_rendered_is_open_in_the_record() {
    for _ in 0..150 {
        let stage = Stage::new();
        stage.release("outer");
        let (started, starts) = mpsc::channel();
        let endless = move || {
            let started = started.clone();
            let outer = async move {
                started.send(()).unwrap();
                // As many as it takes for the other thread to be in their midst.
                Ok(html! { @for _ in 0..200 { (boundary(pending()).name("inner")) } })
            };
            async { Ok(html! { (boundary(outer).name("outer")) }) }
        };
        let app = stage.wrap(Router::new().route("/", get(page(endless))));
        let opener = thread::spawn({
            let stage = stage.clone();
            move || {
                starts.recv().unwrap();
                stage.release("inner");
            }
        });
        let request = Request::get("/").body(Body::empty()).unwrap();
        let mut body = app.oneshot(request).await.unwrap();
        body.frame().await.unwrap().unwrap();
        opener.join().unwrap();
        assert_eq!(stage.visits()[0].held().count(), 0);
    }
}
