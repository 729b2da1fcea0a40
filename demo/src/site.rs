//! The app with what every response has: its policy, and a page for when all else fails.

use anabranch::csp::Policy;
use anabranch::prelude::*;
use axum::Router;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::app;
use crate::app::layout::STYLE;
use crate::db::Db;

/// The whole site over a database.
///
/// What is not about this site in particular, such as compression and the other headers of
/// security, is done by the layers of [`anabranch::serve`].
pub fn site(db: Db) -> Router {
    let policy = policy();
    app::routes()
        .settings(Settings::new().error_page(error_page))
        .into_router()
        .layer(map_response(move |response| {
            let policy = policy.clone();
            async move { with_policy(response, policy) }
        }))
        .with_state(db)
}

/// Allows the two scripts of a streamed page and the style, by hash, and the icon.
fn policy() -> HeaderValue {
    let style = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(STYLE)));
    let policy = Policy::strict().allow("style-src", style).to_string();
    HeaderValue::try_from(policy).expect("hashes and keywords are legal in a header")
}

fn with_policy(mut response: Response, policy: HeaderValue) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// The page in place of one whose layout failed, too.
fn error_page(error: &Error) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "This page could not be made" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    div.top {
                        h1 { "This page could not be made" }
                        p {
                            "The log knows why, under " code { (error.id()) } ". "
                            a href=(app::href::index()) { "To the year of all three airports" }
                        }
                    }
                }
            }
        }
    }
}
