//! What a failed assertion leaves behind.

use std::fs;
use std::path::Path;

use anabranch_paint::{Result, Site};

use crate::dashboard::{Flaw, app};
use crate::{failure, says};

#[test]
fn a_failure_shows_the_timeline_and_leaves_evidence_in_the_target_folder() -> Result {
    let site = Site::start(app(Flaw::Nothing))?;
    let page = site.open("/")?;
    page.shows_loading("activity");
    page.release("revenue");
    let message = failure(|| {
        page.painted("activity");
        Ok(())
    });
    says(
        &message,
        &[
            "`activity` is held",
            "app    ",
            "painted revenue",
            "swapped in revenue",
            "sent page",
        ],
    );
    let folder = message
        .lines()
        .find_map(|line| line.strip_prefix("Screenshot, frames and timeline: "));
    let folder = Path::new(folder.expect("the folder is named"));
    let name = "evidence-a_failure_shows_the_timeline_and_leaves_evidence_in_the_target_folder";
    assert!(
        folder.ends_with(Path::new("paint").join(name)),
        "{}",
        folder.display()
    );
    let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
    says(&read("message.txt"), &["`activity` is held"]);
    says(&read("timeline.txt"), &["painted revenue"]);
    says(
        &read("frames.txt"),
        &[
            "GET /\n",
            "--- frame 0, after",
            "loading activity",
            "--- frame 1",
            "<template for=\"0\">",
        ],
    );
    let png = fs::read(folder.join("screenshot.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    Ok(())
}
