//! The picture, read back as a document.

use super::{Mark, Row, Stretch, Waterfall};
use crate::dom;

/// The lines of the picture as the kit writes documents: a line for each tag and each text.
fn lines(waterfall: &Waterfall) -> Vec<String> {
    let document = format!("<!DOCTYPE html><body>{}</body>", waterfall.svg());
    let normal = dom::whole(document.as_bytes()).unwrap();
    normal.lines().map(str::to_owned).collect()
}

/// The value of an attribute in a line.
fn attribute<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = line.split_once(&format!(" {name}=\""))?;
    Some(rest.split_once('"')?.0)
}

/// Every number that places something, with the name of its attribute.
fn numbers(line: &str) -> Vec<(&str, f64)> {
    let places = [
        "x", "x1", "x2", "cx", "width", "y", "y1", "y2", "cy", "height",
    ];
    let single = places.into_iter().filter_map(|name| {
        let value = attribute(line, name)?;
        Some((name, value.parse().unwrap()))
    });
    let corners = attribute(line, "points").unwrap_or_default();
    let corners = corners.split_whitespace().flat_map(|corner| {
        let (x, y) = corner.split_once(',').unwrap();
        [("x", x.parse().unwrap()), ("y", y.parse().unwrap())]
    });
    single.chain(corners).collect()
}

fn page() -> Waterfall {
    let mut failed = Row::new("Weather").tick(Mark::Painted, 310.0);
    failed.failed = true;
    let mut nested = Row::new("Delays").tick(Mark::Painted, 480.0);
    nested.depth = 1;
    Waterfall {
        title: "Flights".into(),
        source: "http://127.0.0.1/".into(),
        rows: vec![
            Row::new("Request").span(Stretch::Request, 0.0, 100.0),
            Row::new("Day")
                .detail("#0")
                .span(Stretch::Loading, 120.0, 400.0)
                .span(Stretch::Work, 110.0, 380.0)
                .tick(Mark::Sent, 390.0)
                .tick(Mark::Painted, 420.0),
            nested,
            failed,
        ],
        complete: Some(500.0),
        notes: vec!["Once.".into()],
    }
}

#[test]
fn a_row_has_its_name_its_marks_and_its_time() {
    let lines = lines(&page());
    let row = lines.iter().position(|line| line == "\"Day\"").unwrap();
    let end = row
        + lines[row..]
            .iter()
            .position(|line| line == "</svg g>")
            .unwrap();
    let row = &lines[row..end];
    let has = |class: &str| {
        let mut classes = row.iter().filter_map(|line| attribute(line, "class"));
        classes.any(|other| other == class)
    };
    assert!(has("loading") && has("work") && has("sent") && has("painted"));
    assert!(!has("arrived") && !has("cross") && !has("elbow"));
    assert!(row.contains(&"\"#0\"".to_owned()) && row.contains(&"\"420 ms\"".to_owned()));
}

#[test]
fn times_are_at_their_place_on_the_axis() {
    let lines = lines(&page());
    let at = |text: &str| {
        let text = lines.iter().position(|line| line == text).unwrap();
        attribute(&lines[text - 1], "x")
            .unwrap()
            .parse::<f64>()
            .unwrap()
    };
    let (start, end) = (at("\"0 ms\""), at("\"500 ms\""));
    let painted = lines.iter().filter(|line| line.starts_with("<svg circle"));
    let places: Vec<f64> = painted
        .map(|line| attribute(line, "cx").unwrap().parse().unwrap())
        .collect();
    // Two rows, then the sample in the legend.
    assert_eq!(places.len(), 3);
    for (place, time) in places.iter().zip([420.0, 480.0]) {
        assert!(
            (place - (start + (end - start) * time / 500.0)).abs() < 0.2,
            "{place} is not {time} ms"
        );
    }
}

#[test]
fn a_failure_has_a_shape_of_its_own() {
    let lines = lines(&page());
    let failed = lines
        .iter()
        .position(|line| attribute(line, "class") == Some("failed"))
        .unwrap();
    let row = &lines[failed..];
    let row = &row[..row.iter().position(|line| line == "</svg g>").unwrap()];
    assert!(row.contains(&"\"Weather\"".to_owned()) && row.contains(&"\"failed \"".to_owned()));
    assert!(
        row.iter()
            .any(|line| attribute(line, "class") == Some("cross"))
    );
    assert!(!row.iter().any(|line| line.starts_with("<svg circle")));
}

#[test]
fn a_nested_row_is_indented() {
    let lines = lines(&page());
    let x = |name: &str| {
        let name = lines.iter().rposition(|line| line == name).unwrap();
        let text = lines[..name]
            .iter()
            .rfind(|line| line.starts_with("<svg text"))
            .unwrap();
        attribute(text, "x").unwrap().parse::<f64>().unwrap()
    };
    assert!(x("\"Delays\"") > x("\"Day\""));
    assert!(
        lines
            .iter()
            .any(|line| attribute(line, "class") == Some("elbow"))
    );
}

