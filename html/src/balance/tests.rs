//! What breaks the framing of a page, and what does not.

use super::{FlawKind, MAX_DEPTH, Part, Place, check, misplaced};

fn flaw(text: &str) -> FlawKind<'_> {
    check(text, Part::Content).expect_err(text).kind
}

fn passes(text: &str) {
    let checked = check(text, Part::Content);
    assert!(checked.is_ok(), "{text}: {}", checked.unwrap_err());
}

#[test]
fn what_swallows_the_rest_of_the_page_is_found() {
    use FlawKind::*;
    for (text, kind) in [
        ("a<!-- b", OpenComment),
        ("a<!--->b<!-- c --", OpenComment),
        ("a<!b", OpenComment),
        ("a<?b", OpenComment),
        ("a</ b", OpenComment),
        ("a<p", OpenTag),
        ("a</p", OpenTag),
        ("a<p class", OpenTag),
        ("a<p class=", OpenTag),
        ("a<p class=b", OpenTag),
        ("a<p title=\"b>c</p>", OpenQuote),
        ("a<p title='b\">c</p>", OpenQuote),
        ("<svg><![CDATA[ a > b", OpenCdata),
        ("<style>p{}", OpenElement("style")),
        ("<SCRIPT>a</scripts>", OpenElement("SCRIPT")),
        ("<script><!--<script>a</script>", OpenElement("script")),
        ("<textarea>a<p></p>", OpenElement("textarea")),
        ("<title>a", OpenElement("title")),
        ("<iframe>a</p>", OpenElement("iframe")),
        ("<xmp>a</p>", OpenElement("xmp")),
        ("<noscript>a", OpenElement("noscript")),
        ("<noscript><!-- </noscript>", OpenComment),
        ("<noscript><p title=\"</noscript><p>\">", OpenQuote),
        ("<noscript></template></noscript>", StrayEnd("template")),
        ("<template><p>a</p>", OpenElement("template")),
        ("<template><template></template>", OpenElement("template")),
        ("<svg><desc><style></desc></svg>", OpenElement("style")),
        ("<svg><g><p><style></p></g></svg>", OpenElement("style")),
        ("<div><b>a</div>", OpenElement("b")),
        ("<ul><li><div>a</ul><div>", OpenElement("div")),
        ("<li><div>a</li><section>", OpenElement("section")),
        ("<div/>a", OpenElement("div")),
        ("<plaintext>a</plaintext>", Plaintext),
    ] {
        assert_eq!(flaw(text), kind, "{text}");
    }
}

#[test]
fn what_closes_more_than_its_own_is_found() {
    use FlawKind::*;
    for (text, kind) in [
        ("a</template>", StrayEnd("template")),
        ("<svg></template></svg>", StrayEnd("template")),
        ("<template></div></template>", StrayEnd("div")),
        ("a</BODY>", StrayEnd("BODY")),
        ("a</html>", StrayEnd("html")),
        ("<p>a</p></div>", StrayEnd("div")),
        ("</b>", StrayEnd("b")),
    ] {
        assert_eq!(flaw(text), kind, "{text}");
    }
}

#[test]
fn what_forges_the_wire_is_found() {
    use FlawKind::*;
    for (text, kind) in [
        ("<?start name=\"0\">", Marker),
        ("<?end>", Marker),
        ("<?marker name=\"head\">", Marker),
        ("<!--?start name=\"0\"-->", Marker),
        ("<!--?anything name=\"0\"-->", Marker),
        ("<!--$a-->", Marker),
        ("<!?start name=\"0\">", Marker),
        ("<!$a>", Marker),
        ("<svg><!$a></svg>", Marker),
        ("</$a>", Marker),
        ("<template for=\"0\"></template>", Patch),
        ("<TEMPLATE id=x data-for=0></TEMPLATE>", Patch),
        ("<noscript><template for=0></template></noscript>", Patch),
    ] {
        assert_eq!(flaw(text), kind, "{text}");
    }
}

