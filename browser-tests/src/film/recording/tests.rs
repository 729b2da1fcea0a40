//! From what a page says of itself to the rows of its waterfall.

use serde_json::{Value, json};

use super::{End, Recording, Response};
use crate::film::Frame;
use crate::waterfall::{Mark, Row, Stretch, Waterfall};

fn report() -> Value {
    json!({
        "origin": 0.0, "title": "Flights", "firstByte": 20.0, "status": 200, "shell": 60.0, "loaded": 500.0,
        "boundaries": [
            { "name": "0", "label": "Day", "failed": false, "placed": 30.0, "swapped": 200.0, "drawn": 208.0, "painted": 210.0, "visible": true },
            { "name": "1", "label": "", "failed": true, "placed": 30.0, "swapped": 100.0, "drawn": 108.0, "visible": false },
            { "name": "2", "label": "Hours", "parent": "0", "failed": false, "placed": 200.0, "swapped": 300.0, "drawn": 308.0, "painted": 310.0, "visible": true },
        ],
        "told": [],
    })
}

fn response() -> Response {
    Response {
        parts: vec![20.0, 200.0, 300.0],
        bytes: 2_345,
        end: Some(End::Whole(490.0)),
    }
}

fn waterfall(report: &Value, response: Response) -> Waterfall {
    Recording::read(report, response).waterfall("http://a.test/".into())
}

fn names(rows: &[Row]) -> Vec<(&str, &str, usize)> {
    rows.iter()
        .map(|row| (&*row.label, &*row.detail, row.depth))
        .collect()
}

#[test]
fn boundaries_stand_below_those_they_are_nested_in() {
    let waterfall = waterfall(&report(), response());
    assert_eq!(
        names(&waterfall.rows),
        [
            ("Request", "status 200", 0),
            ("Response", "2.3 kB in 3 parts", 0),
            ("Shell", "", 0),
            ("Day", "#0", 0),
            ("Hours", "#2", 1),
            ("Boundary 1", "", 0),
        ]
    );
    assert!(waterfall.rows[5].failed && !waterfall.rows[3].failed);
    assert_eq!(waterfall.complete, Some(500.0));
    assert_eq!(
        waterfall.notes,
        ["One boundary lies outside of the window, where nothing is painted."]
    );
}

#[test]
fn a_boundary_waits_arrives_and_is_painted() {
    let waterfall = waterfall(&report(), response());
    let row = Row::new("Day")
        .detail("#0")
        .span(Stretch::Loading, 30.0, 200.0)
        .tick(Mark::Arrived, 200.0)
        .tick(Mark::Painted, 210.0);
    assert_eq!(waterfall.rows[3], row);
}

#[test]
fn the_inspector_adds_names_and_the_times_of_the_server() {
    let mut report = report();
    report["told"] = json!([
        { "id": 1, "parent": 0, "name": "day", "place": "page.rs:7:9", "offset": 5.0, "started": 10.0, "end": 180.0, "sent": 190.0, "wire": "0", "outcome": "complete" },
        { "id": 2, "parent": 1, "name": "page.rs:9:9", "place": "page.rs:9:9", "offset": 5.0, "started": 10.0, "end": 10.5, "wire": null, "outcome": "failed" },
    ]);
    let rows = waterfall(&report, response()).rows;
    assert_eq!(
        names(&rows[3..]),
        [("day", "Day", 0), ("page.rs:9:9", "", 1)]
    );
    let told = Row::new("day")
        .detail("Day")
        .span(Stretch::Loading, 30.0, 200.0)
        .span(Stretch::Work, 15.0, 185.0)
        .tick(Mark::Sent, 195.0)
        .tick(Mark::Painted, 210.0);
    assert_eq!(rows[3], told);
    assert!(rows[4].failed);
}

#[test]
fn a_page_that_came_at_once_is_said_not_to_stream() {
    let mut report = report();
    report["boundaries"] = json!([]);
    let at_once = Response {
        parts: vec![20.0],
        ..response()
    };
    let notes = waterfall(&report, at_once).notes;
    assert!(
        notes[0].starts_with("This page does not stream"),
        "{notes:?}"
    );
    assert!(waterfall(&report, response()).notes.is_empty());
}

#[test]
fn a_cut_response_is_said_to_be_cut() {
    let mut report = report();
    report["loaded"] = Value::Null;
    report["boundaries"][2]["swapped"] = Value::Null;
    report["boundaries"][2]["painted"] = Value::Null;
    let cut = Response {
        end: Some(End::Cut(250.0)),
        ..response()
    };
    let waterfall = waterfall(&report, cut);
    assert_eq!(waterfall.notes[0], "The response was cut before its end.");
    assert!(waterfall.rows[1].failed);
    let never = Row::new("Hours")
        .detail("never came")
        .span(Stretch::Loading, 200.0, 250.0);
    assert_eq!(
        Row {
            depth: 0,
            ..waterfall.rows[4].clone()
        },
        never
    );
}

#[test]
fn a_frame_shows_what_was_drawn_before_it() {
    let recording = Recording::read(&report(), response());
    let frame = |at| Frame {
        at,
        png: String::new(),
        shows: Vec::new(),
    };
    let mut frames = [60.0, 209.0, 305.0].map(frame);
    recording.caption(&mut frames);
    let shows: Vec<_> = frames.iter().map(|frame| frame.shows.join(" ")).collect();
    // What was drawn after the last frame is in none that differs, so the last one shows it.
    assert_eq!(shows, ["", "Day", "Hours"]);
}