#[test]
fn whoever_cannot_see_it_is_told_the_same() {
    let lines = lines(&page());
    let after = |tag: &str| &lines[lines.iter().position(|line| line == tag).unwrap() + 1];
    assert_eq!(after("<svg title>"), "\"Flights\"");
    assert_eq!(
        after("<svg desc>"),
        "\"Request: 100 ms. Day: 420 ms. Delays: 480 ms. Weather: failed 310 ms. Complete: 500 ms.\"",
    );
}

#[test]
fn whatever_the_times_are_everything_lies_in_the_picture() {
    let times = [
        f64::NAN,
        f64::NEG_INFINITY,
        -1.0,
        -0.0,
        f64::MIN_POSITIVE,
        0.4,
        1.0,
        999.0,
        59_999.0,
        1e12,
        f64::MAX,
        f64::INFINITY,
    ];
    let marks = [Mark::Part, Mark::Sent, Mark::Arrived, Mark::Painted];
    for (n, from) in times.into_iter().enumerate() {
        for to in times {
            for complete in [None, Some(0.0), Some(f64::NAN), Some(f64::MAX)] {
                let mut row = Row::new("row").span(Stretch::Loading, from, to);
                row = marks.into_iter().fold(row, |row, mark| row.tick(mark, to));
                row.depth = 7 * n;
                row.failed = n % 2 == 0;
                let waterfall = Waterfall {
                    rows: vec![row.clone(), row],
                    complete,
                    ..Waterfall::default()
                };
                check_inside(&waterfall);
            }
        }
    }
}

fn check_inside(waterfall: &Waterfall) {
    let lines = lines(waterfall);
    let frame = lines
        .iter()
        .find(|line| line.starts_with("<svg svg"))
        .unwrap();
    let side = |name| attribute(frame, name).unwrap().parse::<f64>().unwrap();
    let (width, height) = (side("width"), side("height"));
    assert_eq!(
        attribute(frame, "viewBox").unwrap(),
        format!("0 0 {width} {height}")
    );
    // The samples of the legend have a corner of their own.
    let legend = lines
        .iter()
        .position(|line| attribute(line, "class") == Some("legend"));
    for line in &lines[..legend.unwrap_or(lines.len())] {
        for (name, number) in numbers(line) {
            let most = if name.contains('x') || name == "width" {
                width
            } else {
                height
            };
            assert!(
                (0.0..=most).contains(&number),
                "{name} of {line} in {waterfall:?}"
            );
        }
        if let (Some(x), Some(bar)) = (attribute(line, "x"), attribute(line, "width")) {
            let end = x.parse::<f64>().unwrap() + bar.parse::<f64>().unwrap();
            assert!(end <= width, "{line} ends outside in {waterfall:?}");
        }
    }
}

#[test]
fn hostile_names_stay_text() {
    let hostile =
        "</text><script>alert(1)</script>\" onload=\"x\" ]]> & \u{0}\u{1b}\u{fffe}\u{202e}";
    let waterfall = Waterfall {
        title: hostile.into(),
        source: hostile.into(),
        rows: vec![Row::new(hostile).detail(hostile).tick(Mark::Painted, 1.0)],
        complete: None,
        notes: vec![hostile.into()],
    };
    let svg = waterfall.svg();
    assert!(!svg.contains("<script") && !svg.contains("onload=\""));
    let legal = |letter: char| letter == '\n' || !letter.is_control();
    assert!(
        svg.chars()
            .all(|letter| legal(letter) && letter != '\u{fffe}' && letter != '\u{202e}')
    );
    assert!(svg.contains("&lt;script&gt;"));
}

#[test]
fn long_names_are_cut_and_told_in_full_on_demand() {
    let name = "a name that goes on and on, and never seems to come to its end";
    let waterfall = Waterfall {
        rows: vec![Row::new(name), Row::new("名".repeat(40))],
        ..Waterfall::default()
    };
    let lines = lines(&waterfall);
    assert!(lines.contains(&"\"a name that goes on and on, and…\"".to_owned()));
    assert!(lines.contains(&format!("\"{name} \"")));
    assert!(lines.contains(&format!("\"{}…\"", "名".repeat(15))));
}

#[test]
fn a_thousand_rows_are_a_hundred_and_a_note() {
    let waterfall = Waterfall {
        rows: (0..1_000).map(|n| Row::new(n.to_string())).collect(),
        ..Waterfall::default()
    };
    let svg = waterfall.svg();
    assert!(svg.contains(">99<") && !svg.contains(">100<"));
    assert!(svg.contains("900 more rows"));
}
