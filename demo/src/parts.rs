//! Components that several pages show, each over any subset of the flights.
//!
//! A part is what stands inside a boundary; the page that shows it gives it its frame.

pub(crate) mod calendar;
pub(crate) mod carriers;
pub(crate) mod flights;
pub(crate) mod hours;
pub(crate) mod months;
pub(crate) mod routes;
pub(crate) mod skies;
pub(crate) mod totals;
