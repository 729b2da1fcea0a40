//! Wires an `app/` folder at build time.
//!
//! The build script of a crate with an app is one line:
//!
//! ```no_run
//! anabranch_build::app("app");
//! ```
//!
//! The crate itself then includes what was generated: `anabranch::app!()`.
//!
//! # Layout
//! One step after the other: scan -> model -> check -> emit.
//! - `app`: [`App`], the folders of an app, and what happens with the outcome.
//! - `scan`: what is in the folders; the only module that walks them.
//! - `model`: the tree of segments, made of `role` (names of files), `segment` (names of
//!   folders), `source` (Rust files) and `template` (HTML files).
//! - `route`: the chains of segments that answer requests.
//! - `check`: what is wrong with the tree, as [`Diagnostic`]s.
//! - `emit`: the generated code; `outline`: the tree for tools that show it.
//! - `names`, `typo`: Rust names for folders; names that look misspelt.

mod app;
mod check;
mod diagnostic;
mod emit;
mod model;
mod names;
mod outline;
mod role;
mod route;
mod scan;
mod segment;
mod source;
mod template;
mod typo;

pub use app::{App, Generated, StaticFiles, app};
pub use diagnostic::{Diagnostic, Level};
pub use outline::{Outline, OutlineFile};
