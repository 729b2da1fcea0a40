//! Shell and patches as bytes: the writing half of the [`Tree`].
//!
//! Whatever is complete when it is written goes where it belongs; what is not leaves a
//! placeholder. Each byte is written once, from the pieces of the components' contents.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use anabranch_boundaries::token::{Content, Key, Piece};
use anabranch_boundaries::{Error, Head, Loading, Result, panic};
use anabranch_html::csp::Nonce;
use anabranch_html::document;
use anabranch_html::marker::{self, Name, Swap};

use crate::failure;
use crate::head::{PageHead, Path};
use crate::observer::{Event, Observers, View};
use crate::registry::{PAGE, head_of};
use crate::settings::Values;
use crate::tree::{State, Tree};

/// Bytes of a patch beside its content, and of what ends a frame.
const ROOM_FOR_MARKERS: usize = 64;
const ROOM_FOR_END: usize = 128;

/// Room for patches that may follow the first of a frame.
const MOST_AHEAD: usize = 32 << 10;

/// Room behind a text in which a patch of its own is written around it. With less it would grow,
/// and more would lie idle until the client has read the patch.
const ROOM_AROUND: RangeInclusive<usize> = ROOM_FOR_MARKERS + ROOM_FOR_END..=MOST_AHEAD;

/// Writes one response.
pub(crate) struct Writer {
    pub(crate) observers: Observers,
    nonce: Option<Nonce>,
    /// By which the tokens of the response are known, once it has a shell.
    pub(crate) key: Option<Key>,
    /// Next name for a placeholder.
    next_name: u32,
    swap: Swap,
    /// Patches that wait to be sent.
    patches: String,
    /// What the page closes with, held back to the end.
    tail: Cow<'static, str>,
    /// Heads of the boundaries that were written and not patched into the head yet.
    late_heads: Vec<(Path, Head)>,
    /// Boundaries that need not run on, and those below them: their loading view failed, and
    /// their error view shows.
    abandoned: Vec<(Error, Vec<u32>)>,
}

impl Writer {
    pub(crate) fn new(nonce: Option<Nonce>, observers: Observers) -> Self {
        Self {
            observers,
            nonce,
            key: None,
            next_name: 0,
            swap: Swap::Native,
            patches: String::new(),
            tail: Cow::Borrowed(document::TAIL),
            late_heads: Vec::new(),
            abandoned: Vec::new(),
        }
    }

    /// Boundaries to be dropped since this was last called.
    pub(crate) fn take_abandoned(&mut self) -> Vec<(Error, Vec<u32>)> {
        std::mem::take(&mut self.abandoned)
    }

    /// The whole page, when nothing is running any more.
    pub(crate) fn whole(&mut self, tree: &mut Tree, settings: &Values) -> String {
        let page = self.page(tree, settings, false);
        self.observers.happened(PAGE, Event::Finished);
        page
    }

    /// The shell: everything that is complete, placeholders for the rest, and the bridge.
    pub(crate) fn shell(&mut self, tree: &mut Tree, settings: &Values) -> String {
        let mut out = self.page(tree, settings, true);
        let (body, tail) = document::split_tail(&out);
        let body = body.len();
        if !tail.is_empty() && tail != document::TAIL {
            self.tail = Cow::Owned(document::close_html(tail));
        }
        out.truncate(body);
        settings.write_bridge(&mut out, self.nonce.as_ref());
        self.observers.written(&mut out);
        document::pad(&mut out);
        // Nothing follows if the only loading views to show failed.
        if tree.running() == 0 {
            self.end(tree, settings, &mut out);
        }
        out
    }

    /// Whether there are patches that wait to be sent.
    pub(crate) fn has_patches(&self) -> bool {
        !self.patches.is_empty()
    }

    /// Their length in bytes.
    pub(crate) fn unsent(&self) -> usize {
        self.patches.len()
    }

