//! Leaving a page and coming back to it.

use anabranch::prelude::*;
use anabranch_paint::{Gates, Page as Tab, Result as Outcome, Swap};
use axum::Router;
use axum::routing::get;

use crate::native_and_bridge;
use crate::open::{Open, arrive};
use crate::views::{document, late_mark};

native_and_bridge! {
    a_finished_page_comes_back_as_it_was_left,
    leaving_an_open_page_ends_its_work_and_coming_back_asks_anew,
}

fn app(gates: Gates) -> Router {
    let elsewhere = async || Ok(document(&html! { p { "Elsewhere" } }));
    Router::new()
        .route("/", get(page(three)))
        .route("/elsewhere", get(page(elsewhere)))
        .with_state(gates)
}

async fn three(State(gates): State<Gates>) -> Result {
    Ok(document(&html! {
        p { a #link href="/elsewhere" { "Elsewhere" } }
        @for name in ["a", "b", "c"] { (late_mark(&gates, name)) }
    }))
}

/// Why a page that was left had to be asked for again.
const REASONS: &str = "performance.getEntriesByType('navigation')[0].notRestoredReasons";

fn a_finished_page_comes_back_as_it_was_left(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/")?;
    open.finish(&["b", "a", "c"])?;
    let page = &open.page;
    page.eval("addEventListener('pageshow', event => self.persisted = event.persisted)")?;
    let left = page.normal_form()?;
    leave(page)?;
    page.eval("setTimeout(() => history.back())")?;
    arrive(page, &format!("self.persisted || {REASONS}"))?;
    let reasons = page.eval(&format!("JSON.stringify({REASONS})"))?;
    assert_eq!(page.eval("self.persisted")?, true, "{reasons}");
    assert_eq!(page.normal_form()?, left);
    Ok(())
}

fn leaving_an_open_page_ends_its_work_and_coming_back_asks_anew(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/")?;
    let page = &open.page;
    page.wait_painted("loading c")?;
    open.gates.open("a");
    page.wait_painted("a")?;
    assert_eq!(open.gates.waiting("b"), 1);
    leave(page)?;
    open.wait_waiting("b", 0)?;
    page.eval("setTimeout(() => history.back())")?;
    arrive(page, "location.pathname === '/' && self.__anabranch_paint")?;
    page.wait_painted("loading c")?;
    assert_eq!(open.gates.waiting("b"), 1);
    open.finish(&["c", "b"])?;
    assert_eq!(page.left_over()?, [""; 0]);
    let texts = "[...document.querySelectorAll('p')].map(p => p.innerText).join()";
    assert_eq!(page.eval(texts)?, "Elsewhere,a,b,c");
    Ok(())
}

fn leave(page: &Tab) -> Outcome {
    page.eval("link.focus()")?;
    // By the reader's own hand: what a script opens before the page is loaded takes its place in
    // the history.
    page.type_text("\n")?;
    arrive(
        page,
        "location.pathname === '/elsewhere' && document.readyState === 'complete'",
    )
}
