//! HTML that breaks the page around it is named in the log of a debug build.

use std::sync::{Arc, Mutex};

use anabranch_boundaries::{Boundary, Result, boundary};
use anabranch_engine::{Settings, Visit};
use maud::{Markup, PreEscaped, html};

use crate::log::Log;
use crate::support::{gate, open_with, visit};

/// What the log says while `page` is rendered to its end.
async fn log_of(page: impl Future<Output = Result> + Send + 'static) -> String {
    log_of_visit(visit(Settings::new()), page).await
}

async fn log_of_visit(visit: Visit, page: impl Future<Output = Result> + Send + 'static) -> String {
    let log = Log::start();
    open_with(visit, page).await.rest().await;
    log.text()
}

#[tokio::test]
async fn a_boundary_that_leaves_html_open_is_named_with_what_and_how_to_mend_it() {
    let (gate, wait) = gate();
    gate.open();
    let log = log_of(async {
        Ok(html! { body {
            (boundary(async {
                wait.await?;
                Ok(html! { p { "a" } (PreEscaped("<!-- b")) })
            }).name("comments"))
            (boundary(async { Ok(html! { p { "c" } }) }).name("harmless"))
        } })
    })
    .await;
    assert_eq!(log.matches("WARN").count(), 1, "{log}");
    for part in [
        "the HTML of this boundary breaks the page around it",
        "boundary=comments",
        "a comment that does not end, at byte 8: \"<!-- b\"",
        "anabranch::fragment(…)",
    ] {
        assert!(log.contains(part), "{part} is not in {log}");
    }
}

#[tokio::test]
async fn a_boundary_without_a_name_is_called_by_its_place_and_a_page_by_its_own() {
    let log = log_of(async {
        Ok(html! { body {
            (boundary(async { Ok(html! { (PreEscaped("</template>")) }) }))
            (PreEscaped("<div>"))
        } })
    })
    .await;
    assert_eq!(log.matches("WARN").count(), 2, "{log}");
    assert!(log.contains("engine/tests/engine/framing.rs:"), "{log}");
    assert!(
        log.contains("a </template> that nothing here opens"),
        "{log}"
    );
    assert!(log.contains("the HTML of this page"), "{log}");
    assert!(log.contains("a <div> that is not closed"), "{log}");
}

#[tokio::test]
async fn a_page_is_called_by_its_name_and_no_private_mark_shows() {
    let mut visit = visit(Settings::new());
    visit.name = Some("/flights".into());
    let log = log_of_visit(visit, async {
        Ok(html! { body { (PreEscaped("<div>")) (boundary(async { Ok(html! {}) })) } })
    })
    .await;
    assert!(log.contains(" page=\"/flights\"\n"), "{log}");
    assert!(!log.contains("framing.rs"), "{log}");
    assert!(log.contains("at byte 6: \"<div>\"."), "{log}");
}

#[tokio::test]
async fn whole_pages_tables_and_drawings_are_left_in_peace() {
    let log = log_of(async {
        Ok(html! {
            (maud::DOCTYPE)
            html lang="en" {
                head { title { "a < b" } style { (PreEscaped("a > b {}")) } }
                body {
                    table { tbody { (boundary(async {
                        Ok(html! { tr { td { "a" br; "b" } } tr { td title="\"'<>" { } } })
                    })) } }
                    svg viewBox="0 0 1 1" { title { "a" } path d="M0 0"; }
                    script { (PreEscaped("if (a < b) document.write('<p>')")) }
                    (boundary(async { Ok(html! { option selected { "c" } input disabled; }) }))
                }
            }
        })
    })
    .await;
    assert_eq!(log, "");
}

/// Names the boundaries that the log warns of for standing where they do.
async fn misplaced(
    page: impl FnOnce(fn(&'static str) -> Boundary) -> Markup + Send + 'static,
) -> Vec<String> {
    let log = log_of(async { Ok(page(late)) }).await;
    let warnings = log
        .lines()
        .filter(|line| line.contains("stands where none can arrive"));
    let name = |line: &str| {
        let (_, name) = line.split_once("boundary=")?;
        Some(name.trim().to_owned())
    };
    warnings.filter_map(name).collect()
}

/// A boundary that brings its name, as a row if it is named so.
fn late(name: &'static str) -> Boundary {
    let content = async move {
        tokio::task::yield_now().await;
        Ok(match name {
            "row" => html! { tr { td { (name) } } },
            "rows" => html! { tbody { tr { td { (name) } } } },
            name => html! { (name) },
        })
    };
    boundary(content).name(name)
}

#[tokio::test]
async fn a_boundary_in_a_place_without_markers_is_named() {
    let names = misplaced(|late| {
        html! {
            head { title { (late("title")) } }
            body {
                textarea { (late("textarea")) }
                style { (late("style")) }
                p title=(html! { (late("attribute")) }.0) { "text" }
                svg { g { (late("drawing")) } }
                template { p { (late("template")) } }
                table { (late("row")) }
            }
        }
    });
    let names = names.await;
    let expected = [
        "title",
        "textarea",
        "style",
        "attribute",
        "drawing",
        "template",
        "row",
    ];
    assert_eq!(names, expected);
}

/// A browser shows nothing of such a page, and says nothing.
#[tokio::test]
async fn a_boundary_before_the_body_is_named() {
    let begins = misplaced(|late| html! { (late("begins")) p { "text" } });
    assert_eq!(begins.await, ["begins"]);
    let between = misplaced(|late| html! { html { head {} (late("between")) body {} } });
    assert_eq!(between.await, ["between"]);
    let later = misplaced(|late| html! { p { "text" } (late("later")) });
    assert_eq!(later.await, [""; 0]);
}

#[tokio::test]
async fn a_boundary_where_markers_may_stand_is_left_in_peace() {
    let names = misplaced(|late| {
        html! {
            head { (late("meta")) }
            body {
                table { (late("rows")) tbody { (late("row")) } }
                select { (late("option")) }
                svg { foreignObject { (late("island")) } title { (late("label")) } }
                p title="a > b" { (late("text")) }
            }
        }
    });
    assert_eq!(names.await, [""; 0]);
}

#[tokio::test]
async fn a_boundary_of_another_response_is_named_where_it_was_kept() {
    async fn late() -> Result {
        tokio::task::yield_now().await;
        Ok(html! { "late" })
    }
    let kept = Arc::new(Mutex::new(html! {}));
    let keeps = kept.clone();
    let log = log_of(async move {
        let part = html! { p { (boundary(late())) } };
        *keeps.lock().unwrap() = part.clone();
        Ok(part)
    });
    assert_eq!(log.await, "");
    let part = kept.lock().unwrap().clone();
    let alone = part.clone();
    let beside = html! { (part) };
    let inside = async move { Ok(html! { (part) (boundary(late())) }) };
    for log in [
        log_of(async move { Ok(alone) }).await,
        log_of(async move { Ok(html! { (beside) (boundary(late())) }) }).await,
        log_of(async move { Ok(html! { body { (boundary(inside).name("inside")) } }) }).await,
    ] {
        assert_eq!(log.matches("WARN").count(), 1, "{log}");
        assert!(
            log.contains("holds a boundary or a Head of another response"),
            "{log}"
        );
    }
}
