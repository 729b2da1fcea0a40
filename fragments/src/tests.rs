//! What stays of a fragment, and what can never leave it.

mod hostile;
mod random;

use html5ever::tendril::TendrilSink;
use html5ever::{QualName, local_name, ns, parse_document, parse_fragment};

use crate::parse::{Sink, options, parse};
use crate::rules::{OF_DOCUMENT, OF_WINDOW};
use crate::tree::{Data, NodeId, Tree};
use crate::{MAX_BYTES, MAX_DEPTH, fragment};

fn becomes(raw: &str, expected: &str) {
    let closed = fragment(raw);
    assert_eq!(closed.as_str(), expected, "{raw}");
    assert!(!closed.is_cut(), "{raw}");
}

#[test]
fn html_that_is_closed_stays_as_it_is() {
    for html in [
        "",
        "a &lt; b &amp; \"c\"",
        "<h2 id=\"body\">A</h2>\n<p>b <em>c</em><br>d <a href=\"/e?f=g&amp;h\">i</a></p>\n",
        "<ul>\n<li>a</li>\n<li><p>b</p></li>\n</ul>",
        "<table><thead><tr><th align=\"left\">a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>",
        "<pre><code class=\"language-rust\">fn main() {}\n</code></pre>",
        "<pre>\n\na</pre><textarea>\n\nb</textarea>",
        "<svg viewBox=\"0 0 1 1\"><title>a</title><path d=\"M0 0\"></path><style>b{}</style></svg>",
        "<math><mi>x</mi></math>",
        "<figure><img src=\"a.png\" alt=\"b\"><figcaption>c</figcaption></figure>",
        "<details open=\"\"><summary>a</summary>b</details>",
        "<script>if (a<b) { c() }</script><style>p > a {}</style>",
        "<template><tr><td>a</td></tr></template>",
        "<label for=\"a\">b</label><input id=\"a\" name=\"c\" @click=\"d\" :e=\"f\">",
        "<iframe src=\"https://example.com/\"></iframe>",
        "<select><option value=\"a\">b</option><optgroup><option>c</option></optgroup></select>",
        "<svg><a xlink:href=\"#a\"></a></svg>",
    ] {
        becomes(html, html);
    }
}

#[test]
fn what_is_open_is_closed() {
    for (raw, closed) in [
        ("<p>a<p>b<b>c", "<p>a</p><p>b<b>c</b></p>"),
        ("<ul><li>a<li>b", "<ul><li>a</li><li>b</li></ul>"),
        ("a</div></template></body></html>b", "ab"),
        ("a<!-- b", "a"),
        ("a<p title=\"b", "a"),
        ("a<style>b{}", "a<style>b{}</style>"),
        ("a<textarea>b</p>", "a<textarea>b&lt;/p&gt;</textarea>"),
        (
            "<template><template>a",
            "<template><template>a</template></template>",
        ),
        ("<svg><![CDATA[<b>", "<svg>&lt;b&gt;</svg>"),
        ("<svg><g>a", "<svg><g>a</g></svg>"),
        (
            "<plaintext>a</plaintext><b>",
            "<pre>a&lt;/plaintext&gt;&lt;b&gt;</pre>",
        ),
        ("<xmp><b></xmp>", "<pre>&lt;b&gt;</pre>"),
        ("a\0b\r\nc&#13;d", "ab\nc&#13;d"),
        (
            "<script><!--<script>",
            "<script><!--<script></script></script>",
        ),
    ] {
        becomes(raw, closed);
    }
}

#[test]
fn what_belongs_to_the_page_goes() {
    for (raw, closed) in [
        (
            "<!DOCTYPE html><html><head><title>a</title><meta charset=b><base href=c></head><body>d",
            "d",
        ),
        ("<frameset><frame></frameset>a", "a"),
        ("a<noscript><img src=b></noscript>c", "ac"),
        ("a<noembed></p></noembed><noframes></p></noframes>", "a"),
        (
            "<!--?start name=\"0\"-->a<?end><!--$a--><?marker name=\"head\">",
            "a",
        ),
        (
            "<template for=\"0\" id=\"a\">b</template><template data-for=0></template>",
            "<template id=\"a\">b</template><template></template>",
        ),
        (
            "<select><style></template></style><option>a</select>",
            "<select><option>a</option></select>",
        ),
        ("<iframe><!--</iframe>", "<iframe></iframe>"),
        ("<a<b c\"d e>f</a<b>", "f"),
        ("<p a'b=c d=e>f", "<p d=\"e\">f</p>"),
    ] {
        becomes(raw, closed);
    }
}

