//! A user's test of their own page, and what it catches.

use std::time::Duration;

use anabranch_paint::{Result, Site};

use crate::dashboard::{Flaw, app};
use crate::{failure, says};

/// The test, as the guide writes it.
fn the_dashboard_streams(site: &Site) -> Result {
    let page = site.open("/")?;
    for name in ["revenue", "chart", "activity", "orders"] {
        page.shows_loading(name);
    }
    page.release("revenue");
    page.release("activity");
    page.painted("revenue").after("shell").before("activity");
    page.painted("activity").while_open();
    site.release_all();
    page.final_dom_equals_whole_mode();
    page.no_layout_shift_over(0.05);
    page.no_console_errors();
    Ok(())
}

/// Long enough for a browser under load: only what never comes takes as long.
const PATIENCE: Duration = Duration::from_secs(8);

fn caught(flaw: Flaw, phrases: &[&str]) -> Result {
    let site = Site::start(app(flaw))?.patience(PATIENCE);
    says(&failure(|| the_dashboard_streams(&site)), phrases);
    Ok(())
}

#[test]
fn it_passes() -> Result {
    the_dashboard_streams(&Site::start(app(Flaw::Nothing))?)
}

#[test]
fn it_is_short_and_stands_in_the_guide() {
    let source = include_str!("judged.rs");
    let test = source.split("fn the_dashboard_streams").nth(1).unwrap();
    let lines: Vec<_> = test.split("\n}\n").next().unwrap().lines().collect();
    assert!(lines.len() < 25, "{} lines", lines.len());
    let guide = include_str!("../../../docs/testing.md");
    assert!(
        guide.contains(&lines[1..].join("\n")),
        "the guide has another test"
    );
}

#[test]
fn it_catches_what_is_awaited_in_the_page_instead_of_a_boundary() -> Result {
    caught(
        Flaw::AwaitsInPage,
        &[
            "no boundary is called `revenue`",
            "it blocks the shell",
            "(boundary(revenue(…)).name(\"revenue\")",
        ],
    )
}

#[test]
fn it_catches_a_shell_that_never_comes() -> Result {
    caught(
        Flaw::NeverCommits,
        &[
            "the shell is blocked",
            "The page itself still awaits something",
        ],
    )
}

#[test]
fn it_catches_boundaries_that_block_the_shell() -> Result {
    caught(
        Flaw::SentWhole,
        &[
            "the shell is blocked",
            "waits for `revenue`, `chart`",
            "it is sent whole",
        ],
    )
}

#[test]
fn it_catches_a_wrong_order() -> Result {
    caught(
        Flaw::OneAfterTheOther,
        &[
            "`revenue` is still running",
            "Held meanwhile: `chart`, `activity`",
        ],
    )
}

#[test]
fn it_catches_a_missing_loading_view() -> Result {
    caught(
        Flaw::NoLoadingView,
        &[
            "`activity` has no loading view",
            ".loading(html!",
            "dashboard.rs:",
        ],
    )
}

#[test]
fn it_catches_a_layout_shift() -> Result {
    caught(
        Flaw::Shifts,
        &[
            "layout shift: what was visible has moved by 0.1",
            "after the content of",
            "`chart`",
            "over 0.05",
            "<ul.activity>",
        ],
    )
}
