//! What the pages are drawn with: SVG, views for what is not there yet, and texts.

pub(crate) mod card;
pub(crate) mod chart;
pub(crate) mod number;
pub(crate) mod view;
