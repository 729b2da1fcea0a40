//! Proves that a page streams: without a browser that its bytes are right, and in a real one that
//! it paints incrementally.
//!
//! A test holds the boundaries of a page, and releases them one by one. Each step of the page is
//! caused by the test, so no test sleeps and none depends on how fast the machine is.
//!
//! Most tests need no browser: a [`StreamTest`] asks the app for a page, and reads it frame by
//! frame.
//!
//! ```
//! use anabranch_paint::StreamTest;
//! # use anabranch::prelude::*;
//! # async fn home() -> Result {
//! #     let sales = async { Ok(html! { p { "1,024" } }) };
//! #     Ok(html! { (boundary(sales).name("sales").loading(html! { p { "Adding up…" } })) })
//! # }
//! # fn app() -> axum::Router { axum::Router::new().route("/", axum::routing::get(page(home))) }
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() {
//! // #[tokio::test(start_paused = true)]
//! let mut page = StreamTest::get(app(), "/").await;
//! page.shows_loading("sales");                            // sent, while "sales" is held
//! page.release("sales");
//! assert_eq!(page.next_patch().await.html, "<p>1,024</p>");
//! # }
//! ```
//!
//! Apps that render no boundaries of Anabranch wait at gates of their own, [`Gates`], on a
//! [`Server`] that can cut its connections.
//!
//! # The feature `browser`
//! It is on by default, and brings everything that shows a page in a browser, with the many crates
//! that this takes. Tests that use a [`StreamTest`] alone are built without it:
//! `default-features = false`.
//!
//! # Layout
//! - [`stream`]: a page tested without a browser, frame by frame, in any order.
//! - [`dom`]: the bytes of a response, assembled as a browser does.
//! - [`gates`], [`server`]: gates for any app, and a server that can cut its connections.
//! - `evidence`: what a failed assertion leaves in the target folder.
//! - `name`: what a boundary is called.
#![cfg_attr(feature = "browser", doc = include_str!("browser.md"))]

pub mod dom;
pub mod error;
mod evidence;
pub mod gates;
mod name;
pub mod server;
pub mod stream;

pub use error::{Error, Result};
pub use gates::Gates;
pub use server::Server;
pub use stream::StreamTest;

// What needs the feature `browser`.
#[cfg(feature = "browser")]
pub mod chromium;
#[cfg(feature = "browser")]
pub mod film;
#[cfg(feature = "browser")]
pub mod firefox;
#[cfg(feature = "browser")]
pub mod mark;
#[cfg(feature = "browser")]
pub mod mode;
#[cfg(feature = "browser")]
pub mod page;
#[cfg(feature = "browser")]
mod program;
#[cfg(feature = "browser")]
pub mod site;
#[cfg(feature = "browser")]
pub mod stage;
#[cfg(feature = "browser")]
pub mod timeline;
#[cfg(feature = "browser")]
pub mod waterfall;
#[cfg(feature = "browser")]
pub mod webkit;

#[cfg(feature = "browser")]
pub use self::{
    chromium::{Chromium, Network, PageBuilder, Swap},
    firefox::Firefox,
    mode::Mode,
    page::Page,
    site::Site,
    stage::Stage,
    timeline::{Timeline, What},
    waterfall::Waterfall,
};
