//! A form and the page beside it: post, redirect, get; or the page again.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

#[path = "support/log.rs"]
mod log;

use std::io;

use anabranch_boundaries::Result;
#[cfg(debug_assertions)]
use anabranch_boundaries::boundary;
use anabranch_engine::ResponseParts;
use anabranch_router::app::{Answer, Leaf, Routes, Views, Visit};
use anabranch_router::{Csrf, Form, FormState, RouteError, RouteResult, SeeOther, see_other};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_TYPE, ETAG, HOST, LOCATION, ORIGIN, RETRY_AFTER, SET_COOKIE,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body_util::BodyExt;
use maud::{Markup, html};
use serde::Deserialize;
use tower::ServiceExt;

use log::Log;

#[derive(Deserialize)]
struct Note {
    text: String,
    minutes: u8,
}

#[derive(Deserialize)]
struct Search {}

async fn render(form: FormState<Note>, search: FormState<Search>) -> Result {
    Ok(html! {
        (form.form_message())
        input name="text" value=(form.value_or("text", "unsaved"))
            aria-invalid=[form.aria_invalid("text")];
        (form.message("text"))
        input name="minutes" value=(form.value("minutes"));
        (form.message("minutes"))
        @if search.is_submitted() { "the wrong form" }
    })
}

async fn post(parts: ResponseParts, Form(note, mut form): Form<Note>) -> RouteResult<SeeOther> {
    parts.add_cookie(("seen", "1"))?;
    match note.text.as_str() {
        "" => form.reject("text", "Write something."),
        "fire" => Err(io::Error::other("disk on fire"))?,
        "closed" => form.reject_form("The desk is closed."),
        _ => {}
    }
    form.check()?;
    Ok(see_other(format!("/note?minutes={}", note.minutes)))
}

fn error(_: &anabranch_boundaries::Error) -> Markup {
    html! { p { "The page's own error view." } }
}

async fn page(mut visit: Visit<()>) -> Answer {
    let content = visit.page(0, render).await?;
    let views = Views {
        error: Some(error),
        not_found: None,
    };
    let content = visit.catch(views, content);
    visit.answer(content).await
}

fn routes() -> Routes<()> {
    Routes::new().route("/note", Leaf::new().page(page).post(0, post))
}

async fn send(app: Router, body: &str, headers: &[(http::HeaderName, &str)]) -> Response {
    let mut request = Request::post("/note")
        .header(HOST, "site.example")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    app.oneshot(request).await.unwrap()
}

async fn text(response: Response) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn a_form_is_answered_by_a_redirect_or_by_its_page() {
    let invalid = "<p id=\"minutes-error\" class=\"form-error\">";
    for (body, status, shown) in [
        ("text=a&minutes=5", 303, ""),
        ("text=&minutes=5", 422, "<span>Write something.</span>"),
        ("text=closed&minutes=5", 422, "<p>The desk is closed.</p>"),
        ("text=a&minutes=%3Cb%3E", 422, "value=\"&lt;b&gt;\""),
        ("text=a&minutes=256", 422, invalid),
        ("text=a", 422, invalid),
        ("minutes=7", 422, "<input name=\"minutes\" value=\"7\">"),
        ("text=fire&minutes=5", 500, "The page's own error view."),
        ("%ff", 400, "The form is not in UTF-8."),
    ] {
        let response = send(routes().into_router(), body, &[]).await;
        assert_eq!(response.status(), status, "{body}");
        let location = response.headers().get(LOCATION);
        assert_eq!(location.is_some(), status == 303);
        let media_type = response.headers().get(CONTENT_TYPE).cloned();
        let has_cookie = response.headers().contains_key(SET_COOKIE);
        let ran = matches!(status, 303 | 500) || body.contains("minutes=5");
        assert_eq!(has_cookie, ran, "{body}");
        let text = text(response).await;
        assert!(text.contains(shown), "{body}: {text}");
        assert!(
            !text.contains("wrong form") && !text.contains("unsaved"),
            "{text}"
        );
        if status == 422 {
            assert_eq!(media_type.unwrap(), "text/html; charset=utf-8");
        }
    }
}

#[tokio::test]
async fn a_page_that_was_not_sent_anything_shows_its_defaults() {
    let request = Request::get("/note").body(Body::empty()).unwrap();
    let response = routes().into_router().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    let text = text(response).await;
    assert!(text.contains("value=\"unsaved\""), "{text}");
    assert!(!text.contains("error"), "{text}");
}

#[tokio::test]
async fn a_script_gets_json_and_no_page() {
    let headers = [(ACCEPT, "application/json")];
    let response = send(routes().into_router(), "text=&minutes=5", &headers).await;
    assert_eq!(response.status(), 422);
    let json = r#"{"fields":{"text":["Write something."]},"form":[]}"#;
    assert_eq!(text(response).await, json);
}

