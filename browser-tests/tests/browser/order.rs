//! What is painted, in which order, while the response is open.

use anabranch_paint::{Chromium, Page, Result, Swap};

use crate::native_and_bridge;
use crate::open::serve;
use crate::pages::{app, open};

native_and_bridge! {
    loading_views_are_painted_while_the_response_is_open,
    boundaries_are_painted_in_the_order_in_which_they_are_ready,
    nested_boundaries_are_painted_from_the_outside_in,
    nested_boundaries_that_are_ready_wait_for_their_parent,
    a_failed_boundary_shows_its_error_view,
}

fn loading_views_are_painted_while_the_response_is_open(swap: Swap) -> Result {
    let open = open(swap, "/three")?;
    for name in ["shell", "loading a", "loading b", "loading c"] {
        open.page.wait_painted(name)?;
    }
    assert_eq!(open.page.eval("document.readyState")?, "loading");
    Ok(())
}

fn boundaries_are_painted_in_the_order_in_which_they_are_ready(swap: Swap) -> Result {
    let open = open(swap, "/three")?;
    open.page.wait_painted("loading c")?;
    for name in ["c", "a", "b"] {
        open.gates.open(name);
        open.page.wait_painted(name)?;
        if name != "b" {
            assert_eq!(open.page.eval("document.readyState")?, "loading");
        }
    }
    let paints = open.page.paints()?;
    let at = |name: &str| {
        let paint = paints.iter().find(|paint| paint.name == name);
        paint.expect("it was waited for").at
    };
    assert!(at("loading c") < at("c"), "{paints:?}");
    assert!(at("c") < at("a"), "{paints:?}");
    assert!(at("a") < at("b"), "{paints:?}");
    Ok(())
}

fn nested_boundaries_are_painted_from_the_outside_in(swap: Swap) -> Result {
    let open = open(swap, "/nested")?;
    for name in ["outer", "inner", "innermost"] {
        open.page.wait_painted(&format!("loading {name}"))?;
        open.gates.open(name);
        open.page.wait_painted(name)?;
    }
    open.page.wait_loaded()?;
    nested_as_written(&open.page)
}

fn nested_boundaries_that_are_ready_wait_for_their_parent(swap: Swap) -> Result {
    let open = open(swap, "/nested")?;
    open.page.wait_painted("loading outer")?;
    open.gates.open("innermost");
    open.gates.open("inner");
    open.gates.open("outer");
    open.page.wait_painted("innermost")?;
    open.page.wait_loaded()?;
    nested_as_written(&open.page)
}

fn nested_as_written(page: &Page) -> Result {
    let main = page.eval("document.querySelector('main').innerText.split(/\\n+/).join()")?;
    assert_eq!(main, "outer,inner,innermost");
    let inner = page.eval("document.querySelectorAll('main > section > p').length")?;
    assert_eq!(inner, 2);
    Ok(())
}

fn a_failed_boundary_shows_its_error_view(swap: Swap) -> Result {
    let open = open(swap, "/failing")?;
    open.page.wait_painted("loading fails")?;
    open.gates.open("fails");
    open.page.wait_painted("failed")?;
    assert_eq!(open.page.eval("document.readyState")?, "loading");
    open.gates.open("healthy");
    open.page.wait_painted("healthy")?;
    open.page.wait_loaded()?;
    assert_eq!(open.page.errors()?, [""; 0]);
    Ok(())
}

#[test]
fn without_javascript_the_browser_swaps_by_itself() -> Result {
    let (gates, server) = serve(app)?;
    let chromium = Chromium::shared(Swap::Native)?;
    let page = chromium
        .page()
        .without_scripts()
        .open(&server.url("/three"))?;
    let shows = |text: &str| format!("document.body?.innerText.split('\\n').includes('{text}')");
    page.wait_for(&shows("Loading c"))?;
    let before = page.screenshot()?;
    gates.open("c");
    page.wait_for(&shows("c"))?;
    assert_eq!(page.eval("document.readyState")?, "loading");
    assert_eq!(page.eval(&shows("Loading c"))?, false);
    assert_eq!(page.eval(&shows("Loading a"))?, true);
    assert_ne!(page.screenshot()?, before, "the swap does not show");
    gates.open("a");
    gates.open("b");
    page.wait_for("document.readyState === 'complete'")?;
    for text in ["Shell", "a", "b", "c"] {
        assert_eq!(page.eval(&shows(text))?, true, "{text}");
    }
    Ok(())
}

/// What nobody can swap stays as it is, and the page ends.
#[test]
fn without_javascript_and_the_native_swap_loading_views_stay() -> Result {
    let (gates, server) = serve(app)?;
    let chromium = Chromium::shared(Swap::Bridge)?;
    let page = chromium
        .page()
        .without_scripts()
        .open(&server.url("/three"))?;
    for name in ["a", "b", "c"] {
        page.wait_for(&format!(
            "document.body?.innerText.includes('Loading {name}')"
        ))?;
        gates.open(name);
    }
    page.wait_for("document.readyState === 'complete'")?;
    let texts = "[...document.querySelectorAll('p')].map(p => p.innerText).join()";
    assert_eq!(page.eval(texts)?, "Shell,Loading a,Loading b,Loading c");
    Ok(())
}
