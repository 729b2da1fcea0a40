//! The frame of the desk: who is logged in, and the way out.

use anabranch::prelude::*;
use axum::Extension;

use crate::app::href;
use crate::desk::Session;

/// The desk is not for search engines.
pub async fn head() -> Result<Head> {
    Ok(Head::title("The desk").meta("robots", "noindex"))
}

/// The bar above the page, unless nobody is logged in.
pub async fn render(children: Children, session: Option<Extension<Session>>) -> Result {
    Ok(html! {
        @if let Some(Extension(session)) = session {
            form.session method="post" action=(href::desk::logout()) {
                span { "Logged in as " strong { (session.user()) } }
                button.quiet { "Log out" }
            }
        }
        (children.await?)
    })
}
