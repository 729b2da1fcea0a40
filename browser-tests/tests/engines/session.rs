//! The page that a bot gets, for a reader who is logged in.

use std::thread;
use std::time::{Duration, Instant};

use anabranch::prelude::*;
use anabranch_paint::{Chromium, Mode, Page, Result as Outcome, Site, Stage, Swap};
use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, header};
use axum::routing::get;

use crate::in_modes;

/// How long a page may take. It only matters where the test fails.
const LIMIT: Duration = Duration::from_secs(20);

in_modes! { native: Native, bridge: Bridge, firefox: Firefox, webkit: WebKit; {
    a_session_goes_on_in_the_whole_page,
} }

fn a_session_goes_on_in_the_whole_page(mode: Mode) -> Outcome {
    // Tests share browsers, so each has a cookie of its own.
    let path = format!("/{mode:?}");
    let site = site()?;
    goes_on(&site.open_mode(mode, &path)?)
}

#[test]
fn a_session_goes_on_in_a_chromium_of_its_own() -> Outcome {
    let site = site()?;
    let chromium = Chromium::start(Swap::Native)?;
    goes_on(&site.open_in(chromium.page(), "/Own")?)
}

fn goes_on(page: &Page) -> Outcome {
    page.wait_for("document.querySelector('p')?.textContent === 'Who are you?'")?;
    page.wait_loaded()?;
    let logged_in = "fetch(location.pathname + '/login').then(answer => answer.status)";
    assert_eq!(page.eval(logged_in)?, 200);
    // The page goes in the middle of the answer, or right after it.
    let reloaded = page.eval("location.reload()");
    drop(reloaded);
    let hello = "document.querySelector('p')?.textContent === 'Hello again.'";
    let started = Instant::now();
    while !page.eval(hello).is_ok_and(|arrived| arrived == true) {
        assert!(started.elapsed() < LIMIT, "the session is not known");
        thread::yield_now();
    }
    page.final_dom_equals_whole_mode();
    Ok(())
}

fn site() -> Outcome<Site> {
    let app = Router::new()
        .route("/{who}", get(page(home)))
        .route("/{who}/login", get(login));
    Site::with(Stage::free(), app)
}

/// Sets a cookie that is out of the reach of scripts.
async fn login(Path(who): Path<String>) -> [(HeaderName, String); 1] {
    [(header::SET_COOKIE, format!("{who}=in; Path=/; HttpOnly"))]
}

async fn home(Path(who): Path<String>, headers: HeaderMap) -> Result {
    let session = format!("{who}=in");
    let cookies = headers.get_all(header::COOKIE).iter();
    let mut cookies = cookies
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split("; "));
    let hello = match cookies.any(|cookie| cookie == session) {
        true => "Hello again.",
        false => "Who are you?",
    };
    let hello = boundary(async move { Ok(html! { p { (hello) } }) });
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Home" } }
            body { (hello.loading(html! { p { "…" } })) }
        }
    })
}
