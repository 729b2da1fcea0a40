//! A session in a signed cookie: a page for everybody, one for who has said their name.

use anabranch::Csrf;
use anabranch::prelude::*;
use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::response::{AppendHeaders, IntoResponse};
use axum::routing::{get, post};
use cookie::{Cookie, CookieJar, Key, SameSite};
use examples::document;
use serde::Deserialize;

const NAME: &str = "user";

#[derive(Deserialize)]
struct Login {
    name: String,
}

/// Who is logged in. As an argument it guards a page.
struct User(String);

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new()
        .route("/", get(page(home)))
        .route("/desk", get(page(desk)))
        .route("/login", post(login))
        .layer(Csrf::new())
        .with_state(Key::generate()); // made anew, so a restart ends all sessions: keep yours
    examples::serve(app).await
}

async fn home() -> Result {
    Ok(document(
        "Hello",
        &html! {
            form method="post" action="/login" {
                label { "Your name " input name="name" required; }
                button { "Log in" }
            }
        },
    ))
}

async fn desk(User(name): User) -> Result {
    Ok(document(
        "Your desk",
        &html! {
            p { "You are " (name) "." }
            (boundary(mail(name)).loading(html! { p aria-busy="true" { "Looking for mail…" } }))
        },
    ))
}

async fn mail(name: String) -> Result {
    tokio::time::sleep(millis(500)).await;
    Ok(html! { p { "No mail for " (name) "." } })
}

async fn login(State(key): State<Key>, Form(login, _): Form<Login>) -> impl IntoResponse {
    let cookie = Cookie::build((NAME, login.name))
        .path("/")
        .http_only(true)
        .secure(true)
        .same_site(SameSite::Lax);
    let mut jar = CookieJar::new();
    jar.signed_mut(&key).add(cookie);
    let cookies: Vec<_> = jar
        .delta()
        .map(|cookie| cookie.encoded().to_string())
        .collect();
    (
        AppendHeaders(cookies.into_iter().map(|cookie| (SET_COOKIE, cookie))),
        see_other("/desk"),
    )
}

impl FromRequestParts<Key> for User {
    type Rejection = SeeOther;

    async fn from_request_parts(request: &mut Parts, key: &Key) -> Result<Self, SeeOther> {
        let mut jar = CookieJar::new();
        for header in request.headers.get_all(COOKIE) {
            let cookies = Cookie::split_parse_encoded(header.to_str().unwrap_or_default());
            cookies
                .flatten()
                .for_each(|cookie| jar.add_original(cookie.into_owned()));
        }
        let user = jar.signed(key).get(NAME);
        user.map(|user| Self(user.value().to_owned()))
            .ok_or_else(|| see_other("/"))
    }
}
