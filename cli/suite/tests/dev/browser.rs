//! What a page does about changes, in a real browser.

use std::thread;
use std::time::Instant;

use anabranch_paint::{Chromium, Page, Swap};
use serde_json::Value;

use crate::run::{Gate, LONG, Run};

fn open(run: &Run, path: &str) -> Page {
    let chromium = Chromium::shared(Swap::Native).unwrap();
    let page = chromium.page();
    page.open(&format!("http://{}{path}", run.address)).unwrap()
}

/// Waits for a condition across reloads, which end what waits inside of a page.
fn eventually(page: &Page, condition: &str) {
    let begun = Instant::now();
    loop {
        match page.eval(&format!("!!({condition})")) {
            Ok(Value::Bool(true)) => return,
            other if begun.elapsed() > LONG => {
                panic!("never {condition}: {other:?} in {:?}", page.html());
            }
            _ => thread::yield_now(),
        }
    }
}

/// Marks the document, so that a reload shows.
fn mark(page: &Page) {
    page.eval("self.mark = true").unwrap();
}

const SAYS: &str = "document.querySelector('anabranch-dev')?.shadowRoot.textContent";

#[test]
fn a_page_reloads_after_a_good_build() {
    let run = Run::started();
    let page = open(&run, "/");
    eventually(
        &page,
        "document.querySelector('h1')?.textContent === 'first'",
    );
    run.save_page("second");
    run.build().succeeds();
    eventually(
        &page,
        "document.querySelector('h1')?.textContent === 'second'",
    );
    // The document is the app's own again.
    eventually(&page, "document.readyState === 'complete'");
    let first = page
        .eval("document.head.firstElementChild.localName")
        .unwrap();
    assert_eq!(first, "meta");
}

#[test]
fn the_first_build_shows_how_far_it_is_and_then_the_page() {
    let run = Run::start();
    let build = run.build();
    let page = open(&run, "/");
    eventually(&page, "document.body?.innerText === 'Building…'");
    build.has_a_crate();
    eventually(
        &page,
        "document.body.innerText.startsWith('Building… 1 crate, ')",
    );
    build.succeeds();
    eventually(
        &page,
        "document.querySelector('h1')?.textContent === 'first'",
    );
}

#[test]
fn an_error_is_shown_over_the_page_until_it_is_mended() {
    let run = Run::started();
    // The strictest policy there is.
    for path in ["/", "/strict"] {
        let page = open(&run, path);
        eventually(&page, "document.readyState === 'complete'");
        mark(&page);
        run.save_page("broken");
        run.build()
            .fails("expected <img src=x onerror='self.hacked = true'>");
        eventually(&page, &format!("{SAYS}?.includes('app/page.txt:1:2')"));
        eventually(&page, &format!("{SAYS}.includes('expected <img src=x')"));
        run.save_page("first");
        run.build().succeeds();
        eventually(&page, "!document.querySelector('anabranch-dev')");
        assert_eq!(page.eval("self.mark && !self.hacked").unwrap(), true);
        assert_eq!(page.violations().unwrap(), [""; 0]);
    }
}

/// Apps with elements of their own hide those that are not defined yet.
#[test]
fn no_style_of_the_page_hides_an_error() {
    let run = Run::started();
    let page = open(&run, "/");
    eventually(&page, "document.readyState === 'complete'");
    page.eval(
        "const style = document.createElement('style');
         style.textContent = ':not(:defined) { display: none } html { text-transform: uppercase } \
             html > * { visibility: hidden; opacity: 0; filter: blur(1px) }';
         document.head.append(style)",
    )
    .unwrap();
    run.save_page("broken");
    run.build().fails("a mistake");
    eventually(&page, &format!("{SAYS}?.includes('error: a mistake')"));
    let section = "document.querySelector('anabranch-dev').shadowRoot.querySelector('section')";
    let seen = "checkVisibility({ opacityProperty: true, visibilityProperty: true })";
    assert_eq!(page.eval(&format!("{section}.{seen}")).unwrap(), true);
    let case = format!("getComputedStyle({section}).textTransform");
    assert_eq!(page.eval(&case).unwrap(), "none");
}

