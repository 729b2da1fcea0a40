//! Random pages: components, boundaries and the work they share as data, with the page that the
//! data describes and the document that it must become.
//!
//! A graph is generated from a seed, so the same seed is the same page everywhere.
//!
//! # Layout
//! - [`graph`]: what a random page is. [`generate`] makes one from a seed.
//! - [`page`]: the graph as a page that waits at gates, sleeps, shares work and fails.
//! - [`html`]: markup that is legal in the place where it stands.
//! - [`model`]: what the page must be in the end, without futures, time or order.
//! - [`compare`]: the order of the wire, and equal documents.
//! - [`served`]: graphs behind a server.

pub mod compare;
pub mod generate;
pub mod graph;
pub mod html;
pub mod model;
pub mod page;
pub mod served;

use anabranch_paint::dom;

use crate::Tried;
use crate::row::failed;
use graph::Graph;

/// Checks that a stream keeps every rule of the wire, that its document is that of whole mode,
/// and that both are what the model says.
///
/// # Errors
/// The first of these that does not hold.
pub fn judge(graph: &Graph, streamed: &[u8], whole: &[u8]) -> Tried {
    let text = str::from_utf8(streamed).map_err(failed)?;
    compare::wire(text)?;
    let assembled =
        dom::assemble(streamed).map_err(|violation| format!("{violation}, in\n{text}"))?;
    let whole = dom::whole(whole).map_err(failed)?;
    let model = document(graph)?;
    compare::documents(("the model", &model), ("the whole page", &whole))?;
    compare::documents(
        ("the model", &model),
        ("the assembled stream", assembled.html()),
    )
}

/// The document of the model, in the notation of [`dom`].
///
/// # Errors
/// If the model is not a document.
pub fn document(graph: &Graph) -> Tried<String> {
    dom::whole(model::page(graph).as_bytes()).map_err(failed)
}