#[test]
fn html_as_people_write_it_passes() {
    for text in [
        "",
        "a < b > c & d <3 </> \"e'",
        "a\0b",
        "<!-- a --><!----><!--> b <!---> c --> <!-- d --!> e <!-- ----> f",
        "<!> a <!b> c <!DocTypes> d <![CDATA[ e ]]> f <svg><![CDATA[<!$a>]]></svg>",
        "<?xml version=\"1.0\"?><svg viewBox='0 0 1 1'><path d=\"M0 0\"/><g><title>a</title></g></svg>",
        "<svg><style>a > b < c</style><script>a</script><![CDATA[ <p> ]]><a/></svg>",
        "<svg><foreignObject><p>a<textarea></p></textarea></foreignObject></svg>",
        "<math><mi>x</mi><annotation-xml><p>a</p></annotation-xml></math>",
        "<p>a<p>b<ul><li>c<li>d</ul><dl><dt>e<dd>f</dl>",
        "<li>a<li>b",
        "<tr><td>a<td>b<tr><td>c",
        "<table><tr><td>a</tr></tbody></table>",
        "<p>a</p></p><br></br><img src=a /><hr/>",
        "<b><i>a</b>b</i>",
        "<a href=b/>c</a><a href='d>e' title=\"f>g\">h</a>",
        "<input disabled value=a =b><p class = \"c\" / d>",
        "<script>if (a</b/.c) '</p>' + '<!-- <script>' + '</script>' + '-->' + d</script>",
        "<script><!-- a --></script><style>/* </p> */</style><title>a</p></title>",
        "<textarea>\n</p><!--</textarea><xmp><?end></xmp><iframe><!--</iframe>",
        "<template><tr><td>a</template><template><b>c</template>",
        "<noscript><link rel=\"a\"><style>b</style></noscript>",
        "<output for=\"a\"></output><label for=b></label><p data-for=c></p>",
        "<my-element><slot name=\"a\"></slot></my-element>",
        "<select><optgroup><option>a<option>b</select>",
        "<form><input><button>a</button></form><details open><summary>b</summary></details>",
    ] {
        passes(text);
    }
}

#[test]
fn a_page_may_close_itself_once_and_at_its_end() {
    let page = |text| check(text, Part::Page);
    for text in [
        "<!DOCTYPE html><html><head><title>a</title></head><body><p>b</p></body></html>",
        "<!doctype html><body>a</BODY>\n<!-- b --></HTML>\n",
        "<title>a</title><p>b",
    ] {
        assert!(page(text).is_ok(), "{text}");
    }
    for text in [
        "<body>a</body></html><p>b</p>",
        "<body>a</html>b",
        "<body>a</body></p>",
    ] {
        let flaw = page(text).expect_err(text);
        assert!(matches!(flaw.kind, FlawKind::StrayEnd(_)), "{text}");
    }
    let flaw = page("<body><div>a</body></html>").unwrap_err();
    assert_eq!((flaw.kind, flaw.at), (FlawKind::OpenElement("div"), 6));
}

#[test]
fn a_flaw_shows_no_private_mark() {
    let flaw = check("<p><b>a\u{0}mark</p>", Part::Page).unwrap_err();
    assert_eq!(flaw.excerpt, "<b>a");
}

#[test]
fn a_flaw_says_what_and_where() {
    let text = format!("<p>é</p><div class=\"{}", "ü".repeat(100));
    let flaw = check(&text, Part::Content).unwrap_err();
    assert_eq!(flaw.at, 9);
    assert!(flaw.excerpt.len() <= 60);
    let told = flaw.to_string();
    assert!(
        told.starts_with("an attribute without its closing quote, at byte 9: \"<div class="),
        "{told}"
    );
}

#[test]
fn hostile_length_and_depth_cost_time_in_proportion() {
    let deep = "<i>".repeat(10_000);
    assert_eq!(flaw(&deep), FlawKind::TooDeep);
    assert_eq!(check(&deep, Part::Content).unwrap_err().at, 3 * MAX_DEPTH);
    passes(&"<p>".repeat(10_000));
    passes(&format!(
        "<table>{}</table>",
        "<tr><td>a<td>b".repeat(10_000)
    ));
    passes(&"<!-->".repeat(10_000));
    passes(&"<p a b c></p>".repeat(10_000));
    passes(&format!("<p {}>", "a ".repeat(50_000)));
    passes(&"< <<".repeat(30_000));
    passes(&format!(
        "<script>{}</script>",
        "<!--<script>".repeat(5_000) + "-->"
    ));
}

#[test]
fn a_page_has_no_place_for_a_boundary_before_its_body() {
    for text in [
        "#<p>b</p>",
        " <!-- a --><!DOCTYPE html>\n#",
        "<html>#<body></body></html>",
        "<head><title>#</title></head>#<body>",
        "<title>a</title><script>b</script>#",
    ] {
        let hole = text.rfind('#').expect("there is one");
        let found = misplaced(text, Part::Page, &[hole]);
        assert_eq!(found, [(hole, Place::BeforeBody)], "{text}");
        assert_eq!(misplaced(text, Part::Content, &[hole]), [], "{text}");
    }
    for text in [
        "<p>a</p>#",
        "a #",
        "<body>#</body>",
        "<head>#</head>",
        "<html><head></head><body><title>a</title>#",
        "<noscript><p>a</p></noscript><p>#</p>",
    ] {
        let hole = text.rfind('#').expect("there is one");
        assert_eq!(misplaced(text, Part::Page, &[hole]), [], "{text}");
    }
    // Nothing comes after the first but what is in the body: it has opened that.
    let found = misplaced("##<p>b</p>", Part::Page, &[0, 1]);
    assert_eq!(found, [(0, Place::BeforeBody)]);
}