#[test]
fn a_stylesheet_is_changed_without_a_reload() {
    let run = Run::started();
    let page = open(&run, "/");
    let colour = |rgb: &str| {
        format!("getComputedStyle(document.querySelector('h1')).color === 'rgb({rgb})'")
    };
    eventually(&page, &colour("255, 0, 0"));
    mark(&page);
    run.save("public/style.css", "h1 { color: blue }");
    eventually(&page, &colour("0, 0, 255"));
    eventually(&page, "document.querySelectorAll('link').length === 1");
    assert_eq!(page.eval("self.mark").unwrap(), true);

    // Nor does a reload bring back the old one, which the app lets browsers keep for good.
    run.save_page("second");
    run.build().succeeds();
    eventually(
        &page,
        "document.querySelector('h1')?.textContent === 'second'",
    );
    eventually(&page, "document.readyState === 'complete'");
    assert_eq!(page.eval(&colour("0, 0, 255")).unwrap(), true);
}

#[test]
fn a_navigation_that_has_begun_is_not_undone() {
    let run = Run::started();
    let page = open(&run, "/");
    eventually(&page, "document.readyState === 'complete'");
    let mut events = run.events();
    let before = events.next();
    let gate = Gate::shut();
    // Its first byte is not there, so the browser still has this page.
    let go = format!("location.href = '/late?gate={}'", gate.address);
    page.eval(&format!("setTimeout(() => {{ {go} }})")).unwrap();
    let late = gate.wait();
    run.save_page("second");
    run.build().succeeds();
    events.until(|state| state["page"] != before["page"]);
    // A reload now would be one of this page, and the end of that navigation.
    drop(late);
    eventually(&page, "location.pathname === '/late'");
    eventually(
        &page,
        "document.querySelector('h1')?.textContent === 'late'",
    );
}

#[test]
fn a_navigation_that_brings_no_document_does_not_end_reloads() {
    let run = Run::started();
    let page = open(&run, "/");
    for (text, stays) in [
        // The visitor goes on in the page.
        ("second", "dispatchEvent(new Event('pointerdown'))"),
        // Time passes, which the test decides.
        ("third", "self.later.forEach((later) => later())"),
    ] {
        eventually(&page, "document.readyState === 'complete'");
        let mut events = run.events();
        let before = events.next();
        page.eval(
            "self.later = []; self.setTimeout = (later) => self.later.push(later);
             addEventListener('beforeunload', () => { self.begun = true; });
             location.href = '/nothing'",
        )
        .unwrap();
        eventually(&page, "self.begun");
        run.save_page(text);
        run.build().succeeds();
        events.until(|state| state["page"] != before["page"]);
        eventually(&page, &format!("{SAYS}?.includes('The app has changed')"));
        page.eval(stays).unwrap();
        let headline = format!("document.querySelector('h1')?.textContent === '{text}'");
        eventually(&page, &headline);
    }
}

#[test]
fn a_form_is_not_sent_again() {
    let run = Run::started();
    let page = open(&run, "/");
    eventually(&page, "document.readyState === 'complete'");
    page.eval(
        "const form = document.createElement('form'); form.method = 'post';
         form.action = '/form'; document.body.append(form); setTimeout(() => form.submit())",
    )
    .unwrap();
    eventually(
        &page,
        "document.querySelector('h1')?.textContent === 'sent'",
    );
    mark(&page);
    run.save_page("second");
    run.build().succeeds();
    let changed = format!("{SAYS}?.includes('The app has changed')");
    eventually(&page, &changed);
    // It has changed for the worse, and is mended.
    run.save_page("broken");
    run.build().fails("a mistake");
    eventually(&page, &format!("{SAYS}?.includes('error: a mistake')"));
    run.save_page("third");
    run.build().succeeds();
    eventually(&page, &changed);
    assert_eq!(page.eval("self.mark").unwrap(), true);
}

#[test]
fn a_page_that_nobody_could_build_comes_when_somebody_can() {
    let run = Run::start();
    run.build().fails("not yet");
    let page = open(&run, "/");
    eventually(&page, &format!("{SAYS}?.includes('not yet')"));
    run.save_page("second");
    run.build().succeeds();
    eventually(
        &page,
        "document.querySelector('h1')?.textContent === 'second'",
    );
}
