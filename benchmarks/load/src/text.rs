//! The text of a page that a reader sees, whatever markup carries it.

use memchr::memmem;

/// Elements whose text is not shown. A title is shown, but not in the page.
const UNSEEN: [&str; 4] = ["script", "style", "title", "noscript"];

const ENTITIES: [(&str, &str); 7] = [
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#x27;", "'"),
    ("&#39;", "'"),
    ("&#64;", "@"),
    // Last, or what it gives would be read again.
    ("&amp;", "&"),
];

/// The runs of text between tags, in the order of the bytes. Comments do not part a run, and
/// neither do empty ones (`<!>`).
pub(crate) fn runs(html: &str) -> Vec<String> {
    let mut runs = Vec::new();
    let mut run = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        run.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = after.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if let Some(after) = rest.strip_prefix("<!>") {
            rest = after;
            continue;
        }
        push(&mut runs, &mut run);
        let (name, after) = tag(rest);
        rest = after;
        if UNSEEN.contains(&name.as_str()) {
            let close = format!("</{name}");
            let end = memmem::find(rest.as_bytes(), close.as_bytes()).unwrap_or(rest.len());
            rest = &rest[end..];
        }
    }
    run.push_str(rest);
    push(&mut runs, &mut run);
    runs
}

fn push(runs: &mut Vec<String>, run: &mut String) {
    let text = ENTITIES
        .iter()
        .fold(run.trim().to_owned(), |text, (entity, character)| {
            text.replace(entity, character)
        });
    if !text.is_empty() {
        runs.push(text);
    }
    run.clear();
}

/// The name of the tag that `html` starts with, and what follows the tag. A `>` in a quoted value
/// does not end it.
fn tag(html: &str) -> (String, &str) {
    let name = html[1..]
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    let mut quote = None;
    for (at, c) in html.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '>' => return (name, &html[at + 1..]),
            _ => {}
        }
    }
    (name, "")
}

/// `text` without each `@` and the digits after it: the times on w7.
pub(crate) fn without_times(text: &str) -> String {
    let mut parts = text.split('@');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| {
        kept + part.trim_start_matches(|c: char| c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_part_runs_and_comments_do_not() {
        let html = r#"<p title="a > b">one <!-- x -->&amp; <!>two</p><b>three</b> "#;
        assert_eq!(runs(html), ["one & two", "three"]);
    }

    #[test]
    fn what_is_not_shown_is_left_out() {
        let html =
            "<title>t</title><script>if (a < b) {}</script><style>p{}</style><i>&lt;1&gt;</i>";
        assert_eq!(runs(html), ["<1>"]);
    }

    #[test]
    fn a_double_escape_stays_one() {
        assert_eq!(runs("<p>&amp;lt;</p>"), ["&lt;"]);
    }

    #[test]
    fn times_are_taken_out() {
        assert_eq!(without_times("r1@123 and r2@45"), "r1 and r2");
    }
}
