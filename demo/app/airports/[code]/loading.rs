//! While the flights of the airport are counted.

use anabranch::prelude::*;

use super::page::{hours_frame, weather_frame};
use crate::parts::totals;
use crate::ui::view::loading_block;

/// The totals without their numbers, and the first cards without their charts.
pub fn render() -> Markup {
    html! {
        div.grid {
            (totals::loading(totals::Last::Airlines))
            (hours_frame(&loading_block("tall", "the delays by hour")))
            (weather_frame(&loading_block("tall", "the weather")))
        }
    }
}
