//! The app with what every response has: its policy, and a page for when all else fails.

use anabranch::csp::Policy;
use anabranch::prelude::*;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::app;
use crate::ui::{STYLE, document};
use crate::watch::{self, Visits};

/// The whole site.
///
/// What is not about this site in particular, such as compression and the other headers of
/// security, is done by the layers of [`anabranch::serve`].
pub fn site() -> Router {
    let policy = policy();
    let visits = Visits::default();
    app::routes()
        .settings(settings())
        .into_router()
        .layer(from_fn_with_state(visits.clone(), watch::record))
        .layer(from_fn(move |request, next| {
            with_policy(request, next, policy.clone())
        }))
        .with_state(visits)
}

/// Of all pages, unless a folder changes them.
pub(crate) fn settings() -> Settings {
    Settings::new().error_page(error_page)
}

/// Allows the two scripts of a streamed page and the style by hash, and files of the site.
fn policy() -> HeaderValue {
    let style = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(STYLE)));
    let policy = Policy::strict()
        .allow("script-src", "'self'")
        .allow("style-src", style);
    HeaderValue::try_from(policy.to_string()).expect("hashes and keywords are legal in a header")
}

async fn with_policy(request: Request, next: Next, policy: HeaderValue) -> Response {
    // A picture that brings its own style is looked at alone, too.
    let is_picture = request.uri().path().starts_with("/media/");
    let mut response = next.run(request).await;
    if !is_picture {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The page in place of one whose layout failed, too.
fn error_page(error: &Error) -> Markup {
    let head = html! { title { "This page could not be made" } };
    let body = html! {
        main.plain {
            h1 { "This page could not be made" }
            p {
                "The log knows why, under " code { (error.id()) } ". "
                a href=(app::href::index()) { "To the first page" }
            }
        }
    };
    document(&head, &body)
}
