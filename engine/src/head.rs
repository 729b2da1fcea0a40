//! The page's head: what stands in it at the commit point, and what late heads make of it.

use anabranch_boundaries::token::Content;
use anabranch_boundaries::{Error, Head, Result};
use anabranch_html::marker::{Swap, head as marker};
use maud::Markup;
use smallvec::SmallVec;

use crate::registry::{PAGE, Registry, head_of};

/// Where a component stands in the document: which child of which child of the page.
///
/// Compared in order, the later of two is the one further down or deeper.
pub(crate) type Path = Vec<u32>;

/// State of the head of one response.
#[derive(Debug, Default)]
pub(crate) enum PageHead {
    /// The page has not rendered a [`Head`]. Late ones have nowhere to go.
    #[default]
    Absent,
    /// The shell has not been written: everything can still go where it belongs. Those that the
    /// page rendered, in that order.
    Early(SmallVec<[Head; 1]>),
    /// The head is on the wire, between markers. Late ones are patches.
    Sent {
        title: Option<String>,
        /// Whose title it is: of several, the one last in the document wins.
        owner: Path,
    },
    /// The head is on the wire, in its final form.
    Closed,
}

/// A page without boundaries as text, with the head that it rendered in its place.
///
/// # Errors
/// The page holds the token of a boundary, though it has none.
pub(crate) fn fill(page: Markup, registry: Registry) -> Result<String> {
    let page = page.into_string();
    let Some(key) = registry.key() else {
        return Ok(page);
    };
    let mut head = PageHead::default();
    for (_, rendered) in registry.heads {
        head.add_early(rendered);
    }
    let content = Content::parse(page, key, PAGE, 1)
        .ok()
        .filter(|content| content.holes().all(|index| head_of(index).is_some()))
        .ok_or_else(|| Error::msg("the page holds a boundary that was not rendered in it"))?;
    let mut text = String::with_capacity(256);
    head.write(&mut text, &content, Vec::new(), false);
    Ok(content.fill_first(&text))
}

/// The heads of a page as one: the further down in its text, the later. What has no place there
/// comes last.
fn merged(heads: &mut [Head], content: &Content) -> Head {
    let mut merged = Head::new();
    let mut add =
        |head: Option<&mut Head>| merged.merge(head.map(std::mem::take).unwrap_or_default());
    for head in content.holes().filter_map(head_of) {
        add(heads.get_mut(head));
    }
    heads.iter_mut().for_each(|head| add(Some(head)));
    merged
}

impl PageHead {
    /// Adds a head that the page itself rendered.
    pub(crate) fn add_early(&mut self, head: Head) {
        match self {
            Self::Early(early) => early.push(head),
            _ => *self = Self::Early(SmallVec::from_buf([head])),
        }
    }

    /// Writes the head of the page, whose text is `content`. `folded` are the heads of the
    /// boundaries that the shell carries; `open` says whether others may follow.
    pub(crate) fn write(
        &mut self,
        out: &mut String,
        content: &Content,
        mut folded: Vec<(Path, Head)>,
        open: bool,
    ) {
        let Self::Early(heads) = self else {
            return;
        };
        let mut head = merged(heads, content);
        *self = Self::Closed;
        let mut owner = Path::new();
        folded.sort_by(|a, b| a.0.cmp(&b.0));
        for (path, late) in folded {
            if late.title_text().is_some() {
                owner = path;
            }
            head.append(late);
        }
        if open {
            marker::title_range(out, head.title_text());
        } else {
            marker::title_element(out, head.title_text());
        }
        head.write_tags(out);
        if open {
            marker::tags_point(out);
            let title = head.title_text().map(str::to_owned);
            *self = Self::Sent { title, owner };
        }
    }

    /// Writes the patches for the heads of boundaries that have just been written.
    pub(crate) fn patch(&mut self, out: &mut String, swap: Swap, late: Vec<(Path, Head)>) {
        let Self::Sent { title, owner } = self else {
            return;
        };
        let mut tags = String::new();
        let mut renamed = false;
        for (path, head) in late {
            head.write_tags(&mut tags);
            if let Some(text) = head.title_text()
                && path >= *owner
            {
                *title = Some(text.to_owned());
                *owner = path;
                renamed = true;
            }
        }
        if renamed {
            marker::title_patch(out, swap, title.as_deref());
        }
        if !tags.is_empty() {
            marker::tags_patch(out, swap, &tags);
        }
    }

    /// Writes the patches that remove the markers, at the end of the stream.
    pub(crate) fn close(&mut self, out: &mut String, swap: Swap) {
        if let Self::Sent { title, .. } = self {
            marker::close(out, swap, title.as_deref());
            *self = Self::Closed;
        }
    }
}