#[test]
fn the_element_around_a_fragment_gets_no_shadow_root() {
    let shadow = "<template shadowrootmode=\"open\">a<slot></slot></template>";
    let inert = "<template>a<slot></slot></template>";
    for (before, behind) in [("", ""), ("b", "<p>c</p>"), ("<li>", "</li>")] {
        let closed = fragment(format!("{before}{shadow}{behind}"));
        assert!(!closed.as_str().contains("shadowrootmode"), "{closed:?}");
    }
    becomes(shadow, inert);
    // An element of its own may have one.
    for (open, close) in [("<my-card>", "</my-card>"), ("<div><p>", "</p></div>")] {
        let html = format!("{open}{shadow}b{close}");
        becomes(&html, &html);
    }
}

#[test]
fn nothing_shadows_what_the_bridge_asks_for() {
    for name in OF_DOCUMENT {
        becomes(&format!("<img name={name} id=a>"), "<img id=\"a\">");
        becomes(&format!("<form id={name}></form>"), "<form></form>");
    }
    for name in OF_WINDOW {
        becomes(&format!("<p id={name}></p>"), "<p></p>");
    }
    let asked = anabranch_html::script::BRIDGE.split("d.").skip(1);
    let word = |text: &'static str| {
        let end = text.find(|c: char| !c.is_ascii_alphanumeric());
        &text[..end.unwrap_or(text.len())]
    };
    let asked: Vec<_> = asked.map(word).collect();
    assert!(asked.len() > 7, "{asked:?}");
    for name in asked {
        assert!(OF_DOCUMENT.contains(&name), "{name}");
    }
}

#[test]
fn what_is_too_long_or_too_deep_is_cut() {
    let long = fragment("é".repeat(MAX_BYTES));
    assert!(long.is_cut());
    assert_eq!(long.as_str().len(), MAX_BYTES);

    for tag in ["div", "b", "svg", "template", "table><tr><td", "x-y"] {
        let raw = format!("<{tag}>").repeat(100_000);
        let deep = fragment(raw);
        assert!(deep.is_cut(), "{tag}");
        assert!(deep.as_str().matches("</").count() <= MAX_DEPTH, "{tag}");
    }
    let fits = "<div>".repeat(MAX_DEPTH) + &"</div>".repeat(MAX_DEPTH);
    becomes(&fits, &fits);
}

#[test]
fn what_costs_more_than_it_should_is_cut() {
    // Each paragraph repeats all formatting before it.
    let formatting: String = (0..2000).map(|n| format!("<p><b id={n}></p>x")).collect();
    let many_attributes: String = (0..200_000).map(|n| format!(" a{n}")).collect();
    let long_attribute = format!(
        "<p><b title={}></p>{}",
        "x".repeat(9000),
        "<p>a</p>".repeat(900)
    );
    let attributes: String = (0..2000).map(|n| format!(" a{n}")).collect();
    let formatting_with_attributes = format!("<p><b{attributes}>{}", "<p>x".repeat(2000));
    for (what, raw) in [
        ("formatting", formatting),
        ("formatting with attributes", formatting_with_attributes),
        ("attributes", format!("<p{many_attributes}>")),
        ("attribute", long_attribute),
    ] {
        let closed = fragment(&raw);
        assert!(closed.is_cut(), "{what}");
        assert!(closed.as_str().len() < 5 * raw.len(), "{what}");
    }
    // An image in its own tag, as long as such tags get.
    let data = format!("{}/", "x".repeat(63)).repeat(8000);
    let image = format!("<img src=\"data:image/png;base64,{data}\">");
    assert!(!fragment(image).is_cut());
    let misplaced = format!("<table>{}", "<br>x".repeat(100_000));
    assert!(!fragment(misplaced).is_cut());
}

/// What is cut from the text has not been in the tree before.
#[test]
fn a_tree_is_no_larger_than_its_text() {
    let attributes: String = (0..5000).map(|n| format!(" a{n}")).collect();
    let repeated = format!("<p><b{attributes}>{}", "<p>x".repeat(2000));
    let of_the_root: String = (0..20_000).map(|n| format!("<html a{n}>")).collect();
    for raw in [repeated, of_the_root] {
        let size = parse(&raw).tree.size();
        assert!(size <= raw.len() + 10_000, "{size} for {} bytes", raw.len());
    }
}