    /// Writes a patch at once, if its loading view is shown, nothing else is to be written before
    /// and it has no boundaries of its own, so that nothing can be added to it. False if not.
    ///
    /// Makes room for `alike` patches of its size, within reason.
    pub(crate) fn write_now(
        &mut self,
        tree: &mut Tree,
        settings: &Values,
        id: u32,
        content: &mut Content,
        alike: usize,
    ) -> bool {
        if !tree.ready.is_empty() || content.as_text().is_none() {
            return false;
        }
        self.choose_swap(tree, settings);
        let Some(name) = tree.pass(id) else {
            return false;
        };
        let text = content.take_text().unwrap_or_default();
        let mut out = std::mem::take(&mut self.patches);
        let is_first = out.capacity() == 0;
        let spare = text.capacity() - text.len();
        let is_alone = is_first && alike == 1 && ROOM_AROUND.contains(&spare);
        if is_alone {
            out.reserve(ROOM_FOR_MARKERS);
        } else if is_first {
            let size = text.len() + ROOM_FOR_MARKERS;
            out.reserve(size.max(MOST_AHEAD.min(size * alike)) + ROOM_FOR_END);
        }
        marker::open_patch(&mut out, name, self.swap);
        self.begin_component(tree, id, &mut out);
        if is_alone {
            // A large text is moved by a few bytes faster than to where room is made for it.
            let opening = std::mem::replace(&mut out, text);
            out.insert_str(0, &opening);
        } else {
            out.push_str(&text);
        }
        marker::close_patch(&mut out);
        self.patches = out;
        true
    }

    /// All patches that are due, and the end if nothing is left to follow.
    pub(crate) fn flush(&mut self, tree: &mut Tree, settings: &Values) -> String {
        let mut out = std::mem::take(&mut self.patches);
        if !tree.ready.is_empty() {
            self.choose_swap(tree, settings);
            let mut ready = std::mem::take(&mut tree.ready);
            out.reserve(tree.unsent() + ready.len() * ROOM_FOR_MARKERS + ROOM_FOR_END);
            for id in ready.drain(..) {
                if let Some((Some(name), content)) = tree.take_content(id) {
                    self.patch(tree, settings, id, name, &content, &mut out);
                }
            }
            // The room for what is ready next.
            tree.ready = ready;
        }
        self.patch_head(tree, &mut out);
        if tree.running() == 0 {
            self.end(tree, settings, &mut out);
        } else {
            self.trigger(settings, &mut out);
            self.observers.written(&mut out);
        }
        out
    }

    fn choose_swap(&mut self, tree: &Tree, settings: &Values) {
        if tree.shown > settings.bridge_threshold && settings.has_scripts() {
            self.swap = Swap::Bridge;
        }
    }

    fn patch(
        &mut self,
        tree: &mut Tree,
        settings: &Values,
        id: u32,
        name: Name,
        content: &Content,
        out: &mut String,
    ) {
        marker::open_patch(out, name, self.swap);
        self.component(tree, settings, id, content, out);
        marker::close_patch(out);
    }

    /// A sign of life: the trigger alone.
    pub(crate) fn heartbeat(&self, settings: &Values) -> String {
        let mut out = String::new();
        self.trigger(settings, &mut out);
        out
    }

    fn end(&mut self, tree: &mut Tree, settings: &Values, out: &mut String) {
        self.patch_head(tree, out);
        tree.head.close(out, self.swap);
        self.trigger(settings, out);
        self.observers.happened(PAGE, Event::Finished);
        self.observers.written(out);
        out.push_str(&self.tail);
        out.push_str(document::END);
    }

    fn trigger(&self, settings: &Values, out: &mut String) {
        settings.scripts.write_trigger(out, self.nonce.as_ref());
    }

    fn patch_head(&mut self, tree: &mut Tree, out: &mut String) {
        let late = std::mem::take(&mut self.late_heads);
        if !late.is_empty() {
            tree.head.patch(out, self.swap, late);
        }
    }

