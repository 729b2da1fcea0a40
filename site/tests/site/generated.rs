//! What the build makes of Markdown, and what it refuses.

#[path = "../../build/main.rs"]
#[allow(dead_code, reason = "the build script uses all of it")]
mod build;

use std::fs;

use build::book::Book;
use build::document::{self, Document};
use build::highlight::highlighted;

#[test]
fn a_link_that_leads_nowhere_is_named_with_file_and_line() {
    let chapter = "# One\n\n## Here\n\nSee [two](two.md#there), [here](#here) and\n\
                   [three](two.md#nowhere), [four](four.md), [five](#five), ![six](six.png).\n";
    let problems = render(chapter).err().unwrap();
    let problems: Vec<_> = problems.lines().collect();
    assert_eq!(
        problems,
        [
            "docs/one.md:6: `two.md#nowhere` leads to no heading of docs/two.md",
            "docs/one.md:6: `four.md` leads nowhere: there is no docs/four.md",
            "docs/one.md:6: `#five` leads to no heading of docs/one.md",
            "docs/one.md:6: docs/six.png: No such file or directory (os error 2)",
        ]
    );
    let hidden = render("# One\n\n[hidden](hidden.md)\n").err().unwrap();
    assert_eq!(
        hidden,
        "docs/one.md:3: `hidden.md` is no chapter: docs/README.md does not list it"
    );
}

#[test]
fn a_chapter_becomes_html_with_anchors_and_a_text_with_addresses() {
    let chapter = "# One\n\nSee [two](two.md#there) and [the folder](../docs).\n\n## A *b* `c`\n\n\
                   | x | y |\n|---|---:|\n| 1 | <b> |\n\n## A b c\n\n```rust,no_run\n# hidden\nlet x;\n```\n";
    let pages = render(chapter).unwrap();
    let one = &pages[2];
    assert_eq!(one.title, "One");
    let html: String = one.parts.iter().map(|part| &*part.html).collect();
    for piece in [
        "See <a href=\"/guide/two#there\">two</a> and the folder.",
        "<h2 id=\"a-b-c\">A <em>b</em> <code>c</code><a class=\"anchor\" href=\"#a-b-c\"",
        "<h2 id=\"a-b-c-1\">",
        "<th scope=\"col\" class=\"right\">y</th>",
        "<span class=\"k\">let</span> x;\n</code>",
    ] {
        assert!(html.contains(piece), "{piece} in {html}");
    }
    assert!(!html.contains("hidden") && !html.contains("style="));
    assert!(one.markdown.contains("[two](/guide/two.md#there)"));
    let ids: Vec<_> = one.sections.iter().map(|section| &*section.id).collect();
    assert_eq!(ids, ["", "a-b-c", "a-b-c-1"]);
}

#[test]
fn colours_take_nothing_away_from_code() {
    let code = "#[a]\nfn f<'a>(x: &'a str) -> char { '\\'' /* é */ } // c\nr#\"\"x\"#; \"\\\"\"; 1_000.5 \"open";
    for language in ["rust", "sh", "toml", "nginx", "text", "", "unheard-of"] {
        for text in [code, "", "\"", "'", "r#\"", "💧'💧\"💧", "[x]\na = 'b' # c"] {
            let html = highlighted(language, text);
            let mut plain = String::new();
            let mut rest = &*html;
            while let Some((before, tag)) = rest.split_once('<') {
                plain.push_str(before);
                rest = tag.split_once('>').unwrap().1;
            }
            plain.push_str(rest);
            let plain = plain.replace("&lt;", "<").replace("&gt;", ">");
            let plain = plain.replace("&quot;", "\"").replace("&amp;", "&");
            assert_eq!(plain, text, "{language}");
        }
    }
    assert_eq!(
        highlighted("rust", "&'a 'b' r\"\\\" // x"),
        "&amp;'a <span class=\"s\">'b'</span> <span class=\"s\">r&quot;\\&quot;</span> \
         <span class=\"c\">// x</span>"
    );
}

/// The pages of a small repository with one chapter of this text.
fn render(chapter: &str) -> Result<Vec<Document>, String> {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    };
    write(
        "docs/README.md",
        "# Guide\n\nIn order:\n\n1. [One](one.md): first\n2. [Two](two.md)\n",
    );
    write("docs/one.md", chapter);
    write("docs/two.md", "# Two\n\n## There\n");
    write("docs/hidden.md", "# Hidden\n");
    for other in [
        "README.md",
        "benchmarks/README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
    ] {
        write(other, "# Other\n");
    }
    document::render(&Book::read(folder.path())?)
}
