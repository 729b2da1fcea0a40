//! The kit itself, on wires written by hand: it sees what is right, and it sees what is broken.

use std::convert::Infallible;

use anabranch_paint::{Chromium, Gates, Page, Result, Server, Swap, dom};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;

/// Streams `parts`, each after its gate: part 1 waits for gate "1".
fn by_hand(gates: &Gates, parts: &'static [&'static str]) -> Router {
    let gates = gates.clone();
    Router::new().route("/", get(move || async move { respond(gates, parts) }))
}

fn respond(gates: Gates, parts: &'static [&'static str]) -> Response {
    let frames = stream::unfold(0, move |part| {
        let gates = gates.clone();
        async move {
            let bytes = Bytes::from_static(parts.get(part)?.as_bytes());
            if part > 0 {
                gates.wait(&part.to_string()).await;
            }
            Some((Ok::<_, Infallible>(bytes), part + 1))
        }
    });
    let html = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (html, Body::from_stream(frames)).into_response()
}

fn open(swap: Swap, server: &Server) -> Result<Page> {
    Chromium::shared(swap)?.page().open(&server.url("/"))
}

const SHELL: &str = "<!DOCTYPE html><title>x</title><body>\
    <p elementtiming=\"shell\">Shell</p>\
    <div><?start name=\"0\"><p elementtiming=\"loading\">Loading</p><?end></div>";
const PATCH: &str = "<template for=\"0\"><p elementtiming=\"done\">Done</p></template>";

#[test]
fn each_step_is_painted_while_the_response_is_open() -> Result {
    let gates = Gates::new();
    let server = Server::start(by_hand(&gates, &[SHELL, PATCH, "</body></html>"]), &gates)?;
    let page = open(Swap::Native, &server)?;
    page.wait_painted("loading")?;
    gates.open("1");
    page.wait_painted("done")?;
    assert_eq!(page.eval("document.readyState")?, "loading");
    gates.open("2");
    page.wait_loaded()?;
    let names: Vec<String> = page.paints()?.into_iter().map(|paint| paint.name).collect();
    assert_eq!(names, ["shell", "loading", "done"]);
    assert_eq!(page.errors()?, [""; 0]);
    Ok(())
}

#[test]
fn paints_out_of_order_and_wrong_documents_are_seen() -> Result {
    // The patches stand in the order b, a although the page promises a, b.
    const PAGE: &str = "<!DOCTYPE html><title>x</title><body>\
        <?start name=\"0\">…<?end><?start name=\"1\">…<?end>";
    const A: &str = "<template for=\"0\"><p elementtiming=\"a\">a</p></template>";
    const B: &str = "<template for=\"1\"><p elementtiming=\"b\">b</p></template>";
    let gates = Gates::new();
    let server = Server::start(by_hand(&gates, &[PAGE, B, A, "</body></html>"]), &gates)?;
    let page = open(Swap::Native, &server)?;
    for (gate, name) in [("1", "b"), ("2", "a")] {
        gates.open(gate);
        page.wait_painted(name)?;
    }
    let paints = page.paints()?;
    assert_eq!([&*paints[0].name, &*paints[1].name], ["b", "a"]);
    assert!(paints[0].at < paints[1].at, "{paints:?}");

    let whole = "<!DOCTYPE html><title>x</title><body><p elementtiming=b>b</p></body>";
    assert_ne!(page.normal_form()?, dom::whole(whole.as_bytes()).unwrap());
    Ok(())
}

#[test]
fn the_browser_and_the_twin_write_the_same_notation() -> Result {
    const PAGE: &str = "<!DOCTYPE html><html lang=en><title>x &amp; y</title><!-- mine --><!--  -->\
        <body class=b id=a><svg viewBox='0 0 1 1'><path d=\"M0 0\"/><a xlink:href='#x'>é</a></svg><math><mi>x</mi></math>\
        <template><i>t</i></template><pre>\n\na\\b\n</pre>error 0123abcd<p data-error=0123abcd>Error 0123abcd";
    let gates = Gates::new();
    let server = Server::start(by_hand(&gates, &[PAGE]), &gates)?;
    let page = open(Swap::Native, &server)?;
    page.wait_loaded()?;
    assert_eq!(page.normal_form()?, dom::whole(PAGE.as_bytes()).unwrap());
    Ok(())
}