#[cfg(feature = "sanitize")]
#[test]
fn what_could_do_harm_is_taken_out() {
    for (raw, clean) in [
        ("<script>a</script><p onclick=b>c", "<p>c</p>"),
        (
            "<a href=\"javascript:a\">b</a>",
            "<a rel=\"noopener noreferrer\">b</a>",
        ),
        ("<img src=a onerror=b>", "<img src=\"a\">"),
        (
            "<style>a</style><form><input></form><iframe src=a></iframe>b",
            "b",
        ),
        (
            "<template><p>a</p></template><svg><script>b</script></svg>c",
            "c",
        ),
    ] {
        assert_eq!(fragment(raw).sanitized().as_str(), clean, "{raw}");
    }
    for raw in hostile::PIECES {
        let clean = fragment(raw).sanitized();
        assert_eq!(fragment(clean.as_str()), clean, "{raw}");
        assert!(!clean.as_str().contains("<script"), "{raw}");
    }
}

/// Where a fragment may stand: each is parsed with it as without, and nothing before it is ended.
const PLACES: &[(&str, &str)] = &[
    ("<ol><li>", "</li></ol>"),
    ("<ol><li><div>", "</div></li></ol>"),
    ("<dl><dt><div>", "</div></dt></dl>"),
    ("<dl><dd>", "</dd></dl>"),
    ("<table><tbody><tr><td>", "</td></tr></tbody></table>"),
    ("<table><caption>", "</caption></table>"),
    ("<article>", "</article>"),
    ("<ul><li><section>", "</section></li></ul>"),
    ("<details><summary>a</summary>", "</details>"),
    ("<blockquote>", "</blockquote>"),
    ("<fieldset>", "</fieldset>"),
];

fn stays_in_its_place(html: &str, expected: &str) {
    for (open, close) in PLACES {
        let page = format!("<!DOCTYPE html><body>{open}<i></i>{html}<u></u>{close}");
        let expected =
            format!("<html><head></head><body>{open}<i></i>{expected}<u></u>{close}</body></html>");
        let tree = parse_document(Sink::default(), options(true)).one(page.as_str());
        assert_eq!(
            dump(&tree, tree.first(Tree::ROOT)).trim_start_matches("<!DOCTYPE>"),
            expected,
            "{html:?}"
        );
    }
}

/// Asserts all that must hold of any closed fragment.
fn holds(raw: &str) {
    let closed = fragment(raw);
    let html = closed.as_str();
    if let Err(flaw) = anabranch_html::balance::check(html, anabranch_html::balance::Part::Content)
    {
        panic!("{flaw}\n{raw:?}\n{html:?}");
    }
    assert!(!html.contains('\0'), "{html}");
    assert_eq!(fragment(html).as_str(), html, "{raw:?}");

    // In the body and in a template, with scripts and without, it is the same, and ends where
    // it ends.
    let expected = dump_of_fragment(html);
    stays_in_its_place(html, &expected);
    for scripts in [true, false] {
        let page = format!(
            "<!DOCTYPE html><body><main>{html}</main><i></i>\
             <template for=\"0\">{html}</template><template for=\"1\">b</template>"
        );
        let expected = format!(
            "<!DOCTYPE><html><head></head><body><main>{expected}</main><i></i>\
             <template for>{expected}</template><template for>b</template></body></html>"
        );
        let tree = parse_document(Sink::default(), options(scripts)).one(page.as_str());
        assert_eq!(
            format!("<!DOCTYPE>{}", dump(&tree, tree.first(Tree::ROOT))),
            expected,
            "{raw:?}"
        );
    }
}

fn dump_of_fragment(html: &str) -> String {
    let context = QualName::new(None, ns!(html), local_name!("body"));
    let parser = parse_fragment(Sink::default(), options(true), context, Vec::new(), true);
    let tree = parser.one(html);
    dump(
        &tree,
        tree.first(Tree::ROOT).and_then(|root| tree.first(root)),
    )
}

/// The nodes from `next` on, with their namespaces.
fn dump(tree: &Tree, mut next: Option<NodeId>) -> String {
    let mut out = String::new();
    while let Some(node) = next {
        match tree.data(node) {
            Data::Text(text) => out.push_str(text),
            Data::Element(element) => {
                let name = &element.name;
                let space = name.ns.rsplit('/').next().unwrap_or_default();
                let space = if space == "xhtml" { "" } else { space };
                out.push_str(&format!("<{space}{}", &*name.local));
                for attribute in &element.attributes {
                    out.push_str(&format!(" {}", &*attribute.name.local));
                    if &*attribute.name.local != "for" {
                        out.push_str(&format!("={:?}", &*attribute.value));
                    }
                }
                let first = tree.first(element.contents.unwrap_or(node));
                out.push_str(&format!(">{}</{space}{}>", dump(tree, first), &*name.local));
            }
            Data::Comment => out.push_str("<!>"),
            Data::Root => {}
        }
        next = tree.next(node);
    }
    out
}
