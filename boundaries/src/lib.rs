//! What a page is: components, boundaries, the open scope, errors, shared futures.
//!
//! A component is a plain async function that returns [`Result<Markup>`](Result). A
//! [`boundary`] stands where the content of one will show. Rendering a boundary registers it
//! with the [open scope](scope) and leaves a private [token] in the text; when the component
//! completes, one pass over its text turns tokens into holes.
//!
//! Nothing here polls a future on its own account or knows a runtime, a clock or a server: the
//! engine implements [`scope::Scope`] and decides when things happen.
//!
//! # Layout
//! - [`boundary()`] and [`Boundary`]: the builder a page writes.
//! - [`share()`] and [`Shared`]: one future, awaited from many boundaries.
//! - [`Error`], [`not_found`], [`redirect`]: what a component fails with.
//! - [`Head`]: title and tags, early or late.
//! - [`scope`]: how a boundary finds the page it is rendered in.
//! - [`panic`](mod@panic): panics that become errors, and where they happened.
//! - [`token`]: the mark in the text, and the pass that finds it again.

mod boundary;
mod duration;
mod error;
mod head;
pub mod panic;
pub mod scope;
pub mod shared;
pub mod token;

pub use boundary::{
    Boundary, Details, ErrorView, FallbackView, IntoLoading, Loading, Options, Registration,
    boundary,
};
pub use duration::{millis, secs};
pub use error::{
    Error, ErrorId, InvalidLocation, OrNotFound, Result, not_found, redirect, redirect_external,
};
pub use head::Head;
pub use shared::{Shared, share};
