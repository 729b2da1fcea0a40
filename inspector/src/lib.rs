//! Shows a developer how each part of a streamed page came to be: a waterfall over the page,
//! measures in the browser's performance panel, `Server-Timing`, and hints.
//!
//! It is one layer around an app:
//!
//! ```
//! use anabranch_inspector::Inspector;
//!
//! # async fn home() {}
//! let app: axum::Router = axum::Router::new()
//!     .route("/", axum::routing::get(home))
//!     .layer(Inspector::new());
//! ```
//!
//! In a release build it is off, and adds not a byte, unless the environment variable
//! `ANABRANCH_INSPECT` is `1`.
//!
//! # Layout
//! - `layer`: [`Inspector`], the layer, and the service it makes.
//! - `inspection`: observes one page, and writes what the browser is told of it.
//! - `record`: what is known of a page, with times since its request.
//! - `hints`: what could be better, from one record; `stats`: what many views tell.
//! - `server_timing`: what came before the commit, as a header.
//! - `script`: the constant script that draws it: `inspector.js`, with `inspector.css`.

mod hints;
mod inspection;
mod layer;
mod record;
mod script;
mod server_timing;
mod stats;

pub use layer::{Inspected, InspectedFuture, Inspector};
pub use script::{SCRIPT, SCRIPT_HASH};
