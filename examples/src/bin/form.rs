//! A form that comes back with what was typed and what is wrong with it, without JavaScript.
//!
//! In an `app/` folder the page and its `post` are two files, and the page is rendered again by
//! itself; here the handler does it.

use anabranch::Csrf;
use anabranch::forms::FormRejection;
use anabranch::prelude::*;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Router, routing::get};
use examples::document;
use serde::Deserialize;

#[derive(Deserialize)]
struct Note {
    text: String,
    minutes: Option<u32>,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new()
        .route("/", get(page(empty)).post(submit))
        .route("/thanks", get(page(thanks)))
        .layer(Csrf::new()); // other sites cannot send it
    examples::serve(app).await
}

async fn empty() -> Result {
    Ok(form_page(&FormState::default()))
}

async fn submit(
    request: PageRequest,
    form: Result<Form<Note>, FormRejection<Note>>,
) -> Result<SeeOther, Response> {
    let mistakes = match form {
        Ok(Form(note, form)) => match check(&note, form) {
            Ok(()) => return Ok(see_other("/thanks")),
            Err(mistakes) => mistakes,
        },
        // What does not fit the type, such as letters for a number.
        Err(FormRejection::Invalid(mistakes)) => mistakes,
        Err(FormRejection::Unreadable(response)) => return Err(response),
    };
    let page = request
        .render(async move { Ok(form_page(&mistakes)) })
        .await;
    Err((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// What only the app can judge.
fn check(note: &Note, mut form: FormState<Note>) -> Result<(), FormState<Note>> {
    if note.text.trim().is_empty() {
        form.reject("text", "Write something.");
    }
    if note.minutes.is_some_and(|minutes| minutes > 600) {
        form.reject("minutes", "At most ten hours.");
    }
    form.check()
}

fn form_page(form: &FormState<Note>) -> Markup {
    document(
        "A note",
        &html! {
            form method="post" {
                p {
                    label for="text" { "Note " }
                    input #text name="text" value=(form.value("text"))
                        aria-invalid=[form.aria_invalid("text")]
                        aria-describedby=[form.described_by("text")];
                    (form.message("text"))
                }
                p {
                    label for="minutes" { "Minutes " }
                    input #minutes name="minutes" inputmode="numeric" value=(form.value("minutes"))
                        aria-invalid=[form.aria_invalid("minutes")]
                        aria-describedby=[form.described_by("minutes")];
                    (form.message("minutes"))
                }
                button { "Save" }
            }
        },
    )
}

async fn thanks() -> Result {
    Ok(document("Thank you", &html! { p { "It is saved." } }))
}
