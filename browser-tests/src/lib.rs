//! Proves in a real browser that a page paints incrementally.
//!
//! A test starts its app on a gated server, opens a page of it in Chromium, and then opens gates
//! one by one: each step of the page is caused by the test, so no test sleeps and none depends on
//! how fast the machine is.
//!
//! ```no_run
//! use anabranch_paint::{Chromium, Gates, Server, Swap};
//! # fn app(gates: Gates) -> axum::Router { axum::Router::new() }
//!
//! # fn main() -> anabranch_paint::Result {
//! let gates = Gates::new();
//! let server = Server::start(app(gates.clone()), &gates)?;     // the app waits: gates.wait("sales").await
//! let page = Chromium::shared(Swap::Native)?.page().open(&server.url("/"))?;
//!
//! page.wait_painted("loading")?;                               // <p elementtiming="loading">
//! gates.open("sales");
//! page.wait_painted("sales")?;                                 // while the response is still open
//! # Ok(())
//! # }
//! ```
//!
//! # Chromium
//! The environment variable `CHROME` names it, else it is looked for in `PATH`. A test without a
//! browser fails and says how to install one; it is never skipped. Tests mostly wait for the
//! browser, so more threads than cores are worth it: `cargo test -- --test-threads 6`.
//!
//! # Layout
//! - [`chromium`]: finds Chromium, starts it once, with the native swap or without; phones, slow
//!   networks and slow processors.
//! - [`mode`]: the modes in which a page must work, as one list.
//! - [`gates`], [`server`]: the app under test, its gates, and a switch that cuts its connections.
//! - [`page`]: a page whose response may stay open: conditions, paints, violations, screenshots.
//! - [`film`]: the frames that a page showed, for pictures of it filling in.
//! - [`stream`]: a page tested without a browser, frame by frame, in any order.
//! - [`dom`]: the same judgement without a browser: the bytes of a response, assembled.

pub mod chromium;
pub mod dom;
pub mod error;
mod evidence;
pub mod film;
pub mod gates;
mod holds;
pub mod mark;
pub mod mode;
pub mod page;
mod reaper;
pub mod server;
pub mod site;
pub mod stage;
pub mod stream;
pub mod timeline;

pub use chromium::{Chromium, Network, PageBuilder, Swap};
pub use error::{Error, Result};
pub use gates::Gates;
pub use mode::Mode;
pub use page::Page;
pub use server::Server;
pub use site::Site;
pub use stage::Stage;
pub use stream::StreamTest;
pub use timeline::{Timeline, What};
