//! The search: what comes first, when it comes, and what it makes of anything.

use anabranch_paint::StreamTest;
use anabranch_site::search::{Query, search};
use anabranch_site::site;

use crate::support::get;

#[test]
fn titles_come_before_headings_and_headings_before_text() {
    for (query, first) in [
        ("testing", "/guide/testing"),
        ("boundaries", "/guide/boundaries"),
        ("nonce", "/guide/csp#by-nonce"),
        ("static files", "/guide/static-files"),
        ("access log", "/guide/server#the-access-log"),
        ("CSP", "/guide/csp"),
    ] {
        let hits = search(&Query::new(query));
        let urls: Vec<_> = hits.iter().map(|hit| hit.url()).collect();
        assert_eq!(
            urls.first().map(String::as_str),
            Some(first),
            "{query}: {urls:?}"
        );
    }
}

#[test]
fn a_slip_and_the_beginning_of_a_word_find_what_was_meant() {
    for query in ["boundry", "bundaries", "bounda", "BOUNDARIES"] {
        let hits = search(&Query::new(query));
        let found = hits
            .iter()
            .take(3)
            .any(|hit| hit.page.url == "/guide/boundaries");
        assert!(found, "{query}");
    }
}

#[test]
fn all_words_count() {
    let both = search(&Query::new("nginx buffering"));
    for hit in &both {
        let text = format!(
            "{} {} {}",
            hit.page.title, hit.section.title, hit.section.text
        );
        let text = text.to_lowercase();
        assert!(
            text.contains("nginx") && text.contains("buffer"),
            "{}",
            hit.url()
        );
    }
    assert!(!both.is_empty());
    // A word that is nowhere takes nothing away from the others.
    assert!(!search(&Query::new("nginx zzzzzzzz")).is_empty());
}

#[tokio::test]
async fn bad_input_is_harmless() {
    let long = "a".repeat(20_000);
    let queries = [
        "",
        "?q=",
        "?q=%00%ff%fe",
        "?q=%zz&q=2",
        "?q",
        "?&&==&q=%3Cscript%3Ealert(1)%3C/script%3E",
        "?q=%22onmouseover=x%20%22",
        "?q=../../etc/passwd",
        "?x[]=1",
        &format!("?q={long}"),
        &format!("?q={}", "%F0%9F%92%A7".repeat(200)),
    ];
    for query in queries {
        let answer = get(&format!("/search{query}")).await;
        assert_eq!(answer.status, 200, "{query}");
        assert!(!answer.text.contains("<script>alert"), "{query}");
        assert!(!answer.text.contains("\"onmouseover"), "{query}");
        assert!(answer.text.len() < 60_000, "{query}");
        assert_eq!(
            get(&format!("/search.md{query}")).await.status,
            200,
            "{query}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_shell_leaves_before_what_is_found() {
    let mut page = StreamTest::get(site(), "/search?q=boundary").await;
    assert_eq!(page.status_at_commit(), 200);
    assert!(page.shell().contains("value=\"boundary\""));
    page.shows_loading("found");
    assert!(page.is_waiting().await);

    page.release("found");
    let patch = page.next_patch().await;
    assert!(
        patch.html.contains("<mark>Boundaries</mark>")
            || patch.html.contains("<mark>boundary</mark>")
    );
    assert!(patch.html.contains("href=\"/guide/boundaries\""));
    page.final_dom_equals_whole_mode().await;
}
