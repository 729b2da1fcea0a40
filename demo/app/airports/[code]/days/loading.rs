//! While the days of the airport are counted. It stands in place of the loading view of the airport,
//! which is made for the overview.

use anabranch::prelude::*;

use super::page::cards;
use crate::ui::view::loading_block;

/// The cards without their content.
pub fn render() -> Markup {
    cards(
        &loading_block("year", "the calendar"),
        &loading_block("worst", "the worst days"),
    )
}
