//! Requests to a router, and what comes back, frame by frame.

use std::time::Duration;

use anabranch_boundaries::Result;
use anabranch_router::app::{Answer, Visit};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use http::header::{ALLOW, LOCATION, USER_AGENT};
use http::{HeaderMap, Method, StatusCode};
use http_body_util::BodyExt;
use maud::{Markup, html};
use tower::ServiceExt;

/// A response whose body is read as it comes.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: Body,
}

impl Reply {
    /// The next frame. Waits for it.
    pub(crate) async fn frame(&mut self) -> Option<String> {
        let frame = self.body.frame().await?.unwrap();
        let bytes = frame.into_data().unwrap();
        Some(String::from_utf8(bytes.to_vec()).unwrap())
    }

    /// All that is left.
    pub(crate) async fn text(mut self) -> String {
        let mut text = String::new();
        while let Some(frame) = self.frame().await {
            text.push_str(&frame);
        }
        text
    }

    pub(crate) fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION)?.to_str().ok()
    }

    pub(crate) fn allow(&self) -> Option<&str> {
        self.headers.get(ALLOW)?.to_str().ok()
    }
}

/// Sends a request as a browser does.
pub(crate) async fn send(app: &Router, request: Request) -> Reply {
    let response = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Reply {
        status: parts.status,
        headers: parts.headers,
        body,
    }
}

pub(crate) fn request(method: Method, uri: &str) -> Request {
    let request = Request::builder().method(method).uri(uri);
    request.body(Body::empty()).unwrap()
}

pub(crate) async fn get(app: &Router, uri: &str) -> Reply {
    send(app, request(Method::GET, uri)).await
}

/// Gets a page as a bot does: whole.
pub(crate) async fn get_whole(app: &Router, uri: &str) -> Reply {
    let mut request = request(Method::GET, uri);
    let bot = "Googlebot/2.1".parse().unwrap();
    request.headers_mut().insert(USER_AGENT, bot);
    send(app, request).await
}

/// Status and text.
pub(crate) async fn read(app: &Router, uri: &str) -> (u16, String) {
    let reply = get(app, uri).await;
    (reply.status.as_u16(), reply.text().await)
}

/// A page that says which route it is.
pub(crate) fn says(
    text: &'static str,
) -> impl Fn(Visit<()>) -> futures_util::future::BoxFuture<'static, Answer> + Send + Sync + 'static
{
    move |mut visit| {
        Box::pin(async move {
            let page = visit.html_page(text);
            visit.answer(page).await
        })
    }
}

/// What takes a tenth of a second.
pub(crate) async fn tenth() {
    tokio::time::sleep(Duration::from_millis(100)).await;
}

/// A component of one word that is there at once.
pub(crate) async fn word(word: &'static str) -> Result {
    Ok(html! { (word) })
}

pub(crate) fn nothing_here() -> Markup {
    html! { "nothing here" }
}