#[test]
fn violations_and_errors_are_seen() -> Result {
    const PAGE: &str = "<!DOCTYPE html><title>x</title>\
        <meta http-equiv=content-security-policy content=\"script-src 'none'\">\
        <body><script>alert()</script><img src=/missing.png>";
    let gates = Gates::new();
    let server = Server::start(by_hand(&gates, &[PAGE]), &gates)?;
    let page = open(Swap::Native, &server)?;
    page.wait_loaded()?;
    page.wait_for("__anabranch_paint.violations.length")?;
    assert!(page.violations()?[0].contains("script-src"), "{page:?}");
    assert!(page.errors()?[0].contains("missing.png"), "{page:?}");
    Ok(())
}

#[test]
fn a_page_may_use_any_name_for_its_own() -> Result {
    const PAGES: [&[&str]; 2] = [
        &[
            "<!DOCTYPE html><title>x</title><script>const paint = 'mine', film = 'mine'</script>\
            <p elementtiming=done>Done</p>",
        ],
        &[
            "<!DOCTYPE html><title>x</title><script>function paint() {} function film() {}</script>\
            <p elementtiming=done>Done</p>",
        ],
    ];
    for parts in PAGES {
        let gates = Gates::new();
        let server = Server::start(by_hand(&gates, parts), &gates)?;
        let page = open(Swap::Native, &server)?;
        page.wait_painted("done")?;
        assert_eq!(
            page.normal_form()?,
            dom::whole(parts[0].as_bytes()).unwrap()
        );
        assert_eq!(page.errors()?, [""; 0], "{parts:?}");
        let listed = "Object.keys(self).filter(name => name.includes('anabranch')).join()";
        assert_eq!(page.eval(listed)?, "");
    }
    Ok(())
}

#[test]
fn a_cut_connection_ends_the_response() -> Result {
    let gates = Gates::new();
    let server = Server::start(by_hand(&gates, &[SHELL, PATCH]), &gates)?;
    let page = open(Swap::Native, &server)?;
    page.wait_painted("loading")?;
    assert_eq!(gates.waiting("1"), 1);
    server.cut();
    while gates.waiting("1") > 0 {
        std::thread::yield_now();
    }
    assert_eq!(page.eval("document.readyState")?, "loading");
    Ok(())
}

#[test]
fn a_condition_that_throws_and_a_page_that_is_missing_are_errors() -> Result {
    let gates = Gates::new();
    let server = Server::start(by_hand(&gates, &[SHELL]), &gates)?;
    let page = open(Swap::Native, &server)?;
    let error = page.wait_for("nowhere.to.be.found").unwrap_err();
    assert!(
        format!("{error:?}").contains("nowhere is not defined"),
        "{error:?}"
    );
    let refused = Chromium::shared(Swap::Native)?
        .page()
        .open("http://127.0.0.1:1/");
    assert!(refused.is_err());
    Ok(())
}

#[test]
fn gates_open_over_http() -> Result {
    let gates = Gates::new();
    let server = Server::start(by_hand(&gates, &[SHELL, PATCH]), &gates)?;
    let page = open(Swap::Native, &server)?;
    page.eval("fetch('/gates/1', { method: 'POST' }).then(response => response.status)")?;
    page.wait_painted("done")
}

#[test]
fn without_the_native_swap_a_patch_stays_where_it_is() -> Result {
    let gates = Gates::new();
    let server = Server::start(by_hand(&gates, &[SHELL, PATCH, "</body></html>"]), &gates)?;
    gates.open("1");
    gates.open("2");
    let page = open(Swap::Bridge, &server)?;
    page.wait_loaded()?;
    let kinds = "[...document.querySelector('div').childNodes].map(node => node.nodeType)";
    assert_eq!(page.eval(kinds)?, serde_json::json!([8, 1, 8]));
    assert_eq!(
        page.eval("document.querySelectorAll('template').length")?,
        1
    );
    Ok(())
}
