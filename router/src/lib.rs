//! Which component answers a request: pages as axum handlers.
//!
//! The only crate that names axum routing. A page is answered in one of two ways:
//!
//! - [`page`] makes a handler of a component whose arguments are axum extractors;
//! - [`PageRequest`] is an extractor that renders a page inside a handler of your own.
//!
//! # Layout
//! - `handler`: [`page`], and what a component's arguments may be.
//! - `request`: [`PageRequest`], what a request says about the page it asks for.
//! - `response`: [`Page`], the headers of a page.
//! - `script`: [`bridge`], the handler for an external bridge.

mod handler;
mod request;
mod response;
mod script;

pub use handler::{Component, PageHandler, page};
pub use request::PageRequest;
pub use response::Page;
pub use script::bridge;
