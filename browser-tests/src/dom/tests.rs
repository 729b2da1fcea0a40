//! Every rule of the wire, kept and broken.

use super::{Violation, assemble, whole};

const END: &str = "</body></html><!--$a-->";

fn streamed(html: &str) -> Result<super::Assembled, Violation> {
    assemble(format!("<!DOCTYPE html><body>{html}{END}").as_bytes())
}

fn violation(html: &str) -> Violation {
    streamed(html).expect_err(html)
}

fn same(stream: &str, page: &str) {
    let expected = whole(format!("<!DOCTYPE html><body>{page}</body></html>").as_bytes());
    assert_eq!(streamed(stream).unwrap().html(), expected.unwrap());
}

#[test]
fn patches_replace_loading_views_in_tables_lists_and_selects() {
    same(
        "<table><tbody><?start name=\"0\"><tr><td>…</td></tr><?end></tbody></table>\
         <select><?start name=\"1\"><option>…</option><?end></select>\
         <template for=\"1\"><option>a</option><option>b</option></template>\
         <template data-for=0><tr><td>1</td></tr><tr><td>2</td></tr></template>",
        "<table><tbody><tr><td>1</td></tr><tr><td>2</td></tr></tbody></table>\
         <select><option>a</option><option>b</option></select>",
    );
}

#[test]
fn html_that_arrives_in_a_drawing_is_no_part_of_it() {
    let stream = "<svg><?start name=\"0\"><?end></svg>\
         <template for=\"0\"><circle r=\"1\"></circle></template>";
    let page = "<!DOCTYPE html><body><svg><circle r=\"1\"></circle></svg>";
    let expected = whole(page.as_bytes()).unwrap();
    assert!(
        expected.contains("<svg svg>\n<svg circle r=\"1\">\n</svg circle>"),
        "{expected}"
    );
    assert_ne!(streamed(stream).unwrap().html(), expected);
    // A drawing that arrives as a whole is one.
    same(
        "<?start name=\"0\"><?end><template for=\"0\"><svg><circle r=\"1\"/></svg></template>",
        "<svg><circle r=\"1\"></circle></svg>",
    );
}

#[test]
fn patches_nest_and_keep_their_order() {
    let stream = "<p>a <?start name=\"0\">…<?end> d</p>\
         <template for=\"0\">b <?start name=\"1\"><i>…</i><?end></template>\
         <script>self.$a&&$a()</script><template for=\"1\">c</template>";
    same(stream, "<p>a b c d</p>");
    assert_eq!(streamed(stream).unwrap().patches(), ["0", "1"]);
}

#[test]
fn a_late_head_replaces_the_title_and_adds_tags() {
    let stream = "<!DOCTYPE html><head><?start name=\"title\"><title>a</title><?end>\
         <?marker name=\"head\"></head><body>x\
         <template for=\"title\"><?start name=\"title\"><title>b</title><?end></template>\
         <template for=\"head\"><meta name=\"m\"><?marker name=\"head\"></template>\
         <template for=\"title\"><title>c</title></template><template for=\"head\"></template>\
         </body></html><!--$a-->";
    let page = "<!DOCTYPE html><head><title>c</title><meta name=\"m\"></head><body>x</body></html>";
    assert_eq!(
        assemble(stream.as_bytes()).unwrap().html(),
        whole(page.as_bytes()).unwrap()
    );
}

#[test]
fn scripts_padding_and_error_ids_of_the_stream_do_not_count() {
    same(
        "<!--   --><?start name=\"0\">…<?end><script data-w=\"15000\">$a=1</script>\
         <template for=\"0\"><p data-error=\"0a1b2c3d\">Sorry, error 0a1b2c3d</p></template>\
         <script nonce=\"x\">self.$a&&$a()</script><script>mine()</script>",
        "<p data-error=\"ffffffff\">Sorry, error ffffffff</p><script>mine()</script>",
    );
}

#[test]
fn what_the_page_itself_says_does_count() {
    let said = |text: &str| whole(text.as_bytes()).unwrap();
    assert_ne!(said("error 0a1b2c3d4"), said("error 0a1b2c3d5"));
    assert_ne!(said("<p title=a>"), said("<p title=b>"));
    assert_ne!(said("<b>a</b>"), said("&lt;b&gt;a&lt;/b&gt;"));
    assert_ne!(said("<!--a-->"), said(""));
    assert_eq!(said("<p id=a class=b>"), said("<p class=\"b\" id='a'>"));
}

#[test]
fn each_broken_rule_has_its_name() {
    use Violation::*;
    let a = "<?start name=\"a\">…<?end>";
    let patch = "<template for=\"a\">x</template>";
    let name = || "a".to_owned();
    assert_eq!(violation(a), NeverPatched(vec![name()]));
    assert_eq!(violation(patch), UnknownPlace(name()));
    assert_eq!(violation(&format!("{patch}{a}")), PatchBeforePlace(name()));
    assert_eq!(
        violation(&format!(
            "<?start name=\"b\"><?end>{patch}<template for=\"b\">{a}</template>"
        )),
        PatchBeforePlace(name())
    );
    assert_eq!(
        violation(&format!("{a}{patch}{patch}")),
        PatchedTwice(name())
    );
    assert_eq!(violation(&format!("{a}{a}")), DuplicateMarker(name()));
    assert_eq!(
        violation(&format!("{a}{patch}{a}{patch}")),
        DuplicateMarker(name())
    );
    assert_eq!(
        violation(&format!("{a}<div>{patch}</div>")),
        PatchOutsideBody(name())
    );
    assert_eq!(
        violation("<?start name=a>…<?end>"),
        MalformedMarker("?start name=a".into())
    );
    assert_eq!(
        violation(&format!("<?start name=\"b\">{a}<?end>")),
        MarkerInLoadingView(name())
    );
    assert_eq!(
        violation(&format!("<ul><?start name=\"a\"><li>…<?end></ul>{patch}")),
        OpenRange(name())
    );
    assert_eq!(violation("<?end>"), StrayEnd);
    assert_eq!(assemble(format!("<body>{a}{patch}").as_bytes()), Err(Cut));
    assert_eq!(assemble(format!("<body>{a}").as_bytes()), Err(Cut));
}

#[test]
fn a_whole_page_holds_nothing_of_a_stream() {
    for part in [
        "<?start name=\"a\">",
        "<?marker name=\"head\">",
        "<?end>",
        "<template for=\"a\"></template>",
        "<script>self.$a&&$a()</script>",
        "<!--$a-->",
    ] {
        let page = format!("<body><p>x</p>{part}");
        assert!(
            matches!(whole(page.as_bytes()), Err(Violation::NotWhole(_))),
            "{part}"
        );
    }
}

#[test]
fn ten_thousand_patches_are_assembled() {
    let places: String = (0..10_000)
        .map(|n| format!("<?start name=\"{n}\"><p>…</p><?end>"))
        .collect();
    let patches: String = (0..10_000)
        .rev()
        .map(|n| format!("<template data-for={n}><p>{n}</p></template>"))
        .collect();
    let assembled = streamed(&format!("{places}{patches}")).unwrap();
    assert_eq!(assembled.patches().len(), 10_000);
}

#[test]
fn deep_nesting_needs_no_stack() {
    let deep = "<div>".repeat(3_000);
    assert!(whole(deep.as_bytes()).unwrap().ends_with("</html>"));
}
