//! The script of the dev server, and the documents that it is in.

use std::fmt::Write;

use super::hub::PageId;
use super::trouble::Trouble;

/// The text of the script, the same in every document, so that a policy can allow it by hash.
pub(super) const CLIENT: &str = include_str!("client.js");

/// Where the script hears of changes.
pub(super) const EVENTS: &str = "/_anabranch/events";

/// The element to stand in the head of a document. It names what the document is: the page and
/// the stylesheets at the time when it was asked for, and whether by a form.
pub(super) fn element(page: &PageId, styles: u64, posted: bool) -> String {
    let page = page.as_str();
    let posted = if posted { " data-posted" } else { "" };
    format!("<script data-page=\"{page}\" data-styles=\"{styles}\"{posted}>{CLIENT}</script>")
}

/// A document that shows nothing but what stands in the way of the app. Its script shows the same
/// and goes on when that is out of the way; the text is for who has switched scripts off.
pub(super) fn document(element: &str, trouble: &Trouble) -> String {
    let text = escape(&trouble.text());
    let title = escape(&trouble.title);
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head>{element}<meta charset=\"utf-8\">\
         <title>{title}</title></head><body><pre>{text}</pre></body></html>"
    )
}

/// How soon a browser without scripts asks again during the first build, in seconds.
pub(super) const AGAIN: u32 = 2;

/// A document that shows how far the first build is. Its script keeps that as it is, and reloads
/// when there is an app.
pub(super) fn building(element: &str, building: &str) -> String {
    let text = escape(building);
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head>{element}<meta charset=\"utf-8\">\
         <noscript><meta http-equiv=\"refresh\" content=\"{AGAIN}\"></noscript>\
         <title>Building…</title><style>body {{ margin: 2rem; font: 16px system-ui, sans-serif; \
         color-scheme: light dark; }}</style></head>\
         <body><p role=\"status\" id=\"anabranch-building\">{text}</p></body></html>"
    )
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '<' | '>' | '"' => {
                // Writing to a string does not fail.
                let _ = write!(escaped, "&#{};", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_of_trouble_has_no_markup_of_the_compilers() {
        let trouble = Trouble::new("No & <b>").item(None, "</pre><script>alert(1)</script>");
        let document = document("", &trouble);
        assert!(
            document.contains("<title>No &#38; &#60;b&#62;</title>"),
            "{document}"
        );
        assert!(!document.contains("<script>"), "{document}");
    }

    #[test]
    fn the_script_can_stand_in_a_document() {
        assert!(!CLIENT.contains("</script") && !CLIENT.contains("<!--"));
    }
}
