//! A year of flights from New York: pages that are streamed out of order, an API, and a desk.
//!
//! # Layout
//! * `app/`, beside this folder: the pages and routes, wired at build time
//! * [`db`]: where the data lives, filled at the first start: an SQLite file, or PostgreSQL
//! * [`queries`]: what is asked of it, [`date`]: about which days
//! * `parts`: components that several pages show; `ui`: what they are drawn with
//! * [`desk`]: accounts, sessions, and the form of a note
//! * `site`: the app with its policy

pub mod date;
pub mod db;
pub mod desk;
mod parts;
pub mod queries;
mod site;
mod ui;

pub use site::site;

anabranch::app!(db::Db);
