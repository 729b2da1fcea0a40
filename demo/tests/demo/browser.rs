//! In a real browser: an airport paints step by step, and the desk is used with its forms.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anabranch_paint::{Chromium, Gates, Page, Server, Swap};
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use demo::desk::{PASSWORD, USER};
use futures_util::FutureExt;
use tokio::runtime::Runtime;

use crate::queue::{Hold, Queue};
use crate::small::Small;
use crate::support::flights;

/// Fails a test that would otherwise hang.
const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn an_airport_paints_step_by_step() {
    for swap in [Swap::Native, Swap::Bridge] {
        paints_step_by_step(swap);
    }
}

/// The page has one connection to ask its questions with. The test takes its place in the queue
/// between two of them, so each step of the page waits for the test.
fn paints_step_by_step(swap: Swap) {
    let runtime = Runtime::new().unwrap();
    let _context = runtime.enter();
    let (db, queue) = runtime.block_on(Queue::flights());
    let before_page = Arc::new(Mutex::new(None));
    let gates = Gates::new();
    let server = Server::start(
        held_after_header(demo::site(db), &queue, &before_page),
        &gates,
    )
    .unwrap();
    let page = Chromium::shared(swap).unwrap().page();
    let page = page.open(&server.url("/airports/BOS")).unwrap();

    page.wait_painted("airport").unwrap();
    page.wait_for("document.querySelector('main [aria-busy]')")
        .unwrap();
    assert!(!is_painted(&page, "totals"));

    let before_cards = queue.hold();
    drop(before_page.lock().unwrap().take());
    page.wait_painted("totals").unwrap();
    assert_eq!(page.eval("document.readyState").unwrap(), "loading");
    assert!(!is_painted(&page, "weather"));

    drop(before_cards);
    for part in ["hours", "weather", "months"] {
        page.wait_painted(part).unwrap();
    }
    page.wait_loaded().unwrap();
    page.wait_for("!document.querySelector('[aria-busy]')")
        .unwrap();
    assert_eq!(page.violations().unwrap(), Vec::<String>::new());
    assert_eq!(page.errors().unwrap(), Vec::<String>::new());
}

/// The site, with the queue held as soon as a page has asked for what its header needs.
fn held_after_header(site: Router, queue: &Queue, held: &Arc<Mutex<Option<Hold>>>) -> Router {
    let (queue, held) = (queue.clone(), Arc::clone(held));
    site.layer(from_fn(move |request: Request, next: Next| {
        let (queue, held) = (queue.clone(), Arc::clone(&held));
        async move {
            let is_page = request.uri().path().starts_with("/airports");
            let mut answer = Box::pin(next.run(request));
            if let Some(answer) = answer.as_mut().now_or_never() {
                return answer;
            }
            if is_page {
                *held.lock().unwrap() = Some(queue.hold());
            }
            answer.await
        }
    }))
}

fn is_painted(page: &Page, name: &str) -> bool {
    page.paints()
        .unwrap()
        .iter()
        .any(|paint| paint.name == name)
}

/// One page of each kind.
const PAGES: [&str; 10] = [
    "/",
    "/airports",
    "/airports/BOS",
    "/airports/BOS/days",
    "/airlines",
    "/airlines/UA",
    "/planes/N14228",
    "/flights",
    "/flights/2013-03-08",
    "/about",
];

#[test]
fn every_page_keeps_to_its_policy_and_to_the_width_of_a_phone() {
    let runtime = Runtime::new().unwrap();
    let site = demo::site(runtime.block_on(flights()));
    let gates = Gates::new();
    let server = Server::start(site, &gates).unwrap();
    let chromium = Chromium::shared(Swap::Native).unwrap();
    for path in PAGES {
        let page = chromium.page().viewport(360, 780).open(&server.url(path));
        let page = page.unwrap();
        page.wait_loaded().unwrap();
        assert_eq!(page.violations().unwrap(), Vec::<String>::new(), "{path}");
        assert_eq!(page.errors().unwrap(), Vec::<String>::new(), "{path}");
        let fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth";
        assert_eq!(page.eval(fits).unwrap(), true, "{path}");
        let landmarks = "['header', 'nav', 'main', 'footer', 'h1'].filter(name => \
            document.querySelectorAll(name).length !== (name === 'nav' ? \
            document.querySelectorAll('nav[aria-label]').length : 1)).join()";
        assert_eq!(page.eval(landmarks).unwrap(), "", "{path}");
    }
}

