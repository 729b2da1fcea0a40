//! Proves that a page streams: in a real browser that it paints incrementally, and without one
//! that its bytes are right.
//!
//! A test starts its app on a [`Site`], which holds every boundary of it; it opens a page and then
//! releases the boundaries one by one. Each step of the page is caused by the test, so no test
//! sleeps and none depends on how fast the machine is.
//!
//! ```no_run
//! use anabranch_paint::Site;
//! # fn app() -> axum::Router { axum::Router::new() }
//!
//! # fn main() -> anabranch_paint::Result {
//! let site = Site::start(app())?;
//! let page = site.open("/")?;
//! page.shows_loading("sales");                            // painted, while "sales" is held
//! page.release("sales");
//! page.painted("sales").after("loading sales").while_open();
//! # Ok(())
//! # }
//! ```
//!
//! Apps that render no boundaries of Anabranch wait at gates of their own, and mark themselves
//! what is painted: [`Gates`], [`Server`] and [`Page::wait_painted`].
//!
//! # Chromium
//! The environment variable `CHROME` names it, else it is looked for in `PATH`. A test without a
//! browser fails and says how to install one; it is never skipped. Tests mostly wait for the
//! browser, so more threads than cores are worth it: `cargo test -- --test-threads 6`.
//!
//! # Layout
//! - [`chromium`]: finds Chromium, starts it once, with the native swap or without; phones, slow
//!   networks and slow processors.
//! - [`firefox`], [`webkit`]: the other engines, where they are installed.
//! - [`mode`]: the modes in which a page must work, as one list.
//! - [`site`]: the app under test on a port of its own, with a stage around it.
//! - [`stage`]: gates in front of boundaries, and a record of what happened to them; [`mark`] puts
//!   names on what is to be painted.
//! - [`page`]: a page whose response may stay open: assertions, conditions, paints, screenshots.
//! - [`timeline`]: what the browser saw and what the app did, by time.
//! - `evidence`: what a failed assertion leaves in the target folder.
//! - [`gates`], [`server`]: gates for any app, and a server that can cut its connections.
//! - [`film`]: the frames that a page showed, for pictures of it filling in.
//! - [`waterfall`]: what took how long, as an SVG.
//! - [`stream`]: a page tested without a browser, frame by frame, in any order.
//! - [`dom`]: the same judgement without a browser: the bytes of a response, assembled.

pub mod chromium;
pub mod dom;
pub mod error;
mod evidence;
pub mod film;
pub mod firefox;
pub mod gates;
pub mod mark;
pub mod mode;
pub mod page;
mod program;
pub mod server;
pub mod site;
pub mod stage;
pub mod stream;
pub mod timeline;
pub mod waterfall;
pub mod webkit;

pub use chromium::{Chromium, Network, PageBuilder, Swap};
pub use error::{Error, Result};
pub use firefox::Firefox;
pub use gates::Gates;
pub use mode::Mode;
pub use page::Page;
pub use server::Server;
pub use site::Site;
pub use stage::Stage;
pub use stream::StreamTest;
pub use timeline::{Timeline, What};
pub use waterfall::Waterfall;
