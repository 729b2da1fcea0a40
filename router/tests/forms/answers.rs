//! What a handler answers, and what the page shows of it.

use std::io;

use anabranch_boundaries::{Error, Result, not_found, redirect};
use anabranch_router::{Form, FormState, Rerender, RouteError, RouteResult, SeeOther, see_other};
use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::StatusCode;
use http::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use maud::html;
use serde::Deserialize;
use tower::ServiceExt;

use crate::fields::Optional;
use crate::support::{form, state, text};

#[derive(Deserialize)]
struct Login {
    name: String,
    password: String,
    #[serde(rename = "pin")]
    _pin: String,
}

/// Each way for a handler to answer.
async fn log_in(Form(login, mut form): Form<Login>) -> RouteResult<SeeOther> {
    form.forget("pin");
    match login.name.as_str() {
        "" => form.reject("name", "Who are you?"),
        "io" => Err(io::Error::other("disk on fire"))?,
        "gone" => return Err(not_found().into()),
        "away" => Err(redirect("/é b"))?,
        "evil" => return Ok(see_other("//evil.example")),
        "teapot" => Err(Error::from_status(StatusCode::IM_A_TEAPOT))?,
        _ => {}
    }
    if login.password != "right" {
        form.reject_form("That is not the password of <this> name.");
    }
    form.check()?;
    Ok(see_other("/desk"))
}

async fn log_in_as(name: &str, password: &str) -> Response {
    let app = Router::new().route("/", post(log_in));
    let body = format!("name={name}&password={password}&pin=1234");
    app.oneshot(form(body)).await.unwrap()
}

#[tokio::test]
async fn a_handler_answers_by_what_it_returns() {
    for (name, status, location) in [
        ("ada", 303, Some("/desk")),
        ("", 422, None),
        ("io", 500, None),
        ("gone", 404, None),
        ("away", 303, Some("/%C3%A9%20b")),
        ("evil", 500, None),
        ("teapot", 418, None),
    ] {
        let response = log_in_as(name, "right").await;
        assert_eq!(response.status(), status, "{name}");
        let header = response.headers().get(LOCATION);
        assert_eq!(header.map(|value| value.to_str().unwrap()), location);
        let has_error = response.extensions().get::<Error>().is_some();
        assert_eq!(has_error, !matches!(status, 303 | 422), "{name}");
        let text = text(response).await;
        assert!(!text.contains("fire") && !text.contains("evil"), "{text}");
    }
}

#[tokio::test]
async fn the_page_shows_what_was_typed_but_no_secrets() {
    let response = log_in_as("<ada>", "wrong").await;
    let state = state::<Login>(&response).await;
    assert!(state.is_submitted());
    assert_eq!(state.value("name"), "<ada>");
    assert_eq!(state.value_or("name", "default"), "<ada>");
    for secret in ["password", "pin"] {
        assert_eq!(state.value_or(secret, "default"), "", "{secret}");
    }
    let shown = state.form_message().into_string();
    assert_eq!(
        shown,
        "<div role=\"alert\" class=\"form-error\">\
         <p>That is not the password of &lt;this&gt; name.</p></div>"
    );
    for logged in [
        format!("{state:?} {state}"),
        format!("{response:?}"),
        text(response).await,
    ] {
        assert!(
            !logged.contains("wrong") && !logged.contains("1234"),
            "{logged}"
        );
    }
}

#[tokio::test]
async fn names_of_secrets_are_recognised() {
    let body = "new_password=x&PasswordAgain=x&csrf-token=x&client_secret=x&passphrase=x&name=x";
    let response = {
        let app = Router::new().route(
            "/",
            post(
                async |Form(_, mut form): Form<Optional>| -> FormState<Optional> {
                    form.reject_form("no");
                    form
                },
            ),
        );
        app.oneshot(form(body)).await.unwrap()
    };
    let state = state::<Optional>(&response).await;
    for name in [
        "new_password",
        "PasswordAgain",
        "csrf-token",
        "client_secret",
        "passphrase",
    ] {
        assert_eq!(state.value(name), "", "{name}");
    }
    assert_eq!(state.value("name"), "x");
}

#[tokio::test]
async fn a_state_reaches_only_the_page_of_its_own_form() {
    let response = log_in_as("ada", "wrong").await;
    let other = state::<Optional>(&response).await;
    assert!(!other.is_submitted());
    assert_eq!(other.errors().count(), 0);
    assert_eq!(other.value("name"), "");
    assert_eq!(other.value_or("name", "default"), "default");
    assert!(other.check().is_ok());
}

#[tokio::test]
async fn without_a_page_the_messages_are_text_or_json() {
    async fn handler(Form(_, mut form): Form<Optional>) -> Result<SeeOther, FormState<Optional>> {
        form.reject("text", "Write \"something\".");
        form.reject("text", "In English.");
        form.reject_form("The desk is closed.");
        form.check()?;
        Ok(see_other("/"))
    }
    let app = Router::new().route("/", post(handler));
    let plain = "The form has mistakes in it.\n\
                 - text: Write \"something\".\n- text: In English.\n- The desk is closed.\n";
    let json = r#"{"fields":{"text":["Write \"something\".","In English."]},"form":["The desk is closed."]}"#;
    for (accept, media_type, body) in [
        ("*/*", "text/plain; charset=utf-8", plain),
        (
            "text/html,application/json",
            "text/plain; charset=utf-8",
            plain,
        ),
        ("application/json", "application/json", json),
        (
            "text/plain, Application/JSON;q=0.9",
            "application/json",
            json,
        ),
    ] {
        let mut request = form("text=");
        request
            .headers_mut()
            .insert(ACCEPT, accept.parse().unwrap());
        let response = app.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(response.headers()[CONTENT_TYPE], media_type, "{accept}");
        let rerender = response.extensions().get::<Rerender>().is_some();
        assert_eq!(rerender, body == plain, "{accept}");
        assert_eq!(text(response).await, body, "{accept}");
    }
}

#[tokio::test]
async fn messages_are_tied_to_their_fields() {
    let mut state = FormState::<Optional>::default();
    state.reject("first name", "Too <short>.");
    state.reject("first name", "Too plain.");
    let markup = html! {
        input name="first name" aria-invalid=[state.aria_invalid("first name")]
            aria-describedby=[state.described_by("first name")];
        (state.message("first name"))
        input name="text" aria-invalid=[state.aria_invalid("text")]
            aria-describedby=[state.described_by("text")];
        (state.message("text")) (state.form_message())
    };
    assert_eq!(
        markup.into_string(),
        "<input name=\"first name\" aria-invalid=\"true\" aria-describedby=\"first-name-error\">\
         <p id=\"first-name-error\" class=\"form-error\">\
         <span>Too &lt;short&gt;.</span> <span>Too plain.</span> </p><input name=\"text\">"
    );
}

#[tokio::test]
async fn a_form_survives_being_made_an_error() {
    let Err(state) = ({
        let response = log_in_as("ada", "wrong").await;
        state::<Login>(&response).await.check()
    }) else {
        panic!("a state without messages does not reject a form");
    };
    // The handler may have helpers that return the error of pages.
    let error = Error::from({
        let mut state = state;
        state.reject_form("again");
        state
    });
    let response = RouteError::from(error).into_response();
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
}