    /// The page with everything that is complete in its place.
    fn page(&mut self, tree: &mut Tree, settings: &Values, open: bool) -> String {
        let folded = tree.take_folded_heads();
        let Some((_, mut content)) = tree.take_content(PAGE) else {
            return String::new();
        };
        self.observers.happened(PAGE, Event::Sent);
        if let Some(text) = content.take_text() {
            return text;
        }
        // What the bridge and markers for some boundaries take; more grows.
        let room = if open { 1536 } else { 0 };
        let mut out = String::with_capacity(tree.unsent() + content.len() + room);
        let mut head = String::new();
        tree.head.write(&mut head, &content, folded, open);
        let mut head = Some(head);
        for piece in content.pieces() {
            match piece {
                Piece::Text(text) => out.push_str(text),
                // All are in the first.
                Piece::Hole(index) if head_of(index).is_some() => {
                    out.push_str(&head.take().unwrap_or_default());
                }
                Piece::Hole(index) => {
                    let child = tree.child(PAGE, index);
                    self.place(tree, settings, child, &mut out);
                }
            }
        }
        if head.is_some() {
            // The page rendered no head, or did not place it: there is nothing to patch.
            tree.head = PageHead::Absent;
        }
        out
    }

    /// The content of a boundary, with everything below that is complete in its place.
    fn component(
        &mut self,
        tree: &mut Tree,
        settings: &Values,
        id: u32,
        content: &Content,
        out: &mut String,
    ) {
        self.begin_component(tree, id, out);
        if let Some(text) = content.as_text() {
            out.push_str(text);
            return;
        }
        for piece in content.pieces() {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Hole(index) => {
                    let child = tree.child(id, index);
                    self.place(tree, settings, child, out);
                }
            }
        }
    }

    /// What comes before the content of a boundary.
    #[inline]
    fn begin_component(&mut self, tree: &mut Tree, id: u32, out: &mut String) {
        self.observers.happened(id, Event::Sent);
        if matches!(tree.head, PageHead::Absent) {
            inline_head(tree, id, out);
        } else if let Some(late) = tree.take_head(id) {
            self.late_heads.push(late);
        }
    }

    /// A loading view that is made when it is needed.
    #[inline(never)]
    fn render(&self, tree: &Tree, view: Loading) -> Result<String> {
        let view = panic::catch(|| view.render())?;
        // What was rendered outside may have been moved in.
        tree.check_view(&view, self.key, "a loading view")?;
        Ok(view)
    }

    /// What stands where a boundary was placed: its content, or its loading view between
    /// markers.
    fn place(&mut self, tree: &mut Tree, settings: &Values, id: u32, out: &mut String) {
        let loading = match &mut tree.node_mut(id).state {
            State::Waiting(loading) => std::mem::take(loading),
            _ => {
                if let Some((_, content)) = tree.take_content(id) {
                    self.component(tree, settings, id, &content, out);
                }
                return;
            }
        };
        let view = match loading {
            Loading::Made(view) => Ok(view.into_string()),
            lazy => self.render(tree, lazy),
        };
        match view {
            Ok(mut view) => {
                self.observers.view(id, View::Loading, &mut view);
                let name = Name(self.next_name);
                self.next_name += 1;
                marker::open_placeholder(out, name);
                out.push_str(&view);
                marker::close_placeholder(out);
                tree.show(id, name);
                self.observers.happened(id, Event::Shown(name));
            }
            Err(error) => {
                failure::log_boundary(&tree.node(id).label, &error);
                let views = tree.error_views(id);
                let stray = |view: &str| tree.check_view(view, self.key, "an error view");
                out.push_str(&failure::substitute(&views, settings, &error, stray).view);
                self.abandoned.push((error, tree.cancel(id)));
            }
        }
    }
}

/// Writes the tags of a late head in place, where the page has no head to add them to.
fn inline_head(tree: &mut Tree, id: u32, out: &mut String) {
    if let Some((_, head)) = tree.take_head(id) {
        tracing::warn!(
            boundary = %tree.node(id).label,
            "this boundary changes the page's head, but the page renders no Head: put \
             (Head::title(…)) into its <head>"
        );
        head.write_tags(out);
    }
}
