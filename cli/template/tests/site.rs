//! The pages, without a server and without a browser. Time passes only while everything waits for
//! it, so nothing takes long.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

#[tokio::test(start_paused = true)]
async fn the_shell_leaves_before_the_rivers_are_known() {
    let (status, mut body) = ask("/", "Firefox").await;
    assert_eq!(status, StatusCode::OK);
    let shell = frame(&mut body).await;
    assert!(
        shell.contains("<h1>Rivers") && !shell.contains("Amazon"),
        "{shell}"
    );
    let rivers = frame(&mut body).await;
    assert!(
        rivers.contains("Amazon") && rivers.contains("Measuring…"),
        "{rivers}"
    );
    let rest = rest(body).await;
    assert!(rest.contains("<strong>209000</strong>"), "{rest}");
}

#[tokio::test(start_paused = true)]
async fn whoever_reads_no_streams_gets_the_same_page_whole() {
    let (_, body) = ask("/rivers/ob", "Googlebot").await;
    let page = rest(body).await;
    assert!(page.contains("<title>Ob</title>"), "{page}");
    assert!(
        page.contains("3650 km") && !page.contains("Following"),
        "{page}"
    );
}

#[tokio::test]
async fn a_river_that_is_not_there_is_not_found() {
    let (status, body) = ask("/rivers/styx", "Firefox").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(rest(body).await.contains("Nothing here"));
}

#[tokio::test(start_paused = true)]
async fn the_rivers_are_there_as_json() {
    let (_, body) = ask("/api/rivers", "curl").await;
    let json = rest(body).await;
    assert!(
        json.starts_with(r#"[{"slug":"amazon","name":"Amazon","length":6400}"#),
        "{json}"
    );
}

async fn ask(path: &str, user_agent: &str) -> (StatusCode, Body) {
    let request = Request::get(path).header(header::USER_AGENT, user_agent);
    let request = request.body(Body::empty()).unwrap();
    let response = site::app::router().oneshot(request).await.unwrap();
    (response.status(), response.into_body())
}

/// What leaves the server at one time.
async fn frame(body: &mut Body) -> String {
    let frame = body.frame().await.unwrap().unwrap();
    String::from_utf8(frame.into_data().unwrap().into()).unwrap()
}

async fn rest(body: Body) -> String {
    let bytes = body.collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.into()).unwrap()
}
