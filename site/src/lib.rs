//! The guide as a site, which is an Anabranch app itself.
//!
//! # Layout
//! * `build/`, beside this folder: turns the Markdown of the repository into pages, an index and
//!   `llms.txt`, and fails where a link leads nowhere
//! * `app/`: the pages and routes, wired at build time
//! * [`guide`]: the pages that were made of Markdown
//! * [`search`]: sections of them, by words
//! * [`watch`]: a page whose parts wait for gates that its visitor opens
//! * [`markdown`]: every page as Markdown, and who wants it so
//! * `site`: the app with its policy; `ui`: what several pages show

pub mod guide;
pub mod markdown;
pub mod search;
mod site;
mod ui;
pub mod watch;

pub use site::site;

anabranch::app!(watch::Visits);
