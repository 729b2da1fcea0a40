//! A streamed page as text: which patches it holds, and how it reads when all are applied.

use std::collections::HashSet;

const START: &str = "<?start ";
const END: &str = "<?end>";
const PATCH_OPEN: [&str; 2] = ["<template for=", "<template data-for="];
const PATCH_CLOSE: &str = "</template>";
/// The range around the title and the point for late tags: no boundaries, and patched as often
/// as the head changes.
const TITLE: &str = "title";
const HEAD_POINT: (&str, &str) = ("head", r#"<?marker name="head">"#);

/// A page that was taken apart and put together.
pub(crate) struct Page {
    /// The names of the patches in the order in which they came.
    pub(crate) order: Vec<String>,
    /// The page with each patch in the place of its loading view.
    pub(crate) document: String,
    /// Bytes of placeholders and patches, loading views and contents aside, of the costliest name.
    pub(crate) markup: usize,
    /// Bytes of all loading views.
    pub(crate) loading: usize,
    /// Bytes of the scripts that follow patches.
    pub(crate) triggers: usize,
}

impl Page {
    /// Applies the patches of `body` in order. Fails when a patch comes before its placeholder,
    /// when a name is used twice, and when a placeholder is left.
    pub(crate) fn assemble(body: &str) -> Result<Self, String> {
        let (mut document, patches) = take_apart(body)?;
        let mut page = Self {
            order: Vec::new(),
            document: String::new(),
            markup: 0,
            loading: 0,
            triggers: patches.iter().map(|patch| patch.trigger).sum(),
        };
        let mut names = HashSet::new();
        for Patch {
            name,
            content,
            markup,
            ..
        } in patches
        {
            if name == HEAD_POINT.0 {
                document = document.replacen(HEAD_POINT.1, content, 1);
                continue;
            }
            if name == TITLE {
                let place = Placeholder::find(&document, name)?;
                document.replace_range(place.start..place.end, content);
                continue;
            }
            if !names.insert(name) {
                return Err(format!("two patches for {name}"));
            }
            let place = Placeholder::find(&document, name)?;
            page.markup = page.markup.max(markup + place.markup);
            page.loading += place.end - place.start - place.markup;
            document.replace_range(place.start..place.end, content);
            page.order.push(name.into());
        }
        page.document = plain(&document);
        if let Some(left) = page.document.find(START) {
            return Err(format!(
                "a placeholder is left: {:.40}",
                &page.document[left..]
            ));
        }
        Ok(page)
    }
}

/// One patch and the script after it.
struct Patch<'a> {
    name: &'a str,
    content: &'a str,
    markup: usize,
    trigger: usize,
}

/// The text outside of all patches, and the patches.
fn take_apart(body: &str) -> Result<(String, Vec<Patch<'_>>), String> {
    let mut outside = String::new();
    let mut patches = Vec::new();
    let mut rest = body;
    while let Some(start) = PATCH_OPEN.iter().filter_map(|open| rest.find(open)).min() {
        outside.push_str(&rest[..start]);
        rest = &rest[start..];
        let (open, after) = split_after(rest, ">").ok_or("a template tag without an end")?;
        let (content, after) = after
            .split_once(PATCH_CLOSE)
            .ok_or("a template without an end")?;
        let (_, name) = open.split_once("for=").ok_or("a template without a name")?;
        let trigger = if after.starts_with("<script") {
            split_after(after, "</script>").map_or(0, |(script, _)| script.len())
        } else {
            0
        };
        patches.push(Patch {
            name: name.trim_end_matches('>').trim_matches('"'),
            content,
            markup: open.len() + PATCH_CLOSE.len(),
            trigger,
        });
        rest = after;
    }
    outside.push_str(rest);
    Ok((outside, patches))
}

/// Where a placeholder stands.
struct Placeholder {
    start: usize,
    end: usize,
    markup: usize,
}

impl Placeholder {
    fn find(document: &str, name: &str) -> Result<Self, String> {
        let marker = format!(r#"{START}name="{name}">"#);
        let mut places = document.match_indices(&marker);
        let (start, _) = places
            .next()
            .ok_or(format!("no placeholder before patch {name}"))?;
        if places.next().is_some() {
            return Err(format!("two placeholders for {name}"));
        }
        let inside = start + marker.len();
        let length = document[inside..]
            .find(END)
            .ok_or(format!("{name} has no end marker"))?;
        let end = inside + length + END.len();
        Ok(Self {
            start,
            end,
            markup: marker.len() + END.len(),
        })
    }
}

/// `document` without what a reader does not see: scripts, comments, the range around the title.
fn plain(document: &str) -> String {
    let titled = match document.split_once(r#"<?start name="title">"#) {
        Some((before, after)) => before.to_owned() + &after.replacen(END, "", 1),
        None => document.into(),
    };
    [("<script", "</script>"), ("<!--", "-->"), ("<?marker", ">")]
        .into_iter()
        .fold(titled, |text, (open, close)| without(&text, open, close))
}

fn without(text: &str, open: &str, close: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        kept.push_str(before);
        rest = after.split_once(close).map_or("", |(_, after)| after);
    }
    kept + rest
}

fn split_after<'a>(text: &'a str, end: &str) -> Option<(&'a str, &'a str)> {
    text.find(end).map(|at| text.split_at(at + end.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHELL: &str = r#"<p><?start name="0">wait<?end></p>"#;

    #[test]
    fn nested_patches_are_applied_in_order() {
        let body = format!(
            "{SHELL}{}<script>go()</script>{}<script>go()</script>",
            r#"<template for="0"><b><?start name="1">more<?end></b></template>"#,
            r#"<template data-for=1>done</template>"#,
        );
        let page = Page::assemble(&body).unwrap();
        assert_eq!(page.document, "<p><b>done</b></p>");
        assert_eq!(page.order, ["0", "1"]);
        assert_eq!((page.markup, page.loading, page.triggers), (55, 8, 42));
    }

    #[test]
    fn a_patch_before_its_placeholder_is_an_error() {
        let child = r#"<template for="1">done</template>"#;
        let parent = r#"<template for="0"><?start name="1">more<?end></template>"#;
        assert!(Page::assemble(&format!("{SHELL}{parent}{child}")).is_ok());
        assert!(Page::assemble(&format!("{SHELL}{child}{parent}")).is_err());
    }

    #[test]
    fn a_name_that_comes_twice_or_never_is_an_error() {
        let patch = r#"<template for="0">done</template>"#;
        assert!(Page::assemble(&format!("{SHELL}{patch}{patch}")).is_err());
        assert!(Page::assemble(&format!("{SHELL}{SHELL}{patch}")).is_err());
        assert!(Page::assemble(SHELL).is_err());
    }

    #[test]
    fn a_head_is_patched_and_is_no_boundary() {
        let head = r#"<?start name="title"><title>a</title><?end><?marker name="head">"#;
        let late =
            r#"<template for="title"><?start name="title"><title>b</title><?end></template>"#;
        let close = r#"<template for="title"><title>b</title></template><template for="head"><meta></template>"#;
        let page = Page::assemble(&format!("{head}{late}{close}")).unwrap();
        assert_eq!(page.document, "<title>b</title><meta>");
        assert!(page.order.is_empty());
    }

    #[test]
    fn what_a_reader_does_not_see_is_left_out() {
        let body =
            r#"<?start name="title"><title>t</title><?end><!-- --><script>1</script><p>x</p>"#;
        assert_eq!(
            Page::assemble(body).unwrap().document,
            "<title>t</title><p>x</p>"
        );
    }
}
