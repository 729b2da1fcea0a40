//! What requests see of a restart.

use std::net::TcpListener;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use crate::client::Client;
use crate::run::{Gate, Run};

#[test]
fn two_hundred_requests_during_ten_restarts_are_all_answered() {
    let run = Run::started();
    let address = &run.address.clone();
    let (asked, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..4 {
            let (asked, refused, over) = (&asked, &refused, &over);
            scope.spawn(move || {
                // 200 in all at least, and to the end of the last restart.
                while asked.fetch_add(1, Ordering::Relaxed) < 200 || !over.load(Ordering::Relaxed) {
                    let answer = Client::begin(address, "GET /text", &[], "");
                    let answer = answer.filter(|answer| answer.status == 200);
                    let text = answer.map(Client::whole);
                    if text.is_none_or(|text| !text.starts_with("version") && text != "first") {
                        refused.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        for nth in 0..10 {
            run.save_page(&format!("version {nth}"));
            run.build().succeeds();
            run.says("Running");
            assert_eq!(run.get("/text").whole(), format!("version {nth}"));
        }
        over.store(true, Ordering::Relaxed);
    });
    assert!(asked.into_inner() >= 200);
    assert_eq!(refused.into_inner(), 0, "requests without an answer");
}

#[test]
fn a_page_that_streams_is_ended_by_the_process_that_began_it() {
    let run = Run::started();
    let gate = Gate::shut();
    let mut page = run.navigate(&format!("/held?gate={}", gate.address));
    page.until("Loading");
    run.save_page("second");
    run.build().succeeds();
    run.says("Running");
    assert_eq!(run.get("/text").whole(), "second");
    gate.open();
    page.until("the part of first");
    page.until("<!--$a-->");
}

/// As it is with the lock of a database in a file, or with a second port.
#[test]
fn an_app_that_needs_what_the_one_before_it_has_starts_when_that_has_ended() {
    let run = Run::started();
    let own = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = own.local_addr().unwrap();
    drop(own);
    let first = format!("alone {address} first");
    run.save_page(&first);
    run.build().succeeds();
    run.says("Running");
    let gate = Gate::shut();
    let mut page = run.navigate(&format!("/held?gate={}", gate.address));
    page.until("Loading");

    let second = format!("alone {address} second");
    run.save_page(&second);
    run.build().succeeds();
    run.says("the app has ended: exit status: 1");
    let mut events = run.events();
    let ended = events.until(|state| !state["trouble"].is_null());
    let items = ended["trouble"]["items"].to_string();
    assert!(
        items.contains("when the one before it has ended"),
        "{items}"
    );
    // It takes the socket that it is given.
    assert!(!items.contains("anabranch::listen"), "{items}");

    gate.open();
    page.until(&format!("the part of {first}"));
    let back = events.until(|state| state["trouble"].is_null());
    assert_ne!(back["page"], ended["page"], "pages reload");
    assert_eq!(run.get("/text").whole(), second);
    assert!(!run.has_build());
}

/// As it is for ever with an app that opens a socket of its own.
#[test]
fn an_app_that_does_not_take_the_socket_is_told_and_shown_when_it_does() {
    let run = Run::started();
    let mut events = run.events();
    let gate = Gate::shut();
    run.save_page(&format!("slow {}", gate.address));
    run.build().succeeds();
    run.says("Running");
    let address = &run.address.clone();
    thread::scope(|scope| {
        // These came before anything is known.
        let document = [("Sec-Fetch-Dest", "document")];
        let browser = scope.spawn(move || Client::get(address, "/", &document).whole());
        let program = scope.spawn(|| Client::get(address, "/text", &[]).whole());
        run.says("anabranch::listen");
        let page = browser.join().unwrap();
        assert!(page.contains("anabranch::listen"), "{page}");
        assert!(page.contains("/_anabranch/events"), "{page}");
        let told = events.until(|state| !state["trouble"].is_null());
        // And this one after it.
        assert_eq!(run.navigate("/").status, 503);

        gate.open();
        let heard = events.until(|state| state["trouble"].is_null());
        assert_ne!(heard["page"], told["page"], "pages reload");
        assert_eq!(run.navigate("/").status, 200);
        assert!(program.join().unwrap().starts_with("slow"));
    });
}

#[test]
fn an_app_that_ends_is_told_and_starts_again() {
    let run = Run::started();
    let mut events = run.events();
    events.next();
    // The connection ends with the app.
    let end = |words| Client::begin(&run.address, "POST /end", &[], words);
    assert!(end("no database\nso no app").is_none_or(|it| it.status == 503));
    let ended = events.until(|state| !state["trouble"].is_null());
    let title = ended["trouble"]["title"].as_str().unwrap();
    assert!(title.contains("exit status: 3"), "{title}");
    let items = &ended["trouble"]["items"];
    assert_eq!(items[0]["text"], "no database\nso no app");
    assert!(!items.to_string().contains("anabranch::listen"), "{items}");
    assert_eq!(run.get("/text").status, 503);
    // The binary is the same, but it does not run.
    run.save("src/main.rs", "fn main() {} // again\n");
    run.build().succeeds();
    let back = events.until(|state| state["trouble"].is_null());
    assert_ne!(back["page"], ended["page"]);
    assert_eq!(run.get("/text").whole(), "first");
    // What it says decides what may help.
    assert!(end("Address already in use").is_none_or(|it| it.status == 503));
    let ended = events.until(|state| !state["trouble"].is_null());
    let items = ended["trouble"]["items"].to_string();
    assert!(items.contains("anabranch::listen"), "{items}");
    run.says("let it call anabranch::listen");
}
