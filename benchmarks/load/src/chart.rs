//! The figures as one SVG: a panel of bars for each, on a scale of powers of ten.

use std::fmt::Write;

/// Figures of all servers that share a unit; not a number where there is none.
pub(crate) struct Panel {
    pub(crate) title: String,
    pub(crate) bars: Vec<(String, f64)>,
}

const COLUMNS: usize = 2;
const PANEL_WIDTH: usize = 470;
const ROW: usize = 17;
/// Of a panel, above its bars and below.
const HEAD: usize = 40;
const FOOT: usize = 16;
/// Of a bar: room for the name before it and for the figure behind it.
const NAME: usize = 152;
const FIGURE: usize = 66;

/// Colours for both schemes of a reader; an image in a page follows the reader's.
const STYLE: &str = "\
text{font:12px system-ui,sans-serif;fill:#1f2328}
.title{font-weight:600;font-size:13px}
.note{fill:#59636e}
.name{text-anchor:end}
.grid{stroke:#d1d9e0}
.bar{fill:#8c959f}
.ours{fill:#0969da}
.ground{fill:#ffffff}
@media (prefers-color-scheme:dark){
text{fill:#f0f6fc}
.note{fill:#9198a1}
.grid{stroke:#3d444d}
.bar{fill:#656c76}
.ours{fill:#4493f8}
.ground{fill:#0d1117}
}";

/// Draws `panels` under `title` and a line for each of `notes`.
pub(crate) fn draw(title: &str, notes: &[String], panels: &[Panel]) -> String {
    let width = COLUMNS * PANEL_WIDTH + 20;
    let mut height = 46 + notes.len() * ROW;
    let mut body = String::new();
    for (line, note) in notes.iter().enumerate() {
        let (y, note) = (46 + line * ROW, escape(note));
        let _ = writeln!(body, r#"<text class="note" x="20" y="{y}">{note}</text>"#);
    }
    for row in panels.chunks(COLUMNS) {
        for (column, panel) in row.iter().enumerate() {
            let x = 10 + column * PANEL_WIDTH;
            let _ = write!(body, r#"<g transform="translate({x} {height})">"#);
            draw_panel(&mut body, panel);
            body.push_str("</g>\n");
        }
        let bars = row.iter().map(|panel| panel.bars.len()).max();
        height += HEAD + bars.unwrap_or(0) * ROW + FOOT;
    }
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">
<title>{title}</title>
<style>{STYLE}</style>
<rect class="ground" width="{width}" height="{height}"/>
<text class="title" x="20" y="26">{title}</text>
{body}</svg>
"#,
        title = escape(title),
    )
}

fn draw_panel(out: &mut String, panel: &Panel) {
    let Some(scale) = Scale::over(&panel.bars) else {
        return;
    };
    let bottom = HEAD + panel.bars.len() * ROW;
    let _ = write!(
        out,
        r#"<text class="title" x="10" y="16">{}</text>"#,
        escape(&panel.title)
    );
    // So that labels of long numbers do not touch.
    let step = if scale.high - scale.low > 4 { 2 } else { 1 };
    for power in scale.low..=scale.high {
        let x = scale.place(10f64.powi(power));
        let has_label = (power - scale.low) % step == 0;
        let label = has_label.then(|| figure(10f64.powi(power)));
        let label = label.unwrap_or_default();
        let _ = write!(
            out,
            r#"<path class="grid" d="M{x:.1} {HEAD}V{bottom}"/><text class="note" text-anchor="middle" x="{x:.1}" y="{}">{label}</text>"#,
            HEAD - 6
        );
    }
    for (row, (name, value)) in panel.bars.iter().enumerate() {
        let y = HEAD + row * ROW;
        let ours = name.starts_with("anabranch") || name == "tree";
        let class = if ours { "ours" } else { "bar" };
        let text = y + 12;
        let _ = write!(
            out,
            r#"<text class="name" x="{}" y="{text}">{}</text>"#,
            NAME - 6,
            escape(name)
        );
        let end = if value.is_nan() {
            NAME as f64
        } else {
            scale.place(*value).max(NAME as f64 + 1.0)
        };
        let _ = write!(
            out,
            r#"<rect class="{class}" x="{NAME}" y="{}" width="{:.1}" height="{}"/><text x="{:.1}" y="{text}">{}</text>"#,
            y + 2,
            end - NAME as f64,
            ROW - 4,
            end + 4.0,
            if value.is_nan() {
                "–".into()
            } else {
                figure(*value)
            },
        );
    }
}

/// Powers of ten around all values of a panel.
struct Scale {
    low: i32,
    high: i32,
}

impl Scale {
    fn over(bars: &[(String, f64)]) -> Option<Self> {
        let values = || {
            bars.iter()
                .map(|&(_, value)| value)
                .filter(|value| *value > 0.0)
        };
        let least = values().min_by(f64::total_cmp)?;
        let most = values().max_by(f64::total_cmp)?;
        // A bar at the very start of the scale would not be seen.
        let low = (least.log10() - 0.2).floor() as i32;
        Some(Self {
            low,
            high: (most.log10().ceil() as i32).max(low + 1),
        })
    }

    fn place(&self, value: f64) -> f64 {
        let share = (value.log10() - f64::from(self.low)) / f64::from(self.high - self.low);
        NAME as f64 + share * (PANEL_WIDTH - NAME - FIGURE) as f64
    }
}

/// Three digits, and thousands parted.
fn figure(value: f64) -> String {
    if value < 100.0 {
        let text = format!("{value:.1}");
        return text.strip_suffix(".0").unwrap_or(&text).into();
    }
    let digits = format!("{value:.0}");
    let mut parted = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            parted.push(',');
        }
        parted.push(digit);
    }
    parted
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(values: [f64; 3]) -> Vec<(String, f64)> {
        values.map(|value| ("a".into(), value)).into()
    }

    #[test]
    fn a_scale_spans_the_values() {
        let scale = Scale::over(&bars([12.0, 3_400.0, f64::NAN])).unwrap();
        assert_eq!((scale.low, scale.high), (0, 4));
        assert!(scale.place(10.0) < scale.place(12.0));
        assert!(Scale::over(&bars([f64::NAN; 3])).is_none());
    }

    #[test]
    fn figures_are_readable() {
        assert_eq!(
            [0.5, 12.34, 250.4, 12_345.0, 1e6].map(figure),
            ["0.5", "12.3", "250", "12,345", "1,000,000"]
        );
    }

    #[test]
    fn each_server_has_a_bar_or_a_dash() {
        let panel = Panel {
            title: "a < b".into(),
            bars: bars([1.0, 20.0, f64::NAN]),
        };
        let svg = draw("t", &["n".into()], &[panel]);
        assert_eq!(svg.matches("<rect class=\"bar\"").count(), 3);
        assert!(svg.contains("a &lt; b") && svg.contains('–'));
    }
}
