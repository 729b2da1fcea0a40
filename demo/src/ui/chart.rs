//! Charts as inline SVG.
//!
//! Positions across are percentages, those down are pixels: a chart fits any width with letters
//! of one size, and its height is known before its data is.

use anabranch::prelude::*;

use crate::ui::number::decimal;

/// A value with its name.
#[derive(Debug)]
pub(crate) struct Item {
    /// Stands at the axis.
    pub(crate) label: String,
    /// Length of the bar. A negative one has no length.
    pub(crate) value: f64,
    /// Says more where a pointer rests on the bar, or at the end of a bar that lies.
    pub(crate) detail: String,
}

/// Height of [`columns`] and [`bars`] in pixels.
const HEIGHT: f64 = 224.0;

/// Upright bars, side by side, each under its rounded value. `summary` says in words what the
/// chart shows.
pub(crate) fn columns(summary: &str, items: &[Item]) -> Markup {
    const TOP: f64 = 20.0;
    const BASE: f64 = HEIGHT - 24.0;
    let most = most(items);
    let step = 100.0 / items.len().max(1) as f64;
    // On a narrow screen labels of a dense chart make room: every second one does, and those
    // beside the longest bar, whose own stays.
    let dense = items.len() > 10;
    let longest = items.iter().position(|item| item.value >= most);
    let makes_room = |at: usize| match longest.map(|longest| longest.abs_diff(at)) {
        Some(0) => false,
        Some(1) => dense,
        _ => dense && at % 2 == 1,
    };
    html! {
        svg class=[dense.then_some("dense")] role="img" aria-label=(summary) width="100%" height=(HEIGHT) {
            @for (at, item) in items.iter().enumerate() {
                @let height = length(item.value, most, BASE - TOP).max(1.0);
                @let left = step * at as f64;
                @let middle = percent(left + step / 2.0);
                rect class=(bar_class(item.value, most)) rx="3"
                    x=(percent(left + step * 0.12)) width=(percent(step * 0.76))
                    y=(decimal(BASE - height, 1)) height=(decimal(height, 1)) {
                    title { (item.detail) }
                }
                text.strong.spare[makes_room(at)] text-anchor="middle"
                    x=(middle) y=(decimal(BASE - height - 6.0, 1)) { (short(item.value)) }
                text.spare[dense && at % 2 == 1] text-anchor="middle" x=(middle) y=(HEIGHT - 6.0) { (item.label) }
            }
            line class="axis" x1="0" x2="100%" y1=(BASE + 0.5) y2=(BASE + 0.5) {}
        }
    }
}

/// Bars that lie, one below the other, each under its name and detail.
pub(crate) fn bars(summary: &str, items: &[Item]) -> Markup {
    let most = most(items);
    let step = HEIGHT / items.len().max(1) as f64;
    html! {
        svg role="img" aria-label=(summary) width="100%" height=(HEIGHT) {
            @for (at, item) in items.iter().enumerate() {
                @let top = step * at as f64;
                text class="strong" x="0" y=(decimal(top + 13.0, 1)) { (item.label) }
                text x="100%" y=(decimal(top + 13.0, 1)) text-anchor="end" { (item.detail) }
                rect class="track" x="0" width="100%" rx="3"
                    y=(decimal(top + 21.0, 1)) height="10" {}
                rect class=(bar_class(item.value, most)) x="0" rx="3"
                    width=(percent(length(item.value, most, 100.0)))
                    y=(decimal(top + 21.0, 1)) height="10" {}
            }
        }
    }
}

fn most(items: &[Item]) -> f64 {
    items.iter().map(|item| item.value).fold(0.0, f64::max)
}

fn length(value: f64, most: f64, whole: f64) -> f64 {
    if most > 0.0 {
        value.max(0.0) / most * whole
    } else {
        0.0
    }
}

/// In as few letters as a narrow bar has room for: "999", then "1.2k".
fn short(value: f64) -> String {
    if value < 999.5 {
        decimal(value, 0)
    } else {
        format!("{}k", decimal(value / 1e3, 1))
    }
}

fn bar_class(value: f64, most: f64) -> &'static str {
    if value >= most { "bar most" } else { "bar" }
}

fn percent(value: f64) -> String {
    format!("{value:.2}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(value: f64) -> Item {
        Item {
            label: "<label>".to_owned(),
            value,
            detail: "detail".to_owned(),
        }
    }

    #[test]
    fn the_longest_bar_stands_out_and_a_negative_one_has_no_length() {
        let chart = bars("summary", &[item(-3.0), item(10.0), item(5.0)]).into_string();
        let widths = ["width=\"0.00%\"", "width=\"100.00%\"", "width=\"50.00%\""];
        for width in widths {
            assert!(chart.contains(width), "{width} in {chart}");
        }
        assert_eq!(chart.matches("bar most").count(), 1);
        assert!(chart.contains("&lt;label&gt;"));
    }

    #[test]
    fn long_numbers_are_shortened() {
        let shortened = [-3.4, 999.4, 999.6, 1_096.0, 12_345.0].map(short);
        assert_eq!(shortened, ["−3", "999", "1.0k", "1.1k", "12.3k"]);
    }

    #[test]
    fn a_chart_of_nothing_is_an_empty_chart() {
        for chart in [columns("none", &[]), bars("none", &[])] {
            let chart = chart.into_string();
            assert!(chart.starts_with("<svg role=\"img\" aria-label=\"none\""));
            assert!(!chart.contains("NaN") && !chart.contains("<rect"));
        }
        assert!(!columns("zero", &[item(0.0)]).into_string().contains("NaN"));
    }

    #[test]
    fn only_dense_columns_leave_labels_out() {
        let few: Vec<_> = (0..10).map(|value| item(f64::from(value))).collect();
        let many: Vec<_> = (0..11).map(|value| item(f64::from(value))).collect();
        assert!(!columns("few", &few).into_string().contains("spare"));
        assert!(columns("many", &many).into_string().contains("spare"));
    }
}
