//! The pages: that they are there, and that all links lead somewhere.

use std::collections::{BTreeMap, BTreeSet};

use anabranch_site::guide::{PAGES, Page};
use axum::http::header;

use crate::support::{attributes, get};

#[tokio::test]
async fn every_chapter_is_there_with_its_title_and_its_neighbours() {
    let listed: Vec<_> = Page::listed().collect();
    assert!(listed.len() > 20, "{} pages", listed.len());
    for (number, page) in listed.iter().enumerate() {
        let answer = get(page.url).await;
        assert_eq!(answer.status, 200, "{}", page.url);
        let title = page.title.replace('\'', "&#39;");
        let heading = format!("<h1 elementtiming=\"title\">{}</h1>", page.title);
        assert!(answer.text.contains(&heading), "{} {title}", page.url);
        let rest = listed.get(number + 1);
        let next = rest.map(|next| format!("rel=\"next\" href=\"{}\"", next.url));
        let shown = answer.text.contains("rel=\"next\"");
        assert_eq!(shown, next.is_some(), "{}", page.url);
        assert!(
            answer.text.contains(&next.unwrap_or_default()),
            "{}",
            page.url
        );
        for heading in page.headings {
            let entry = format!("<a href=\"#{}\">", heading.id);
            let has_contents = page.headings.len() > 1;
            assert_eq!(
                answer.text.contains(&entry),
                has_contents,
                "{} {entry}",
                page.url
            );
        }
    }
}

#[tokio::test]
async fn every_link_leads_to_a_page_and_every_anchor_to_an_element() {
    let mut to_do: Vec<String> = vec!["/".to_owned(), "/search?q=boundary".to_owned()];
    let mut seen = BTreeMap::new();
    let mut anchors = BTreeSet::new();
    while let Some(path) = to_do.pop() {
        if seen.contains_key(&path) {
            continue;
        }
        let answer = get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        let is_html = answer.header(header::CONTENT_TYPE)[0].starts_with("text/html");
        let html = if is_html { &*answer.text } else { "" };
        let links = attributes(html, "href")
            .into_iter()
            .chain(attributes(html, "src"));
        for link in links {
            let link = link.replace("&amp;", "&");
            let (to, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let to = if to.is_empty() { &path } else { to };
            if to.starts_with("https://") || to.starts_with("http://") {
                continue;
            }
            assert!(to.starts_with('/'), "{path}: {link}");
            if !anchor.is_empty() {
                anchors.insert((path.clone(), to.to_owned(), anchor.to_owned()));
            }
            to_do.push(to.to_owned());
        }
        let ids: Vec<_> = attributes(html, "id")
            .into_iter()
            .map(str::to_owned)
            .collect();
        let unique: BTreeSet<_> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{path} has an id twice");
        seen.insert(path, ids);
    }
    for (from, to, anchor) in anchors {
        assert!(seen[&to].contains(&anchor), "{from}: {to}#{anchor}");
    }
    for page in PAGES {
        assert!(seen.contains_key(page.url), "no link leads to {}", page.url);
    }
}

#[tokio::test]
async fn the_first_page_and_the_benchmarks_say_what_the_files_say() {
    let first = get("/").await.text;
    for text in [
        "What you get",
        "How it compares",
        "/media/filmstrip.png",
        "<th scope=\"col\">",
    ] {
        assert!(first.contains(text), "{text}");
    }
    let benchmarks = get("/benchmarks").await.text;
    let file = include_str!("../../../benchmarks/README.md");
    let row = file
        .lines()
        .find(|line| line.starts_with("| by-hand |"))
        .unwrap();
    for cell in row.trim_matches('|').split('|').map(str::trim) {
        assert!(benchmarks.contains(&format!(">{cell}</td>")), "{cell}");
    }
}

#[tokio::test]
async fn code_is_coloured_and_what_only_makes_it_compile_is_left_out() {
    let page = get("/guide/server").await.text;
    assert!(page.contains("<span class=\"k\">async</span>"));
    assert!(!page.contains("# async"));
}

#[tokio::test]
async fn what_does_not_exist_is_a_404_with_a_search() {
    for path in [
        "/nowhere",
        "/guide/nowhere",
        "/guide/nowhere.md",
        "/project/x",
        "/media/x.png",
        "/.md",
    ] {
        let answer = get(path).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    let answer = get("/guide/nowhere").await;
    assert!(answer.text.contains("There is no such page") && answer.text.contains("name=\"q\""));
}

#[tokio::test]
async fn the_rules_of_what_may_be_fetched_ahead_are_where_pages_say() {
    let page = get("/").await;
    let place = page.header(header::HeaderName::from_static("speculation-rules"));
    let place = place[0].trim_matches('"').to_owned();
    let rules = get(&place).await;
    assert_eq!(rules.status, 200);
    let kind = rules.header(header::CONTENT_TYPE);
    assert_eq!(kind, ["application/speculationrules+json"]);
    assert!(
        rules
            .text
            .contains(r#"{"not": {"href_matches": "/watch*"}}"#)
    );
}
