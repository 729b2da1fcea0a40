//! What the pages of several rows are made of.

use anabranch::prelude::{DOCTYPE, Markup, Result, html};
use anabranch_paint::{Gates, dom};

use crate::client::Reply;
use crate::{Tried, check};

/// A document around `body`.
#[must_use]
#[expect(
    clippy::needless_pass_by_value,
    reason = "a page reads better than its reference"
)]
pub fn document(body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "page" } }
            body { (body) }
        }
    }
}

/// Content that waits for a gate.
///
/// # Errors
/// Never: it is a component.
pub async fn gated(gates: Gates, gate: String, content: Markup) -> Result {
    gates.wait(&gate).await;
    Ok(content)
}

/// The document of a page that was streamed, in the notation of [`dom`].
///
/// # Errors
/// If the stream breaks a rule of the wire, or was cut.
pub fn assembled(body: &[u8]) -> Tried<String> {
    let assembled = dom::assemble(body).map_err(|violation| {
        let page = String::from_utf8_lossy(body);
        format!("{violation} in {page}")
    })?;
    Ok(assembled.html().to_owned())
}

/// Asserts that a response is complete and shows what `expected` shows.
///
/// # Errors
/// If it does not.
pub fn shows(reply: &Reply, expected: &Markup) -> Tried {
    check!(
        reply.is_complete(),
        "the response is cut: {:?}",
        reply.ending
    );
    let expected = dom::whole(expected.0.as_bytes()).map_err(|violation| violation.to_string())?;
    let found = assembled(&reply.body)?;
    let difference = dom::first_difference(&expected, &found);
    check!(difference.is_none(), "the page differs: {difference:?}");
    Ok(())
}
