//! Requests to an app, and what is found in its responses.

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

/// A response, read to its end.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        Some(self.headers.get(name)?.to_str().unwrap())
    }
}

pub(crate) async fn ask(app: &Router, path: &str) -> Answer {
    ask_as(app, path, "Firefox").await
}

pub(crate) async fn ask_as(app: &Router, path: &str, user_agent: &str) -> Answer {
    let request = Request::get(path)
        .header("user-agent", user_agent)
        .body(Body::empty())
        .unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let headers = response.headers().clone();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let body = String::from_utf8(body.to_vec()).unwrap();
    Answer { headers, body }
}

/// The data blocks of a page, parsed; places are files without lines.
pub(crate) fn blocks(body: &str) -> Vec<Value> {
    let blocks = body
        .split("<script type=\"application/json\" data-anabranch>")
        .skip(1);
    blocks
        .map(|block| {
            let json = block.split("</script>").next().unwrap();
            without_lines(serde_json::from_str(json).unwrap())
        })
        .collect()
}

fn without_lines(value: Value) -> Value {
    match value {
        Value::String(text) => match text.split_once(".rs:") {
            Some((file, _)) => format!("{file}.rs").into(),
            None => text.into(),
        },
        Value::Array(values) => values.into_iter().map(without_lines).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(key, value)| (key, without_lines(value)))
            .collect(),
        other => other,
    }
}
