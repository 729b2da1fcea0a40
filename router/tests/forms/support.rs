//! Forms as browsers send them, and what comes back.

use anabranch_router::{Form, FormState, Rerender};
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request};
use axum::response::Response;
use axum::routing::get;
use http::header::CONTENT_TYPE;
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use tower::ServiceExt;

pub(crate) fn form(body: impl Into<Body>) -> Request {
    Request::post("/")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(body.into())
        .unwrap()
}

/// Sends a form to a handler that succeeds.
pub(crate) async fn submit<T: DeserializeOwned + Send + 'static>(request: Request) -> Response {
    let handler = |Form(value, _): Form<T>| async move { drop(value) };
    let app = Router::new().route("/", get(handler).post(handler));
    app.oneshot(request).await.unwrap()
}

pub(crate) async fn read<T: DeserializeOwned + Send + 'static>(body: &'static str) -> T {
    use axum::extract::FromRequest;
    Form::from_request(form(body), &()).await.unwrap().0
}

pub(crate) async fn text(response: Response) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The state that the page of a response finds among its arguments.
pub(crate) async fn state<T: 'static>(response: &Response) -> FormState<T> {
    let mut request = Request::new(());
    let rerender = response.extensions().get::<Rerender>().unwrap();
    rerender.insert_into(request.extensions_mut());
    let mut parts = request.into_parts().0;
    FormState::from_request_parts(&mut parts, &())
        .await
        .unwrap()
}