/// Takes the fields out of a body of its own kind, as a handler of an upload does.
async fn post_lines(headers: HeaderMap, body: String) -> RouteResult<SeeOther> {
    let fields = body.lines().filter_map(|line| line.split_once(": "));
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let Form(note, mut form) = Form::<Note>::from_fields(fields, &headers)?;
    if note.text.is_empty() {
        form.reject("text", "Write something.");
    }
    form.check()?;
    Ok(see_other(format!("/note?minutes={}", note.minutes)))
}

#[tokio::test]
async fn fields_of_a_body_of_another_kind_are_a_form_too() {
    let app = || {
        let leaf = Leaf::new().page(page).post(0, post_lines);
        Routes::new().route("/note", leaf).into_router()
    };
    let response = send(app(), "text: a\nminutes: 5", &[]).await;
    assert_eq!(response.status(), 303);
    assert_eq!(response.headers()[LOCATION], "/note?minutes=5");

    for (body, shown) in [
        ("text: \nminutes: 5", "<span>Write something.</span>"),
        ("text: \nminutes: 5", "<input name=\"minutes\" value=\"5\">"),
        ("text: a", "<p id=\"minutes-error\" class=\"form-error\">"),
    ] {
        let response = send(app(), body, &[]).await;
        assert_eq!(response.status(), 422, "{body}");
        let text = text(response).await;
        assert!(text.contains(shown), "{body}: {text}");
    }

    let json = r#"{"fields":{"text":["Write something."]},"form":[]}"#;
    let headers = [(ACCEPT, "application/json")];
    let response = send(app(), "text: \nminutes: 5", &headers).await;
    assert_eq!(response.status(), 422);
    assert_eq!(text(response).await, json);
}

#[tokio::test]
async fn messages_of_a_state_that_belongs_to_no_form_are_in_the_log() {
    async fn reject() -> RouteResult<SeeOther> {
        let mut form = FormState::<Note>::default();
        form.reject("text", "Nobody reads this.");
        form.check()?;
        Ok(see_other("/"))
    }
    let log = Log::start();
    let leaf = Leaf::new().page(page).post(0, reject);
    let app = Routes::new().route("/note", leaf).into_router();
    assert_eq!(send(app, "", &[]).await.status(), 422);
    let log = log.text();
    assert_eq!(log.matches("Form::from_fields").count(), 1, "{log}");
    assert!(log.contains("route=\"/note\""), "{log}");
}

