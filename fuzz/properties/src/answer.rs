//! A request to a router, and its whole answer.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use futures_util::FutureExt;
use http::{HeaderMap, StatusCode, Uri};
use http_body_util::BodyExt;
use tower::ServiceExt;

/// What a router answers.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// Asks a router whose handlers wait for nothing.
pub(crate) fn get(app: &Router, uri: Uri) -> Answer {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = uri;
    let answer = async {
        let (head, body) = match app.clone().oneshot(request).await {
            Ok(response) => response.into_parts(),
            Err(never) => match never {},
        };
        let body = body.collect().await.expect("a body in memory");
        Answer {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8_lossy(&body.to_bytes()).into_owned(),
        }
    };
    answer.now_or_never().expect("nothing waits")
}
