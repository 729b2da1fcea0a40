//! What the handlers of an app take and answer, as OpenAPI, for clients that are generated from
//! it.
//!
//! Nothing is written twice. The path and the method are those of the `route.rs` that a handler
//! is in, the parameters and bodies are the types of its arguments, the answers are its result. All
//! that the types need is `#[derive(utoipa::ToSchema)]`.
//!
//! A build script that says `.openapi("api")` has a function `openapi()` generated beside
//! `router()`. It describes the handlers in that folder of the app and below, by calls like these:
//!
//! ```
//! use anabranch_openapi::Document;
//! use anabranch_router::app::Path;
//! use anabranch_router::RouteResult;
//! use axum::Json;
//! use serde::Serialize;
//! use utoipa::ToSchema;
//!
//! #[derive(Serialize, ToSchema)]
//! struct River {
//!     name: String,
//!     length: u32,
//! }
//!
//! async fn get(Path(length): Path<u32>) -> RouteResult<Json<River>> {
//!     Ok(Json(River { name: "Ob".to_owned(), length }))
//! }
//!
//! let document = Document::new("rivers", "1.0.0").get("/api/rivers/[length]", "One river.", &get);
//! let json = document.to_json();
//! assert!(json.contains(r#""/api/rivers/{length}""#) && json.contains(r#""summary": "One river.""#));
//! ```
//!
//! # Layout
//! - `document`: [`Document`], which handlers are added to.
//! - `operation`: [`Operation`], what is known of one handler.
//! - `names`: the names of types in a document.
//! - `handler`: from a function to the types of its arguments and of its result.
//! - `input`, `output`: [`Input`], [`Output`]: what these types say.
//! - `path`: what a type in a [`Path`](anabranch_router::app::Path) makes of its parameters.
//! - `query`: the fields of a type, as the parameters of a query.

mod document;
mod handler;
mod input;
mod names;
mod operation;
mod output;
mod path;
mod query;

pub use document::Document;
#[doc(hidden)]
pub use handler::{HandlerFn, Inputs};
pub use input::Input;
pub use operation::Operation;
pub use output::Output;
