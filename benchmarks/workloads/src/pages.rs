//! The data of the workloads and its markup.

use std::sync::LazyLock;

use maud::{DOCTYPE, Markup, Render, html};

/// What ends every document. A streamed page holds it back until its last patch is written.
pub const TAIL: &str = "</body></html>";

/// One row of the list.
#[derive(Debug)]
pub struct Item {
    /// What it is called.
    pub title: String,
    /// What it says, with characters to be escaped.
    pub text: String,
}

/// The rows of the list.
pub static ITEMS: LazyLock<Vec<Item>> = LazyLock::new(|| {
    (1..=20)
        .map(|n| Item {
            title: format!("Item {n}"),
            text: format!("row {n}: quick brown fox & lazy dog <{n}>"),
        })
        .collect()
});

/// The document around `main`. `head` is what a server adds to the head, a script say.
#[must_use]
pub fn document(title: &str, head: impl Render, main: impl Render) -> Markup {
    frame(title, Titled { title, head }, main)
}

/// The document around `main`, with all of `head` but the character set.
#[must_use]
pub fn frame(name: &str, head: impl Render, main: impl Render) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                (head)
            }
            body {
                header { h1 { "Bench " (name) } }
                nav {
                    a href="/w1" { "w1" }
                    a href="/w2" { "w2" }
                    a href="/w3" { "w3" }
                    a href="/w4" { "w4" }
                    a href="/w5" { "w5" }
                    a href="/w6" { "w6" }
                    a href="/w7" { "w7" }
                }
                main { (main) }
            }
        }
    }
}

/// A title, and what follows it in the head.
struct Titled<'a, H> {
    title: &'a str,
    head: H,
}

impl<H: Render> Render for Titled<'_, H> {
    fn render_to(&self, buffer: &mut String) {
        buffer.push_str("<title>");
        self.title.render_to(buffer);
        buffer.push_str("</title>");
        self.head.render_to(buffer);
    }
}

/// The list of all items, most of it text that has to be escaped.
#[must_use]
pub fn list() -> Markup {
    html! {
        ul {
            @for item in ITEMS.iter() {
                li { b { (item.title) } span { (item.text) } }
            }
        }
    }
}

/// The section of boundary `i` around its placeholder or its content.
#[must_use]
pub fn section(i: usize, content: impl Render) -> Markup {
    html! { section { h2 { "Section " (i) } (content) } }
}

/// Level `n` of the nested page, around the next level or, at level four, the list.
#[must_use]
pub fn level(n: usize, inner: impl Render) -> Markup {
    html! {
        section {
            h2 { "Level " (n) }
            p { "This is level " (n) " of four." }
            (inner)
        }
    }
}

/// Paragraph `i` of the page of a thousand boundaries.
#[must_use]
pub fn paragraph(i: usize) -> Markup {
    html! { p { "Paragraph " (i) ": the quick brown fox jumps over the lazy dog." } }
}

/// Says which boundary resolved and when, on a clock that the load client can read too.
#[must_use]
pub fn stamp(i: usize, nanoseconds: u64) -> Markup {
    html! { p { "r" (i) "@" (nanoseconds) } }
}

/// The loading view of boundary `i`.
#[must_use]
pub fn loading(i: usize) -> Markup {
    html! { p { "Loading " (i) } }
}

/// The loading view of each of a thousand paragraphs.
#[must_use]
pub fn wait() -> Markup {
    html! { i { "wait" } }
}
