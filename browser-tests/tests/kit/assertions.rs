//! Every assertion beside what the judged test shows.

use std::time::Duration;

use anabranch_paint::{Chromium, Mode, Result, Site, Stage, Swap, What};

use crate::dashboard::{Flaw, app};
use crate::{failure, says};

fn site(flaw: Flaw) -> Result<Site> {
    Ok(Site::start(app(flaw))?.patience(Duration::from_secs(8)))
}

#[test]
fn a_loading_view_that_has_no_element_or_is_hidden_is_not_shown() -> Result {
    let empty = site(Flaw::EmptyLoadingView)?;
    let message = failure(|| {
        empty.open("/")?.shows_loading("activity");
        Ok(())
    });
    says(
        &message,
        &[
            "`activity` is not painted",
            "it has no element that could be seen",
        ],
    );

    let hidden = site(Flaw::HiddenLoadingView)?;
    let message = failure(|| {
        hidden.open("/")?.shows_loading("activity");
        Ok(())
    });
    says(
        &message,
        &[
            "`activity` is not painted",
            "<p> is in the document, but a style hides it",
        ],
    );
    Ok(())
}

#[test]
fn what_owns_no_text_is_seen_by_its_pixels() -> Result {
    let coloured = site(Flaw::Nothing)?;
    let page = coloured.open("/")?;
    page.shows_loading("chart");
    page.release("chart");
    page.painted("chart").after("loading chart").while_open();
    // Its sheet of style is gone again.
    assert_eq!(page.eval("document.adoptedStyleSheets.length")?, 0);

    let colourless = site(Flaw::NoColour)?;
    let message = failure(|| {
        colourless.open("/")?.shows_loading("chart");
        Ok(())
    });
    says(
        &message,
        &[
            "`chart` is not painted",
            "<div>",
            "nothing of it was painted",
        ],
    );
    Ok(())
}

#[test]
fn an_element_that_has_a_name_is_known_under_both() -> Result {
    let site = site(Flaw::Nothing)?;
    let page = site.open("/")?;
    page.shows_loading("revenue");
    let one = page.painted("adding up").at();
    assert_eq!(
        page.painted("loading revenue").at().to_bits(),
        one.to_bits()
    );
    Ok(())
}

#[test]
fn a_boundary_that_was_released_is_not_loading() -> Result {
    let site = site(Flaw::Nothing)?;
    let page = site.open("/")?;
    page.release("revenue");
    let message = failure(|| {
        page.shows_loading("revenue");
        Ok(())
    });
    says(&message, &["`revenue` is not held", "before release"]);
    Ok(())
}

#[test]
fn a_boundary_that_is_held_or_unknown_is_not_painted() -> Result {
    let site = site(Flaw::Nothing)?;
    let page = site.open("/")?;
    let painted = |name: &str| {
        let name = name.to_owned();
        failure(|| {
            page.painted(&name);
            Ok(())
        })
    };
    says(
        &painted("revenue"),
        &["`revenue` is held", "release(\"revenue\")"],
    );
    says(
        &painted("profit"),
        &[
            "no boundary is called `profit`",
            "`revenue`, `chart`, `activity`, `orders`. One inside of a held boundary",
        ],
    );
    Ok(())
}

#[test]
fn order_is_that_of_the_paints() -> Result {
    let site = site(Flaw::Nothing)?;
    let page = site.open("/")?;
    page.release("orders");
    page.release("revenue");
    let orders = page.painted("orders").before("revenue").before("activity");
    let revenue = page
        .painted("revenue")
        .after("orders")
        .after("loading revenue");
    assert!(orders.at() < revenue.at());
    says(
        &failure(|| {
            page.painted("revenue").before("orders");
            Ok(())
        }),
        &["wrong order: `revenue` was painted at", "after `orders`"],
    );
    says(
        &failure(|| {
            page.painted("orders").after("revenue");
            Ok(())
        }),
        &["wrong order: `revenue` was painted at", "after `orders`"],
    );
    Ok(())
}

#[test]
fn what_comes_with_the_end_was_not_painted_while_open() -> Result {
    let site = Site::with(Stage::free(), app(Flaw::Nothing))?;
    let page = site.open("/")?;
    page.wait_loaded()?;
    let message = failure(|| {
        page.painted("revenue").while_open();
        Ok(())
    });
    says(
        &message,
        &["`revenue` was painted at", "after the response had ended"],
    );
    Ok(())
}

