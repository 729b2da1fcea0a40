//! The core suite: what a visitor sees of a page while its response is open, and at its end.

use anabranch_paint::{Mode, Page, Result, Site, dom};

use crate::in_modes;
use crate::pages::{Open, named, open, open_with};

in_modes! { native: Native, bridge: Bridge, firefox: Firefox, webkit: WebKit; {
    boundaries_show_in_the_order_in_which_they_are_ready,
    nested_boundaries_show_from_the_outside_in,
    rows_items_and_options_arrive_in_their_places,
    a_late_title_replaces_the_first,
    a_failed_boundary_shows_its_error_view,
    a_cut_response_says_so,
    a_strict_policy_is_enough,
    the_final_document_is_that_of_the_whole_page,
    the_assertions_of_a_site_hold,
} }

in_modes! {
    without_scripts: WithoutScripts, slow_network: SlowNetwork, slow_cpu: SlowCpu, phone: Phone,
    dark: Dark, still: Still; {
    boundaries_show_in_the_order_in_which_they_are_ready,
    the_assertions_of_a_site_hold,
} }

fn boundaries_show_in_the_order_in_which_they_are_ready(mode: Mode) -> Result {
    let open = open(mode, "/three")?;
    for name in ["shell", "loading a", "loading b", "loading c"] {
        open.page.wait_painted(name)?;
    }
    assert_is_open(&open.page)?;
    let mut seen = open.page.screenshot()?;
    for (name, texts) in [
        ("c", "Shell,Loading a,Loading b,c"),
        ("a", "Shell,a,Loading b,c"),
    ] {
        open.gates.open(name);
        open.page.wait_painted(name)?;
        assert_is_open(&open.page)?;
        assert_eq!(open.page.eval(TEXTS)?, texts);
        let now = open.page.screenshot()?;
        assert!(now != seen, "{name} does not show");
        seen = now;
    }
    open.gates.open("b");
    open.page.wait_painted("b")?;
    open.page.wait_loaded()?;
    assert_eq!(open.page.eval(TEXTS)?, "Shell,a,b,c");
    assert_eq!(open.page.errors()?, [""; 0]);
    Ok(())
}

fn nested_boundaries_show_from_the_outside_in(mode: Mode) -> Result {
    let open = open(mode, "/nested")?;
    for name in ["outer", "inner"] {
        open.page.wait_painted(&format!("loading {name}"))?;
        assert_is_open(&open.page)?;
        open.gates.open(name);
        open.page.wait_painted(name)?;
    }
    open.page.wait_loaded()?;
    let inside = "document.querySelector('main > section > p').textContent";
    assert_eq!(open.page.eval(inside)?, "inner");
    Ok(())
}

fn rows_items_and_options_arrive_in_their_places(mode: Mode) -> Result {
    let open = open(mode, "/places")?;
    open.page.wait_painted("shell")?;
    for (id, child, before, after) in [
        ("options", "option", "…", "1,2"),
        ("items", "li", "…,3", "1,2,3"),
        ("rows", "tr", "…", "1,2"),
    ] {
        let children = format!("[...document.querySelectorAll('#{id} > {child}')]");
        let texts = format!("{children}.map(child => child.textContent).join()");
        open.page.wait_for(&format!("{texts} === '{before}'"))?;
        assert_is_open(&open.page)?;
        open.gates.open(id);
        open.page.wait_for(&format!("{texts} === '{after}'"))?;
    }
    open.page.wait_loaded()?;
    let chosen = open.page.eval("document.querySelector('select').value")?;
    assert_eq!(chosen, "2");
    Ok(())
}

fn a_late_title_replaces_the_first(mode: Mode) -> Result {
    let open = open(mode, "/title")?;
    open.page.wait_painted("loading title")?;
    assert_eq!(open.page.eval("document.title")?, "Early");
    open.gates.open("title");
    open.page.wait_for("document.title === 'Late & <final>'")?;
    assert_is_open(&open.page)
}

fn a_failed_boundary_shows_its_error_view(mode: Mode) -> Result {
    let open = open(mode, "/failing")?;
    open.page.wait_painted("loading fails")?;
    open.gates.open("fails");
    open.page.wait_painted("fails")?;
    assert_is_open(&open.page)?;
    open.gates.open("healthy");
    open.page.wait_painted("healthy")?;
    open.page.wait_loaded()?;
    assert_eq!(open.page.errors()?, [""; 0]);
    Ok(())
}

fn a_cut_response_says_so(mode: Mode) -> Result {
    let open = open(mode, "/quick")?;
    open.gates.open("a");
    open.page.wait_painted("a")?;
    open.server.cut();
    let notice = "document.querySelector('[role=alert]')?.textContent";
    open.page
        .wait_for(&format!("{notice} === 'The page was cut.'"))?;
    assert_eq!(open.page.eval(TEXTS)?, "Shell,a,Loading b,Loading c");
    Ok(())
}

fn a_strict_policy_is_enough(mode: Mode) -> Result {
    let open = open(mode, "/strict")?;
    open.page.wait_painted("loading c")?;
    for name in ["c", "a", "b"] {
        open.gates.open(name);
        open.page.wait_painted(name)?;
    }
    open.page.wait_loaded()?;
    assert_eq!(open.page.violations()?, [""; 0]);
    assert_eq!(open.page.errors()?, [""; 0]);
    Ok(())
}

/// Every page, and its gates in an order that is not the document's.
const PAGES: [(&str, &[&str]); 5] = [
    ("/three", &["c", "a", "b"]),
    ("/nested", &["inner", "outer"]),
    ("/places", &["options", "items", "rows"]),
    ("/title", &["rest", "title"]),
    ("/failing", &["healthy", "fails"]),
];

fn the_final_document_is_that_of_the_whole_page(mode: Mode) -> Result {
    for (path, gates) in PAGES {
        let streamed = open(mode, path)?;
        streamed
            .page
            .wait_for("document.querySelector('body > :nth-child(2)')")?;
        assert_is_open(&streamed.page)?;
        for gate in gates {
            streamed.gates.open(gate);
        }
        let document = finished(&streamed, path)?;
        let whole = open_with(mode, &format!("/whole{path}"), gates)?;
        let whole = finished(&whole, path)?;
        if let Some(difference) = dom::first_difference(&document, &whole) {
            panic!("{path}, {difference}");
        }
    }
    Ok(())
}

fn the_assertions_of_a_site_hold(mode: Mode) -> Result {
    let site = Site::start(named())?;
    let page = site.open_mode(mode, "/")?;
    page.shows_loading("one");
    page.shows_loading("two");
    page.release("two");
    page.painted("two").while_open();
    page.release("one");
    page.painted("two").before("one");
    page.no_console_errors();
    Ok(())
}

/// The document of a page that has come to its end with nothing left over and nothing wrong.
fn finished(open: &Open, path: &str) -> Result<String> {
    open.page.wait_loaded()?;
    assert_eq!(open.page.left_over()?, [""; 0], "{path}");
    assert_eq!(open.page.errors()?, [""; 0], "{path}");
    open.page.normal_form()
}

fn assert_is_open(page: &Page) -> Result {
    assert_eq!(page.eval("document.readyState")?, "loading");
    Ok(())
}

const TEXTS: &str = "[...document.querySelectorAll('p')].map(p => p.textContent).join()";
