//! Which component answers a request: pages as axum handlers.
//!
//! The only crate that names axum routing. A page is answered in one of two ways:
//!
//! - [`page`] makes a handler of a component whose arguments are axum extractors;
//! - [`PageRequest`] is an extractor that renders a page inside a handler of your own.
//!
//! An `app/` folder of them becomes a router: [`mod@app`] is what its files and the code that is
//! generated from it use.
//!
//! # Layout
//! - [`mod@app`]: the `app/` tree.
//! - [`csrf`]: [`Csrf`], who may send what changes something.
//! - [`forms`]: [`Form`] for the `post` beside a page, [`FormState`] for the page.
//! - `handler`: [`page`], and what a component's arguments may be.
//! - [`public`]: [`Public`], static files.
//! - `rejection`: what an extractor answers in place of an argument.
//! - `request`: [`PageRequest`], what a request says about the page it asks for.
//! - `response`: [`Page`], the headers of a page.
//! - `route_error`: [`RouteError`], and [`see_other`].
//! - `script`: [`bridge`], the handler for an external bridge.
//! - `watch`: what a page waits for before its commit point, for its observers.

pub mod app;
pub mod csrf;
pub mod forms;
mod handler;
pub mod public;
mod rejection;
mod request;
mod response;
mod route_error;
mod script;
mod watch;

pub use csrf::{Csrf, InvalidOrigin};
pub use forms::{Form, FormState, Rerender};
pub use handler::{Component, PageHandler, page};
pub use public::{Embedded, Public};
pub use request::PageRequest;
pub use response::Page;
pub use route_error::{RouteError, RouteResult, SeeOther, see_other};
pub use script::bridge;
