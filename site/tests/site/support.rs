//! What the tests share: requests to the site.

use anabranch_site::site;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

/// An answer that was read.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// Asks for a page as a bot does, who gets it in one piece.
pub(crate) async fn get(path: &str) -> Answer {
    ask(
        site(),
        Request::get(path).header(header::USER_AGENT, "Googlebot"),
    )
    .await
}

/// Asks for a page and says what would be welcome.
pub(crate) async fn get_accepting(path: &str, accept: &str) -> Answer {
    let request = Request::get(path).header(header::USER_AGENT, "Googlebot");
    ask(site(), request.header(header::ACCEPT, accept)).await
}

/// Sends a form without fields, from a page of the site.
pub(crate) async fn post(site: Router, path: &str) -> StatusCode {
    let request = Request::post(path).header("sec-fetch-site", "same-origin");
    ask(site, request).await.status
}

async fn ask(site: Router, request: axum::http::request::Builder) -> Answer {
    let request = request.body(Body::empty()).unwrap();
    let response = site.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

impl Answer {
    pub(crate) fn header(&self, name: header::HeaderName) -> Vec<&str> {
        let values = self.headers.get_all(name).iter();
        values.map(|value| value.to_str().unwrap()).collect()
    }
}

/// The values of an attribute, wherever a tag has it.
pub(crate) fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let begin = format!(" {name}=\"");
    let parts = html.split(&*begin).skip(1);
    parts.map(|rest| rest.split('"').next().unwrap()).collect()
}
