//! The login.

use anabranch::prelude::*;
use axum::http::HeaderMap;

use super::route::{Credentials, Next};
use crate::db::Db;
use crate::desk::{PASSWORD, USER};

/// The title. Whoever is logged in goes on at once.
pub async fn head(
    State(db): State<Db>,
    Query(next): Query<Next>,
    headers: HeaderMap,
) -> Result<Head> {
    match db.session(&headers).await? {
        Some(_) => Err(redirect(next.path())),
        None => Ok(Head::title("Log in to the desk")),
    }
}

/// The form. It is sent to its own address, so that where to go next stays in it.
pub async fn render(form: FormState<Credentials>) -> Result {
    Ok(html! {
        div.top {
            h1 { "Log in" }
            p {
                "The desk is where notes about flights are written. This is a demo, so its account"
                " is no secret: " code { (USER) } ", " code { (PASSWORD) } "."
            }
        }
        section.card.narrow aria-label="Log in" {
            form.stack method="post" {
                (form.form_message())
                div.field {
                    label for="name" { "Name" }
                    input #name name="name" value=(form.value("name")) required
                        autocomplete="username" autocapitalize="none" spellcheck="false"
                        aria-invalid=[form.aria_invalid("name")]
                        aria-describedby=[form.described_by("name")];
                    (form.message("name"))
                }
                div.field {
                    label for="password" { "Password" }
                    input #password type="password" name="password" required
                        autocomplete="current-password"
                        aria-invalid=[form.aria_invalid("password")]
                        aria-describedby=[form.described_by("password")];
                    (form.message("password"))
                }
                button { "Log in" }
            }
        }
    })
}