/// Fails with a status and headers of its own.
async fn busy() -> impl IntoResponse {
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, HeaderValue::from_static("60"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(ETAG, HeaderValue::from_static("\"of the text\""));
    let opaque = HeaderValue::from_bytes(b"name=\xff").unwrap();
    headers.append(SET_COOKIE, opaque);
    let error = RouteError::from(io::Error::other("locked"));
    (StatusCode::CONFLICT, headers, error)
}

#[tokio::test]
async fn a_page_in_place_of_a_response_keeps_its_status_and_headers() {
    let app = || {
        let leaf = Leaf::new().page(page).post(0, busy);
        Routes::new().route("/note", leaf).into_router()
    };
    let response = send(app(), "", &[]).await;
    assert_eq!(response.status(), 409);
    let headers = response.headers();
    assert_eq!(headers[RETRY_AFTER], "60");
    assert_eq!(headers[CACHE_CONTROL], "no-store");
    assert_eq!(headers[SET_COOKIE].as_bytes(), b"name=\xff");
    assert_eq!(headers[CONTENT_TYPE], "text/html; charset=utf-8");
    assert!(!headers.contains_key(ETAG));
    assert!(text(response).await.contains("The page's own error view."));

    let response = send(app(), "", &[(ACCEPT, "application/json")]).await;
    assert_eq!(response.status(), 409);
    assert_eq!(response.headers()[RETRY_AFTER], "60");
    let text = text(response).await;
    assert!(text.starts_with("Internal Server Error (error "), "{text}");
}

#[tokio::test]
async fn a_page_that_does_not_take_the_form_is_in_the_log() {
    /// What a second `mod form;` would make.
    #[derive(Deserialize)]
    struct OtherNote {}

    async fn other_page(mut visit: Visit<()>) -> Answer {
        async fn render(form: FormState<OtherNote>) -> Result {
            Ok(html! { (form.value("text")) })
        }
        let content = visit.page(0, render).await?;
        visit.answer(content).await
    }

    let log = Log::start();
    let response = send(routes().into_router(), "text=", &[]).await;
    assert_eq!(response.status(), 422);
    assert_eq!(log.text(), "");
    let leaf = Leaf::new().page(other_page).post(0, post);
    let app = Routes::new().route("/note", leaf).into_router();
    assert_eq!(send(app, "text=", &[]).await.status(), 422);
    let log = log.text();
    assert_eq!(log.matches("without its messages").count(), 1, "{log}");
    assert!(log.contains("forms_page::Note"), "{log}");
    assert!(log.contains("route=\"/note\""), "{log}");
}

/// The log of a form that `post` refuses and `page` shows again, to its end or not at all.
#[cfg(debug_assertions)]
async fn log_of<T: 'static, H>(leaf: Leaf<()>, post: H, is_read: bool) -> String
where
    H: axum::handler::Handler<T, ()>,
{
    let app = Routes::new().route("/note", leaf.post(0, post));
    let log = Log::start();
    let response = send(app.into_router(), "text=a&minutes=5", &[]).await;
    assert_eq!(response.status(), 422);
    if is_read {
        text(response).await;
    } else {
        drop(response);
    }
    log.text()
}

#[cfg(debug_assertions)]
#[tokio::test]
async fn a_message_that_the_page_does_not_show_is_in_the_log() {
    async fn misspelt(Form(_, mut form): Form<Note>) -> RouteResult<SeeOther> {
        form.reject("minuets", "Too long.");
        form.reject("minuets", "Too late.");
        form.reject("minutes", "Shown.");
        form.check()?;
        Ok(see_other("/"))
    }
    let log = log_of(Leaf::new().page(page), misspelt, true).await;
    assert_eq!(log.matches("WARN").count(), 1, "{log}");
    assert!(log.contains("route=\"/note\""), "{log}");
    assert!(log.contains("field=\"minuets\""), "{log}");
    let log = log_of(Leaf::new().page(page), misspelt, false).await;
    assert_eq!(log, "", "nobody has read the page");
}

#[cfg(debug_assertions)]
#[tokio::test]
async fn a_page_that_shows_a_message_late_or_in_another_way_is_not_warned_of() {
    async fn refuse(Form(_, mut form): Form<Note>) -> RouteResult<SeeOther> {
        form.reject("text", "Write something.");
        form.reject_form("The desk is closed.");
        form.check()?;
        Ok(see_other("/"))
    }
    async fn attributes(mut visit: Visit<()>) -> Answer {
        let render = async |form: FormState<Note>| {
            Ok(html! { input aria-invalid=[form.aria_invalid("text")]; })
        };
        let content = visit.page(0, render).await?;
        visit.answer(content).await
    }
    async fn late(mut visit: Visit<()>) -> Answer {
        async fn fields(form: FormState<Note>) -> Result {
            tokio::task::yield_now().await;
            Ok(html! { (form.form_message()) (form.message("text")) })
        }
        let render = async |form: FormState<Note>| {
            let fields = boundary(fields(form)).loading(html! { "…" });
            Ok(html! { body { (fields) } })
        };
        let content = visit.page(0, render).await?;
        visit.answer(content).await
    }
    async fn list(mut visit: Visit<()>) -> Answer {
        let render = async |form: FormState<Note>| {
            Ok(html! { @for (_, text) in form.errors() { p { (text) } } })
        };
        let content = visit.page(0, render).await?;
        visit.answer(content).await
    }
    async fn own_words(mut visit: Visit<()>) -> Answer {
        let render = async |form: FormState<Note>| {
            let closed = form.form_error().is_some();
            Ok(html! { (closed) @if form.is_invalid("text") { "Write!" } })
        };
        let content = visit.page(0, render).await?;
        visit.answer(content).await
    }
    for leaf in [
        Leaf::new().page(late),
        Leaf::new().page(list),
        Leaf::new().page(own_words),
    ] {
        assert_eq!(log_of(leaf, refuse, true).await, "");
    }
    let log = log_of(Leaf::new().page(attributes), refuse, true).await;
    assert!(log.contains("field=\"text\""), "{log}");
    assert!(log.contains("form_message()"), "{log}");
}

#[tokio::test]
async fn another_site_cannot_send_the_form_unless_it_is_trusted() {
    const OTHER: &str = "https://other.example";
    let trusting = || Csrf::new().trust(OTHER).unwrap();
    for (routes, origin, status) in [
        (routes(), "https://site.example", 303),
        (routes(), OTHER, 403),
        (routes(), "null", 403),
        (routes().csrf(trusting()), OTHER, 303),
        (routes().csrf(trusting()), "https://third.example", 403),
        (routes().without_csrf(), OTHER, 303),
    ] {
        let headers = [(ORIGIN, origin)];
        let response = send(routes.into_router(), "text=a&minutes=5", &headers).await;
        assert_eq!(response.status(), status, "{origin}");
        assert_eq!(response.headers().contains_key(SET_COOKIE), status == 303);
    }
}
