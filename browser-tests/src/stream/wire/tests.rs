//! What a reader sees of bytes, however they arrive.

use super::Wire;

fn wire<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Wire {
    let mut wire = Wire::new();
    parts.into_iter().for_each(|part| wire.read(part));
    wire
}

/// The name and content of every patch.
fn patches(text: &str) -> Vec<(String, String)> {
    let wire = wire([text.as_bytes()]);
    let patches = wire.patches.iter();
    let patches = patches.map(|patch| (patch.name.clone(), wire.content(patch)));
    patches.collect()
}

#[test]
fn a_patch_ends_at_its_own_end_tag() {
    for content in [
        "<p>Text</p>",
        "",
        "<template><p>Inner</p></template><p>Outer</p>",
        "<template><template></template></template>",
        "<script>let tag = '</template>';</script>",
        "<style>/* </template> */</style>",
        "<textarea></template></textarea>",
        "<!-- </template> -->",
        "<p title='</template>'>é</p>",
        "<tr><td>1</td></tr>",
        "<svg><title/><style/><script/></svg>",
    ] {
        let text =
            format!("<template for=\"a\">{content}</template><template data-for=b>B</template>");
        let (a, b) = (("a".into(), content.into()), ("b".into(), "B".into()));
        assert_eq!(patches(&text), [a, b]);
    }
}

#[test]
fn templates_of_the_page_are_content() {
    let text =
        "<template id=\"row\"><tr></tr></template><template shadowrootmode=\"open\">S</template>";
    let wire = wire([text.as_bytes()]);
    assert!(wire.patches.is_empty());
    assert_eq!(wire.seen(0..wire.len()), text);
}

#[test]
fn what_belongs_to_the_stream_is_not_seen() {
    let text = "<title><?start></title><?start name=\"0\"><i>…</i><?end><?marker name=\"head\">\
                <!-- the page's --><script>self.$a&&$b()</script><script data-w=\"1\">bridge</script>\
                <!--      --><template for=\"0\"><b>Done</b><?start name=\"1\">…<?end></template>\
                <script nonce=\"n\">self.$a&&$a()</script></body></html><!--$a-->";
    let wire = wire([text.as_bytes()]);
    assert_eq!(
        wire.seen(0..wire.len()),
        "<title><?start></title><i>…</i><!-- the page's --><script>self.$a&&$b()</script></body></html>"
    );
    assert_eq!(wire.content(&wire.patches[0]), "<b>Done</b>…");
    assert_eq!(wire.view("0"), None, "it is replaced");
    assert_eq!(wire.view("1").as_deref(), Some("…"));
}

#[test]
fn what_closes_at_once_hides_nothing_behind_it() {
    let text = "<svg><title/><style/></svg><?start name=\"0\"><i>…</i><?end>";
    let wire = wire([text.as_bytes()]);
    assert_eq!(wire.view("0").as_deref(), Some("<i>…</i>"));
    assert_eq!(
        wire.seen(0..wire.len()),
        "<svg><title/><style/></svg><i>…</i>"
    );
}

#[test]
fn parts_may_end_anywhere() {
    let text =
        "<p>é<?start name=\"0\">…<?end></p><template for=\"0\"><b title=\">\">ü</b></template>";
    for length in 1..text.len() {
        let wire = wire(text.as_bytes().chunks(length));
        assert_eq!(wire.text(), text);
        assert_eq!(wire.seen(0..wire.len()), "<p>é…</p>");
        assert_eq!(wire.content(&wire.patches[0]), "<b title=\">\">ü</b>");
    }
}
