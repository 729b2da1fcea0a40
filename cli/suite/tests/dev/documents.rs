//! The script in documents, and everything else as it is.

use crate::client::Client;
use crate::run::{Gate, Run};

#[test]
fn a_document_has_the_script_first_in_its_head_and_streams() {
    let run = Run::started();
    let state = run.events().next();
    let gate = Gate::shut();
    let mut page = run.navigate(&format!("/held?gate={}", gate.address));
    let page_id = state["page"].as_str().unwrap();
    // The gate is shut: this is on the wire before the response ends.
    let shell = page.until("Loading").to_owned();
    let tag = format!("<head><script data-page=\"{page_id}\" data-styles=\"0\">");
    assert!(shell.contains(&tag), "{shell}");
    assert!(!shell.contains("the part of"), "{shell}");
    assert_eq!(page.header("cache-control"), Some("no-store"));
    gate.open();
    page.until("the part of first");
    page.until("<!--$a-->");
}

#[test]
fn what_is_no_document_is_passed_on_as_it_is() {
    let run = Run::started();
    let script = |body: &str| body.contains("data-page");
    let empty = [("Sec-Fetch-Dest", "empty")];
    let fetched = Client::get(&run.address, "/", &empty);
    assert!(!script(&fetched.whole()));
    assert!(
        !script(&run.get("/").whole()),
        "a program asks for no document"
    );
    let accepts = [("Accept", "text/html,*/*;q=0.8")];
    assert!(script(&Client::get(&run.address, "/", &accepts).whole()));
    assert!(!script(&run.navigate("/text").whole()));
    assert_eq!(Client::post(&run.address, "/echo", "said").whole(), "said");
    let compressed = [("Accept-Encoding", "gzip")];
    let gate = Gate::shut();
    let held = format!("/held?gate={}", gate.address);
    let held = Client::get(&run.address, &held, &compressed);
    assert_eq!(held.header("content-encoding"), Some("gzip"));
}

#[test]
fn a_browser_asks_for_the_parts_of_a_page_each_time() {
    let run = Run::started();
    let kept = "public, max-age=31536000, immutable";
    for (place, cached) in [("style", "no-cache"), ("empty", kept)] {
        let part = Client::get(&run.address, "/style.css", &[("Sec-Fetch-Dest", place)]);
        assert_eq!(part.header("cache-control"), Some(cached), "{place}");
    }
}

/// Browsers keep where it leads for good, though nothing in it says so.
#[test]
fn a_redirect_for_good_is_asked_for_again() {
    let run = Run::started();
    let moved = run.navigate("/moved");
    assert_eq!(moved.status, 308);
    assert_eq!(moved.header("cache-control"), Some("no-store"));
    assert_eq!(run.get("/moved").header("cache-control"), None);
}

#[test]
fn a_policy_allows_the_script_and_nothing_more() {
    let run = Run::started();
    let page = run.navigate("/strict");
    let policy = page.header("content-security-policy").unwrap();
    let (before, hash) = policy.split_once("script-src 'sha256-").unwrap();
    assert_eq!(before, "default-src 'none'; ");
    assert!(hash.ends_with("'; connect-src 'self'"), "{policy}");
    assert_eq!(
        run.get("/strict").header("content-security-policy"),
        Some("default-src 'none'")
    );
}
