//! Which element of a view is marked.

use super::*;

/// The view, marked with "x".
fn marked(html: &str) -> (String, Mark) {
    let mut marked = html.to_owned();
    let mark = mark(&mut marked, "x");
    (marked, mark)
}

#[track_caller]
fn reported(html: &str, expected: &str) {
    let expected = expected.replace('@', r#" elementtiming="x""#);
    assert_eq!(marked(html), (expected, Mark::Reported("x".into())));
}

#[track_caller]
fn by_pixels(html: &str, expected: &str) {
    let expected = expected.replace('@', r#" elementtiming="x""#);
    assert_eq!(marked(html), (expected, Mark::Pixels("x".into())));
}

#[track_caller]
fn nothing(html: &str) {
    assert_eq!(marked(html), (html.to_owned(), Mark::Nothing));
}

#[test]
fn the_first_element_that_owns_text_is_marked() {
    reported("<p>Text</p><p>More</p>", "<p@>Text</p><p>More</p>");
    reported(
        "<div class=\"a>b\">\n <h2>Text</h2></div>",
        "<div class=\"a>b\">\n <h2@>Text</h2></div>",
    );
    reported("<div><br>Text</div>", "<div@><br>Text</div>");
    reported(
        "<svg><title/></svg><p>Text</p>",
        "<svg><title/></svg><p@>Text</p>",
    );
    reported("<ul><li></li>Text</ul>", "<ul@><li></li>Text</ul>");
    reported("<P>&nbsp;</P>", "<P@>&nbsp;</P>");
    reported("Bare <p>Text", "Bare <p@>Text");
}

#[test]
fn an_image_needs_no_text() {
    reported(
        "<figure><img src=a></figure>",
        "<figure><img@ src=a></figure>",
    );
}

#[test]
fn cells_of_a_table_own_their_text() {
    reported("<tr><td>1</td></tr>", "<tr><td@>1</td></tr>");
    reported("<tr>\n<td><b>1</b>", "<tr>\n<td@><b@>1</b>");
}

#[test]
fn text_in_an_inline_element_belongs_to_the_block_around_it() {
    reported("<p><b>Text</b></p>", "<p@><b@>Text</b></p>");
    reported(
        "<section><i></i><my-mark><em>Text</em></my-mark></section>",
        "<section@><i></i><my-mark@><em@>Text</em></my-mark></section>",
    );
    by_pixels("<span>Text</span>", "<span@>Text</span>");
    reported(
        "<span>Text</span><p>Block</p>",
        "<span>Text</span><p@>Block</p>",
    );
}

#[test]
fn what_never_shows_is_passed_over() {
    for hidden in [
        "<script>if (1<2) {'<p>no</p>'}</script>",
        "<style>p{}</style>",
        "<textarea><p>no</p></textarea>",
        "<noscript><p>no</p></noscript>",
        "<template><p>no</p></template>",
        "<datalist><option>no</option></datalist>",
        "<p hidden>no <i>no</i></p>",
        "<dialog><p>no</p></dialog>",
        "<!-- <p>no</p> -->",
        "<!doctype html><?pi <p?>",
    ] {
        reported(
            &format!("{hidden}<p>Text</p>"),
            &format!("{hidden}<p@>Text</p>"),
        );
        nothing(hidden);
    }
}

#[test]
fn a_nested_boundary_is_left_alone() {
    let nested = format!("\0{}", "A".repeat(MARK_LEN - 1));
    by_pixels(
        &format!("<section>{nested}</section>"),
        &format!("<section@>{nested}</section>"),
    );
    reported(
        &format!("<p>{nested} Text</p>"),
        &format!("<p@>{nested} Text</p>"),
    );
    nothing(&nested);
    // Not one of the engine's, and too short.
    nothing("\0é");
}

#[test]
fn an_svg_is_reported_by_its_text_and_else_seen_by_pixels() {
    reported(
        "<svg><title>no</title><path d=''/><text>1</text></svg>",
        "<svg><title>no</title><path d=''/><text@>1</text></svg>",
    );
    by_pixels("<svg>no<path d=''/></svg>", "<svg@>no<path d=''/></svg>");
    reported(
        "<figure><svg><path/></svg><figcaption>Text</figcaption></figure>",
        "<figure><svg><path/></svg><figcaption@>Text</figcaption></figure>",
    );
}

#[test]
fn a_skeleton_without_text_is_seen_by_pixels() {
    by_pixels(
        "<link href=a><div class=bar><i></i></div>",
        "<link href=a><div@ class=bar><i></i></div>",
    );
    by_pixels("<select><option>1</select>", "<select@><option>1</select>");
}

#[test]
fn an_element_keeps_its_name() {
    let html = "<p id=a elementtiming = 'own'>Text</p>";
    assert_eq!(marked(html), (html.into(), Mark::Reported("own".into())));
    let html = "<div elementtiming=outer><p elementtiming=\"in > ner\"><b>Text</b></p></div>";
    assert_eq!(
        marked(html),
        (html.into(), Mark::Reported("in > ner".into()))
    );
}

#[test]
fn a_document_is_marked_in_its_body() {
    reported(
        "<!DOCTYPE html><html><head><title>no</title></head><body><h1>Text</h1></body></html>",
        "<!DOCTYPE html><html><head><title>no</title></head><body><h1@>Text</h1></body></html>",
    );
    reported("<body>Text</body>", "<body@>Text</body>");
}

#[test]
fn a_name_is_escaped() {
    let mut html = "<p>Text".to_owned();
    mark(&mut html, "a\"&b");
    assert_eq!(html, "<p elementtiming=\"a&quot;&amp;b\">Text");
}

#[test]
fn broken_html_is_no_panic() {
    for html in [
        "<",
        "</",
        "</p",
        "<p",
        "<p a='",
        "<p =>x",
        "<!--",
        "<!",
        "<script>",
        "<p a=é b>é",
        "\0",
        "a < b",
        "<é>",
        "</p></p>x",
        "<p / = >",
        "<svg/",
    ] {
        marked(html);
    }
}
