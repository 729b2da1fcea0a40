//! The site: its pages in `app/`, and what they show.

pub mod rivers;

anabranch::app!();