#[test]
fn a_failure_is_told_from_content() -> Result {
    let site = site(Flaw::Fails)?;
    let page = site.open("/")?;
    let message = failure(|| {
        page.release("activity");
        Ok(())
    });
    says(&message, &["`activity` has failed", "the log is full"]);
    page.shows_error("activity");
    site.release("revenue");
    let message = failure(|| {
        page.shows_error("revenue");
        Ok(())
    });
    says(&message, &["`revenue` has not failed"]);
    Ok(())
}

#[test]
fn the_final_document_is_compared_at_the_end_alone_and_with_that_of_a_bot() -> Result {
    let differs = site(Flaw::DiffersForBots)?;
    let page = differs.open("/")?;
    let message = failure(|| {
        page.final_dom_equals_whole_mode();
        Ok(())
    });
    says(
        &message,
        &[
            "the page is not at its end",
            "`revenue`, `chart`, `activity`, `orders` held",
        ],
    );
    differs.release_all();
    let message = failure(|| {
        page.final_dom_equals_whole_mode();
        Ok(())
    });
    says(
        &message,
        &["has not become the page that is sent whole", "Hello, bot."],
    );
    Ok(())
}

#[test]
fn scripts_of_the_page_itself_are_not_left_over_from_the_stream() -> Result {
    let site = site(Flaw::LogsAnError)?;
    for swap in [Swap::Native, Swap::Bridge] {
        let page = site.open_with(swap, "/")?;
        site.release_all();
        page.final_dom_equals_whole_mode();
        assert_eq!(page.left_over()?, [""; 0]);
    }
    Ok(())
}

#[test]
fn the_final_document_is_compared_with_javascript_off_too() -> Result {
    let site_of = |flaw| -> Result<_> {
        let site = site(flaw)?;
        let page = site.open_mode(Mode::WithoutScripts, "/")?;
        site.release_all();
        Ok((site, page))
    };
    let (_site, page) = site_of(Flaw::LogsAnError)?;
    page.final_dom_equals_whole_mode();
    // The bridge, one trigger at least, and the end marker.
    assert!(page.left_over()?.len() > 2);

    let (_site, page) = site_of(Flaw::DiffersForBots)?;
    let message = failure(|| {
        page.final_dom_equals_whole_mode();
        Ok(())
    });
    says(
        &message,
        &["has not become the page that is sent whole", "Hello, bot."],
    );
    Ok(())
}

#[test]
fn errors_of_the_console_are_listed() -> Result {
    let site = site(Flaw::LogsAnError)?;
    let page = site.open("/")?;
    page.shows_loading("orders");
    let message = failure(|| {
        page.no_console_errors();
        Ok(())
    });
    says(&message, &["the console has errors", "out of order"]);
    Ok(())
}

#[test]
fn a_page_that_no_site_has_opened_still_has_its_paints() -> Result {
    let site = Site::with(Stage::free(), app(Flaw::Nothing))?;
    let chromium = Chromium::shared(Swap::Native)?;
    let page = chromium.page().open(&site.url("/"))?;
    page.painted("revenue");
    page.painted("shell");
    let message = failure(|| {
        page.release("revenue");
        Ok(())
    });
    says(&message, &["was not opened by a Site"]);
    Ok(())
}

#[test]
fn the_timeline_joins_browser_and_app() -> Result {
    for swap in [Swap::Native, Swap::Bridge] {
        let site = Site::start(app(Flaw::Nothing))?;
        let page = site.open_with(swap, "/")?;
        page.release("revenue");
        let timeline = page.timeline()?;
        let order = [
            (What::Requested, ""),
            (What::Rendered, "revenue"),
            (What::Shown, "revenue"),
            (What::Placed, "revenue"),
            (What::Swapped, "revenue"),
            (What::Painted, "revenue"),
        ];
        let at = order.map(|(what, name)| {
            timeline
                .when(what, name)
                .unwrap_or_else(|| panic!("{what} {name}? {timeline}"))
        });
        assert!(at.is_sorted_by(|one, other| one <= other), "{timeline}");
        assert_eq!(timeline.when(What::Swapped, "activity"), None, "{timeline}");
        for what in [
            What::FirstByte,
            What::FirstPaint,
            What::FirstContentfulPaint,
        ] {
            assert!(timeline.when(what, "").is_some(), "{what}? {timeline}");
        }
    }
    Ok(())
}
