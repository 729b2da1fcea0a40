//! The inspector in a real browser: what it leaves, what it shows, and that it leaves the page
//! alone.

use anabranch::csp::Policy;
use anabranch::prelude::*;
use anabranch_inspector::Inspector;
use anabranch_paint::{Page, Result, Site, Swap};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::routing::get;
use axum::{Extension, Router};

/// Two boundaries, one of which renders a third.
async fn dashboard(parts: ResponseParts) -> anabranch::Result {
    // No style, and no script but those that are allowed by their hashes.
    let policy = Policy::strict().to_string();
    parts.insert_header(CONTENT_SECURITY_POLICY, policy)?;
    let sales = async {
        let by_day = boundary(text("Monday 3")).name("by day");
        Ok(html! { p { "Sales" } (by_day.loading(html! { p { "Days…" } })) })
    };
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Dashboard" } }
            body {
                h1 { "Dashboard" }
                (boundary(sales).name("sales").loading(html! { p { "Sales…" } }))
                (boundary(text("Visits 7")).name("visits").loading(html! { p { "Visits…" } }))
            }
        }
    })
}

async fn text(text: &'static str) -> anabranch::Result {
    Ok(html! { p { (text) } })
}

fn site() -> Result<Site> {
    site_with(Inspector::on())
}

fn site_with(inspector: Inspector) -> Result<Site> {
    let app = Router::new().route("/", get(page(dashboard)));
    Site::start(app.layer(inspector))
}

/// The page with everything on it, painted from the last boundary to the first.
fn complete(site: &Site, swap: Swap) -> Result<Page> {
    let page = site.open_with(swap, "/")?;
    page.shows_loading("sales");
    for name in ["visits", "sales", "by day"] {
        page.release(name);
        page.painted(name);
    }
    page.wait_loaded()?;
    Ok(page)
}

const SWAPS: [Swap; 2] = [Swap::Native, Swap::Bridge];

#[test]
fn the_page_stays_as_it_is_and_its_policy_holds() -> Result {
    for swap in SWAPS {
        let site = site()?;
        let page = complete(&site, swap)?;
        assert_eq!(page.violations()?, [""; 0]);
        page.no_console_errors();
        page.no_layout_shift_over(0.05);
        page.final_dom_equals_whole_mode();
        assert_eq!(
            page.eval("[...document.querySelectorAll('anabranch-inspector')].map(it => it.parentNode.localName).join()")?,
            "html"
        );
        assert_eq!(page.eval("document.scripts.length")?, 0);
    }
    Ok(())
}

#[test]
fn the_names_of_the_page_are_its_own() -> Result {
    for swap in SWAPS {
        let names = |inspector| {
            let site = site_with(inspector)?;
            let names = "Object.getOwnPropertyNames(self).sort()";
            complete(&site, swap)?.eval(names)
        };
        assert_eq!(
            names(Inspector::on())?,
            names(Inspector::off())?,
            "{swap:?}"
        );
    }
    Ok(())
}

#[test]
fn each_boundary_leaves_a_measure_on_the_clock_of_the_page() -> Result {
    for swap in SWAPS {
        let site = site()?;
        let page = complete(&site, swap)?;
        // By their ends, which are the order in which they were released.
        let names = page.eval(
            "performance.getEntriesByType('measure')
                .filter(({ detail }) => detail.boundary)
                .sort((a, b) => a.startTime + a.duration - b.startTime - b.duration)
                .map(({ name }) => name).join()",
        )?;
        assert_eq!(
            names, "anabranch:visits,anabranch:sales,anabranch:by day",
            "{swap:?}"
        );
        let sane = page.eval(
            "performance.getEntriesByType('measure').every(({ startTime, duration, detail }) =>
                startTime >= 0 && startTime + duration <= performance.now()
                && detail.devtools.trackGroup === 'Anabranch')",
        )?;
        assert_eq!(sane, true, "{swap:?}");
        // The stage has put the boundaries under element timing, each by its name.
        for what in ["shown", "started", "complete", "swapped", "painted"] {
            let mark = format!("anabranch:by day {what}");
            page.wait_for(&format!(
                "performance.getEntriesByName('{mark}', 'mark').length === 1"
            ))?;
        }
        assert_eq!(
            page.eval("performance.getEntriesByName('anabranch:shell', 'measure').length")?,
            1
        );
    }
    Ok(())
}

#[test]
fn a_response_that_is_cut_is_shown_as_one() -> Result {
    for swap in SWAPS {
        // Its silence is noticed within a second.
        let settings = Settings::new().heartbeat(millis(200));
        let app = Router::new().route("/", get(page(dashboard)));
        let site = Site::start(app.layer(Extension(settings)).layer(Inspector::on()))?;
        let page = site.open_with(swap, "/")?;
        page.shows_loading("sales");
        let state = |state| {
            let host = "document.querySelector('anabranch-inspector')";
            page.wait_for(&format!("{host}?.dataset.state === '{state}'"))
        };
        state("open")?;
        site.server().cut();
        state("cut")?;
    }
    Ok(())
}

#[test]
fn the_overlay_remembers_that_it_is_open_and_closes_by_escape() -> Result {
    let site = site()?;
    let page = complete(&site, Swap::Native)?;
    let host = "document.querySelector('anabranch-inspector')";
    let height = || page.eval(&format!("{host}.offsetHeight"));
    assert_eq!(page.eval(&format!("{host}.hasAttribute('open')"))?, false);
    let closed = height()?.as_f64();

    page.eval("sessionStorage.setItem('anabranch-inspector', 'open')")?;
    let reopened = page.eval("location.reload()");
    drop(reopened);
    page.wait_for("document.querySelector('anabranch-inspector[open]') !== null")?;
    assert!(height()?.as_f64() > closed.map(|height| height * 4.0));

    let escape = format!("{host}.dispatchEvent(new KeyboardEvent('keydown', {{ key: 'Escape' }}))");
    page.eval(&escape)?;
    assert_eq!(height()?.as_f64(), closed);
    assert_eq!(
        page.eval(&format!("document.activeElement === {host}"))?,
        true
    );
    assert_eq!(
        page.eval("sessionStorage.getItem('anabranch-inspector')")?,
        "closed"
    );
    Ok(())
}
