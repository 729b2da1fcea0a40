//! Every page as Markdown.

use anabranch_site::guide::PAGES;
use anabranch_site::{app, site};
use axum::http::{Request, header};
use tower::ServiceExt;

use crate::support::{get, get_accepting};

const TEXT: &str = "text/markdown; charset=utf-8";

#[tokio::test]
async fn every_page_is_there_as_markdown_in_both_ways() {
    let own = [
        ("/search?q=nonce", "/search.md?q=nonce"),
        ("/watch", "/watch.md"),
    ];
    let own = own.map(|(url, file)| (url.to_owned(), file.to_owned()));
    let written = PAGES
        .iter()
        .map(|page| (page.url.to_owned(), page.markdown_url()));
    for (url, file) in written.chain(own) {
        let accepted = get_accepting(&url, "text/markdown, text/html;q=0.9").await;
        let named = get(&file).await;
        for answer in [&accepted, &named] {
            assert_eq!(answer.status, 200, "{url}");
            assert_eq!(answer.header(header::CONTENT_TYPE), [TEXT], "{url}");
            assert!(answer.text.starts_with("# "), "{url}");
        }
        assert_eq!(accepted.text, named.text, "{url}");
        assert!(accepted.header(header::VARY).contains(&"accept"), "{url}");

        let html = get_accepting(&url, "text/html, */*;q=0.8").await;
        assert!(
            html.header(header::CONTENT_TYPE)[0].starts_with("text/html"),
            "{url}"
        );
        assert!(html.header(header::VARY).contains(&"accept"), "{url}");
    }
}

#[tokio::test]
async fn links_of_a_text_lead_to_texts() {
    let text = get("/guide/boundaries.md").await.text;
    assert!(
        text.contains("](/guide/errors.md#after-the-first-byte)"),
        "{text}"
    );
    for link in text
        .split("](")
        .skip(1)
        .map(|rest| rest.split([')', '#']).next().unwrap())
    {
        if link.starts_with('/') {
            assert_eq!(get(link).await.status, 200, "{link}");
        }
    }
}

#[tokio::test]
async fn llms_txt_lists_every_page() {
    let list = get("/llms.txt").await;
    assert_eq!(list.status, 200);
    assert!(
        list.text
            .starts_with("# Anabranch\n\n> Anabranch streams HTML")
    );
    let full = get("/llms-full.txt").await.text;
    for page in PAGES.iter().filter(|page| !page.group.is_empty()) {
        let line = format!("- [{}]({})", page.title, page.markdown_url());
        assert!(list.text.contains(&line), "{line}");
        assert!(
            full.contains(&format!("# {}\n", page.title)),
            "{}",
            page.title
        );
    }
    for link in list
        .text
        .split("](")
        .skip(1)
        .map(|rest| rest.split(')').next().unwrap())
    {
        assert_eq!(get(link).await.status, 200, "{link}");
    }
}

#[tokio::test]
async fn only_a_reader_gets_markdown() {
    let request = Request::post("/guide").header(header::ACCEPT, "text/markdown");
    let response = site().oneshot(request.body(axum::body::Body::empty()).unwrap());
    assert_eq!(response.await.unwrap().status(), 405);
    // A path that is none is not found, whoever asks.
    let missing = get_accepting("/guide/nowhere", "text/markdown").await;
    assert_eq!(missing.status, 404);
    assert_eq!(app::href::llms_txt().as_ref(), "/llms.txt");
}