#[test]
fn a_note_is_written_after_a_login() {
    let runtime = Runtime::new().unwrap();
    let small = runtime.block_on(Small::new());
    let number = |sql| runtime.block_on(small.number(sql));
    let site = demo::site(runtime.block_on(small.db()));
    let gates = Gates::new();
    let server = Server::start(site, &gates).unwrap();
    let page = Chromium::shared(Swap::Native).unwrap().page();
    let page = page.open(&server.url("/desk/flights/1")).unwrap();

    // Sent to the login, and back by it.
    see(
        &page,
        "location.pathname === '/desk/login' && document.querySelector('#password')",
    );
    fill(&page, "#name", USER);
    fill(&page, "#password", "wrong");
    submit(&page, "form.stack");
    see(
        &page,
        "document.querySelector('[role=alert]')?.innerText.includes('No account')",
    );
    assert_eq!(
        page.eval("document.querySelector('#name').value").unwrap(),
        USER
    );
    fill(&page, "#password", PASSWORD);
    submit(&page, "form.stack");
    see(
        &page,
        "location.pathname === '/desk/flights/1' && document.querySelector('#text')",
    );

    // A mistake comes back with a message beside the field, which a screen reader finds.
    page.eval("document.querySelector('form.stack').noValidate = true")
        .unwrap();
    fill(&page, "#text", "   ");
    submit(&page, "form.stack");
    see(
        &page,
        "document.querySelector('#text')?.getAttribute('aria-invalid') === 'true'",
    );
    let message = "document.getElementById(\
        document.querySelector('#text').getAttribute('aria-describedby')).innerText.trim()";
    assert_eq!(page.eval(message).unwrap(), "Write something.");

    fill(&page, "#text", "Thunder over Houston");
    page.eval("document.querySelector('[value=weather]').checked = true")
        .unwrap();
    submit(&page, "form.stack");
    see(
        &page,
        "document.querySelector('.notes')?.innerText.includes('Thunder over Houston')",
    );
    // The page was asked for after the form was sent, so loading it again sends nothing again.
    page.eval("location.reload()").unwrap();
    see(
        &page,
        "document.readyState === 'complete' && document.querySelector('.notes')",
    );
    assert_eq!(number("SELECT count(*) FROM notes"), 1);

    submit(&page, ".notes form");
    see(&page, "document.querySelector('.empty')");
    submit(&page, "form.session");
    see(
        &page,
        "location.pathname === '/desk/login' && !document.querySelector('form.session')",
    );
    assert_eq!(number("SELECT count(*) FROM sessions"), 0);
    assert_eq!(page.violations().unwrap(), Vec::<String>::new());
}

fn fill(page: &Page, field: &str, text: &str) {
    let fill = format!("document.querySelector('{field}').value = '{text}'");
    page.eval(&fill).unwrap();
}

fn submit(page: &Page, form: &str) {
    let submit = format!("document.querySelector('{form}').requestSubmit()");
    page.eval(&submit).unwrap();
}

/// Waits for a condition across navigations, each of which ends what is waited for in the page.
fn see(page: &Page, condition: &str) {
    let start = Instant::now();
    let condition = format!("!!({condition})");
    while !page.eval(&condition).is_ok_and(|seen| seen == true) {
        assert!(
            start.elapsed() < PATIENCE,
            "never saw {condition}: {:?}",
            page.html()
        );
    }
}
