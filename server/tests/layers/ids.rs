//! Request ids.

use anabranch_server::Layers;
use anabranch_server::layers::RequestId;
use axum::Router;
use axum::routing::get as on_get;
use http::StatusCode;

use crate::support::{Log, ask, body, get};

fn app() -> Router {
    let handler = async |id: RequestId| {
        tracing::info!("handled");
        id.to_string()
    };
    Router::new().route("/", on_get(handler))
}

#[tokio::test]
async fn a_request_has_one_id_in_handler_span_log_and_response() {
    let (log, _guard) = Log::capture();
    let request = get("/", &[("x-request-id", "forged")]);
    let response = ask(&Layers::new(), app(), request).await;
    let sent = response.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    assert_ne!(sent, "forged");
    assert_eq!(body(response).await, sent);
    let lines = log.lines();
    assert!(
        lines[0].contains(&format!("request{{id=\"{sent}\" method=GET path=/}}")),
        "{lines:?}"
    );
    assert!(lines[0].ends_with(": handled"), "{lines:?}");
    assert!(lines[1].ends_with(&format!(" id=\"{sent}\"")), "{lines:?}");
    assert_eq!(lines.len(), 2);
}

#[tokio::test]
async fn an_id_is_taken_from_a_proxy_that_is_trusted() {
    let layers = Layers::new().trust_request_ids();
    let response = ask(
        &layers,
        app(),
        get("/", &[("x-request-id", "from-proxy.1")]),
    )
    .await;
    assert_eq!(response.headers()["x-request-id"], "from-proxy.1");
    let response = ask(
        &layers,
        app(),
        get("/", &[("x-request-id", "not \"plain\"")]),
    )
    .await;
    assert_eq!(response.headers()["x-request-id"].len(), 16);
    let response = ask(&layers, app(), get("/", &[])).await;
    assert_eq!(response.headers()["x-request-id"].len(), 16);
}

#[tokio::test]
async fn without_ids_there_are_none() {
    let layers = Layers::new().without_request_ids();
    let response = ask(&layers, app(), get("/", &[])).await;
    assert!(!response.headers().contains_key("x-request-id"));
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
}
