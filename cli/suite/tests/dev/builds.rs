//! What is built, and when.

use std::thread;

use crate::client::Client;
use crate::run::Run;

#[test]
fn a_hundred_saves_are_one_build_or_two() {
    let run = Run::started();
    for nth in 0..100 {
        run.save_page(&format!("save {nth}"));
    }
    let mut builds = 0;
    loop {
        let build = run.build();
        builds += 1;
        let is_last = build.page == "save 99";
        build.succeeds();
        run.says("Running");
        if is_last {
            break;
        }
    }
    assert!(builds <= 2, "{builds} builds for a hundred saves");
    // Changes are looked at one after the other: had there been another build for these, it
    // would come before the one for this.
    run.save_page("after");
    assert_eq!(run.build().page, "after");
}

#[test]
fn an_edit_during_a_build_has_a_build_of_its_own() {
    let run = Run::started();
    run.save_page("second");
    let build = run.build();
    assert_eq!(build.page, "second");

    run.save_page("third");
    run.says("Changed");
    assert!(!run.has_build(), "two builds at once");
    // It runs on and is good, though it is not the newest.
    build.succeeds();
    run.says("Running");
    let build = run.build();
    assert_eq!(build.page, "third");
    build.succeeds();
    run.says("Running");
    assert_eq!(run.get("/text").whole(), "third");
}

#[test]
fn many_edits_during_a_build_are_one_more() {
    let run = Run::started();
    run.save_page("second");
    let build = run.build();
    for nth in 0..5 {
        run.save_page(&format!("more {nth}"));
        run.says("Changed");
    }
    build.succeeds();
    let build = run.build();
    assert_eq!(build.page, "more 4");
    build.succeeds();
    run.says("Running");
    run.says("Running");
    run.save_page("after");
    assert_eq!(run.build().page, "after");
}

#[test]
fn a_binary_that_is_the_same_is_not_started_again() {
    let run = Run::started();
    let mut events = run.events();
    let before = events.next();
    run.save("src/main.rs", "fn main() {} // a comment\n");
    run.build().succeeds();
    run.says("Unchanged");
    run.save_page("second");
    run.build().succeeds();
    let after = events.next();
    assert_ne!(
        after["page"], before["page"],
        "the next state is that of the second build"
    );
}

/// A library that a dependency builds is found by its folder, as with `cargo run`.
#[cfg(target_os = "linux")]
#[test]
fn the_app_finds_the_libraries_that_were_built_with_it() {
    let run = Run::started();
    let found = run.get("/libraries").whole();
    let built = run.path("target/debug/build/delta/out");
    let built = built.to_str().unwrap();
    assert!(found.split(':').any(|folder| folder == built), "{found}");
    assert!(
        !found.split(':').any(|folder| folder == "/usr/lib"),
        "{found}"
    );
}

#[test]
fn what_is_not_of_the_app_is_not_built() {
    let run = Run::started();
    run.save(".gitignore", "*.log\n");
    run.build().succeeds();
    run.says("Unchanged");
    run.save("app/access.log", "a line");
    run.save("target/output", "built");
    // Written again as it was.
    run.save_page("first");
    let build = run.save_and_wait();
    assert_eq!(build, "second");
}

impl Run {
    /// Saves the page and says what the next build sees.
    fn save_and_wait(&self) -> String {
        self.save_page("second");
        let build = self.build();
        let page = build.page.clone();
        build.succeeds();
        page
    }
}

#[test]
fn files_of_public_are_reloaded_without_a_build() {
    let run = Run::started();
    let mut events = run.events();
    let first = events.next();
    run.save("public/style.css", "h1 { color: blue }");
    let styled = events.next();
    assert_eq!(styled["styles"], 1);
    assert_eq!(styled["page"], first["page"]);
    run.save("public/new.svg", "<svg/>");
    let reloaded = events.next();
    assert_eq!(reloaded["styles"], 1);
    assert_ne!(reloaded["page"], first["page"]);
    assert!(!run.has_build());
}

#[test]
fn errors_are_shown_until_a_build_is_good() {
    let run = Run::started();
    let mut events = run.events();
    let first = events.next();
    assert!(first["trouble"].is_null(), "{first}");

    run.save_page("broken");
    run.build().fails("mismatched <types>");
    let broken = events.next();
    let item = &broken["trouble"]["items"][0];
    assert_eq!(item["place"], "app/page.txt:1:2");
    assert_eq!(item["text"], "error: mismatched <types>");
    // Over the old page, which is as new as can be.
    assert_eq!(broken["page"], first["page"]);
    assert_eq!(run.get("/text").whole(), "first");

    // As it was: the same binary, and the error is gone all the same.
    run.save_page("first");
    run.build().succeeds();
    let good = events.next();
    assert!(good["trouble"].is_null(), "{good}");
    assert_eq!(good["page"], first["page"]);
}

#[test]
fn during_the_first_build_a_browser_is_told_how_far_it_is() {
    let run = Run::start();
    let build = run.build();
    let page = run.navigate("/");
    assert_eq!(page.status, 503);
    assert_eq!(page.header("retry-after"), Some("2"));
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let page = page.whole();
    assert!(page.contains(">Building…</p>"), "{page}");
    assert!(page.contains("/_anabranch/events"), "{page}");

    let mut events = run.events();
    let first = events.next();
    build.has_a_crate();
    let state = events.next();
    let building = state["building"].as_str().unwrap();
    assert!(building.contains(" 1 crate, "), "{building}");
    let later = run.navigate("/").whole();
    assert!(later.contains(">Building… 1 crate, "), "{later}");

    build.succeeds();
    let good = events.until(|state| state["building"].is_null());
    let page = format!("data-page={}", first["page"]);
    assert!(later.contains(&page), "{later}");
    assert_ne!(good["page"], first["page"], "it reloads");
    assert_eq!(run.navigate("/").status, 200);
}

#[test]
fn before_the_first_build_a_program_waits_and_after_it_an_error_is_the_page() {
    let run = Run::start();
    let build = run.build();
    let address = &run.address.clone();
    thread::scope(|scope| {
        let waiting = scope.spawn(|| Client::get(address, "/", &[]));
        let document = [("Sec-Fetch-Dest", "document")];
        let form = scope.spawn(move || Client::send(address, "POST /form", &document, ""));
        build.fails("nothing <yet>");
        let answer = waiting.join().unwrap();
        assert_eq!(answer.status, 503);
        assert!(answer.whole().contains("error: nothing <yet>"));
        assert_eq!(form.join().unwrap().status, 503);
    });
    let page = run.navigate("/");
    assert_eq!(page.status, 503);
    let page = page.whole();
    assert!(page.contains("nothing &#60;yet&#62;"), "{page}");
    assert!(page.contains("/_anabranch/events"), "{page}");
    run.save_page("second");
    let build = run.build();
    build.succeeds();
    run.says("Running");
    assert_eq!(run.get("/text").whole(), "second");
}
