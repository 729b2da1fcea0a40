//! A dashboard over the flights that left New York in 2013, streamed out of order.
//!
//! # Layout
//! * [`db`]: the embedded database, built at the first start
//! * [`queries`]: what is asked of it
//! * `dashboard`: the page that shows the answers
//! * `app`: routes and headers

mod app;
mod dashboard;
pub mod db;
pub mod queries;

pub use app::app;
