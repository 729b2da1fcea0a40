//! The components of a response and the state of each: a state machine without time or bytes.
//!
//! ```text
//!            parent written            complete              written
//!   Waiting ----------------> Shown ------------> Patch ----------------> Done
//!    |  |      (placeholder)                    (in `ready`)
//!    |  | complete                parent written
//!    |  +-----------> Folded ------------------------------------------> Done
//!    | cancelled: not placed, or its parent failed; so for Folded
//!    +----------------------------------------------------------------> Done
//! ```
//! A component that fails is complete with its error view. One without boundaries whose turn to be
//! written has come goes from `Shown` to `Done`.
//!
//! Only a component whose placeholder was written gets a patch, so a patch never precedes the
//! patch or shell that holds its placeholder; and every state but `Done` leads on, so a
//! placeholder that was written is always replaced.

mod node;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::panic::Location;
use std::sync::Arc;

use anabranch_boundaries::token::{Content, Key, Token};
use anabranch_boundaries::{Details, Error, FallbackView, Head, Loading, Result};
use anabranch_html::marker::Name;
use tokio::time::Instant;

use crate::head::{PageHead, Path};
use crate::meter::Stopwatch;
use crate::observer::Observed;
use crate::registry::{PAGE, find_token, head_of};
use node::Ids;
pub(crate) use node::{Label, Node, State};

/// All components of one response.
pub(crate) struct Tree {
    nodes: Vec<Node>,
    /// Components whose patches are due, in the order they were completed.
    pub(crate) ready: Ids,
    /// How many components are running.
    running: usize,
    /// How many loading views are on the wire.
    pub(crate) shown: usize,
    /// Bytes of content that is complete and not written.
    unsent: usize,
    pub(crate) head: PageHead,
    /// What each boundary rendered of heads, to go with its content. By component, because as many
    /// may have one as a response may have boundaries; not in the nodes, because most have none.
    late_heads: BTreeMap<u32, Head>,
}

impl Tree {
    /// A tree of the page alone, with room for so many components.
    pub(crate) fn new(page: &'static Location<'static>, deadline: Instant, room: usize) -> Self {
        let mut nodes = Vec::with_capacity(room);
        nodes.push(Node {
            state: State::Waiting(Loading::Nothing),
            parent: PAGE,
            depth: 0,
            children: Ids::new(),
            place: Some(0),
            in_table: false,
            deadline,
            since: Stopwatch::start(),
            label: Label {
                call_site: page,
                options: None,
            },
        });
        Self {
            nodes,
            ready: Ids::new(),
            running: 1,
            shown: 0,
            unsent: 0,
            head: PageHead::Absent,
            late_heads: BTreeMap::new(),
        }
    }

    /// Makes room for this many more boundaries, most of them of `parent`.
    pub(crate) fn reserve(&mut self, parent: u32, more: usize) {
        self.nodes.reserve(more);
        self.ready.reserve(more);
        self.node_mut(parent).children.reserve(more);
    }

    /// Adds a boundary that `parent` rendered. Its future is the scheduler's.
    pub(crate) fn add(&mut self, parent: u32, details: Details, deadline: Instant) -> u32 {
        // There are fewer components than a token has numbers.
        let id = self.nodes.len() as u32;
        let depth = {
            let parent = self.node_mut(parent);
            parent.children.push(id);
            parent.depth + 1
        };
        self.nodes.push(Node {
            state: State::Waiting(details.loading),
            parent,
            depth,
            children: Ids::new(),
            place: None,
            in_table: false,
            deadline,
            since: Stopwatch::start(),
            label: Label {
                call_site: details.call_site,
                options: details.options,
            },
        });
        self.running += 1;
        id
    }

    pub(crate) fn node(&self, id: u32) -> &Node {
        &self.nodes[id as usize]
    }

    /// The boundary of `id` that `token` stands for.
    pub(crate) fn stood_for(&self, id: u32, token: Token) -> Option<u32> {
        let children = &self.node(id).children;
        let index = usize::try_from(token.index).ok()?;
        children
            .get(index)
            .copied()
            .filter(|_| token.component == id)
    }

    pub(crate) fn node_mut(&mut self, id: u32) -> &mut Node {
        &mut self.nodes[id as usize]
    }

    /// What observers are told of a boundary that was rendered.
    pub(crate) fn observed(&self, id: u32) -> Observed<'_> {
        let node = self.node(id);
        Observed {
            id,
            parent: node.parent,
            name: node.label.given_name(),
            call_site: node.label.call_site,
            has_loading_view: !matches!(node.state, State::Waiting(Loading::Nothing)),
            deadline: node.deadline,
        }
    }

    /// How many boundaries `id` has rendered.
    pub(crate) fn children(&self, id: u32) -> usize {
        self.node(id).children.len()
    }

    pub(crate) fn depth(&self, id: u32) -> u32 {
        self.node(id).depth
    }

    /// Whether there is more than the page alone.
    pub(crate) fn has_boundaries(&self) -> bool {
        self.boundaries() > 0
    }

    /// How many boundaries there have been.
    pub(crate) fn boundaries(&self) -> usize {
        self.components() - 1
    }

    /// The same with the page.
    pub(crate) fn components(&self) -> usize {
        self.nodes.len()
    }

    pub(crate) fn running(&self) -> usize {
        self.running
    }

    pub(crate) fn unsent(&self) -> usize {
        self.unsent
    }

    pub(crate) fn is_running(&self, id: u32) -> bool {
        self.node(id).is_running()
    }

    /// Running components whose deadline is as told.
    pub(crate) fn running_where(&self, deadline: impl Fn(Instant) -> bool) -> Vec<u32> {
        (0..self.nodes.len() as u32)
            .filter(|&id| self.is_running(id) && deadline(self.node(id).deadline))
            .collect()
    }

    /// The earliest deadline of a running component.
    pub(crate) fn earliest_deadline(&self) -> Option<Instant> {
        let running = self.nodes.iter().filter(|node| node.is_running());
        running.map(|node| node.deadline).min()
    }

    /// Forgets the heads that `id` rendered.
    pub(crate) fn drop_heads(&mut self, id: u32) {
        // Looked at first, because most pages have none.
        if !self.late_heads.is_empty() {
            self.late_heads.remove(&id);
        }
    }

    /// Boundary number `index` of `id`.
    pub(crate) fn child(&self, id: u32, index: u32) -> u32 {
        self.node(id).children[index as usize]
    }

    /// Views for a failure in `id`, the nearest first.
    pub(crate) fn error_views(&self, id: u32) -> Vec<FallbackView> {
        let mut views = Vec::new();
        let mut at = id;
        loop {
            let node = self.node(at);
            if let Some(options) = &node.label.options {
                let own = options.error.clone();
                views.extend(own.map(|view| -> FallbackView { Arc::new(move |e| Some(view(e))) }));
                views.extend(options.fallback.clone());
            }
            if at == PAGE {
                return views;
            }
            at = node.parent;
        }
    }

    /// Keeps a head that `id` rendered until its content is written.
    pub(crate) fn add_head(&mut self, id: u32, head: Head) {
        if id == PAGE {
            self.head.add_early(head);
            return;
        }
        match self.late_heads.entry(id) {
            Entry::Vacant(entry) => {
                entry.insert(head);
            }
            // They are written one after the other, in one place: as one head they read the same.
            Entry::Occupied(entry) => entry.into_mut().append(head),
        }
    }

    /// What `id` rendered of heads, with its place in the document.
    pub(crate) fn take_head(&mut self, id: u32) -> Option<(Path, Head)> {
        if self.late_heads.is_empty() {
            return None;
        }
        let head = self.late_heads.remove(&id)?;
        Some((self.path(id), head))
    }

    /// Heads of the boundaries that will be written together with the page.
    pub(crate) fn take_folded_heads(&mut self) -> Vec<(Path, Head)> {
        if self.late_heads.is_empty() || !matches!(self.head, PageHead::Early(_)) {
            return Vec::new();
        }
        let mut late = std::mem::take(&mut self.late_heads);
        let folded = late.extract_if(.., |&id, _| self.folds_into_page(id));
        let folded = folded.map(|(id, head)| (self.path(id), head)).collect();
        // The rest waits for its content.
        self.late_heads = late;
        folded
    }

    fn folds_into_page(&self, id: u32) -> bool {
        let mut at = id;
        while at != PAGE && matches!(self.node(at).state, State::Folded(_)) {
            at = self.node(at).parent;
        }
        at == PAGE
    }

    /// The loading view of `id` is on the wire, between markers with this name.
    pub(crate) fn show(&mut self, id: u32, name: Name) {
        self.node_mut(id).state = State::Shown(name);
        self.shown += 1;
    }

    fn path(&self, id: u32) -> Path {
        let mut path = Path::new();
        let mut at = id;
        while at != PAGE {
            let node = self.node(at);
            path.extend(node.place);
            at = node.parent;
        }
        path.reverse();
        path
    }

    /// Notes which boundaries of `id` have a place in `content`: each may have one.
    ///
    /// # Errors
    /// An error that names the call site of a boundary that is placed twice.
    pub(crate) fn place_children(&mut self, id: u32, content: &Content) -> Result<()> {
        let mut place = 0;
        for index in content.holes() {
            if head_of(index).is_some() {
                continue;
            }
            let child = self.node(id).children.get(index as usize).copied();
            let taken = child.map(|child| self.node_mut(child).place.replace(place));
            if taken != Some(None) {
                return Err(self.misplaced(
                    id,
                    index,
                    "is placed twice; make one boundary for each place, and share() their work",
                ));
            }
            place += 1;
        }
        Ok(())
    }

    /// What to say of a boundary that `owner` rendered and another component placed.
    pub(crate) fn foreign(&self, owner: u32, index: u32) -> Error {
        self.misplaced(
            owner,
            index,
            "was rendered in one component and placed in another; make it in the component that \
             places it",
        )
    }

    /// Checks that neither a boundary nor a head stands in the loading view of a boundary of `id`.
    ///
    /// # Errors
    /// An error that names the call site of the boundary, or for a head that of the view's.
    pub(crate) fn check_loading_views(&self, id: u32, key: Key) -> Result<()> {
        for &child in &self.node(id).children {
            let node = self.node(child);
            if let State::Waiting(Loading::Made(view)) = &node.state
                && view.0.len() >= Token::LEN
                && let Some(token) = find_token(&view.0, key)
            {
                return Err(if head_of(token.index).is_some() {
                    Error::msg(format!(
                        "a Head is placed in the loading view of the boundary made at {}; make \
                         the view in a closure, where a Head does nothing",
                        node.label.call_site
                    ))
                } else {
                    self.stray(token, "a loading view")
                });
            }
        }
        Ok(())
    }

    /// Checks that nothing stands in `view` that was rendered elsewhere and moved there. `place`
    /// is what a message calls the view.
    ///
    /// # Errors
    /// An error that names the call site of a boundary.
    pub(crate) fn check_view(&self, view: &str, key: Option<Key>, place: &str) -> Result<()> {
        match key.and_then(|key| find_token(view, key)) {
            Some(token) => Err(self.stray(token, place)),
            None => Ok(()),
        }
    }

    /// What to say of `token` in `place`, where no boundary can be.
    pub(crate) fn stray(&self, token: Token, place: &str) -> Error {
        let what = format!("is placed in {place}, which cannot hold boundaries or heads");
        self.misplaced(token.component, token.index, &what)
    }

    /// What to say of boundary number `index` of `owner`.
    fn misplaced(&self, owner: u32, index: u32, what: &str) -> Error {
        if head_of(index).is_some() {
            return Error::msg(format!("a Head {what}"));
        }
        let owner = self.nodes.get(owner as usize);
        match owner.and_then(|node| node.children.get(index as usize)) {
            Some(&child) => {
                let call_site = self.node(child).label.call_site;
                Error::msg(format!("the boundary made at {call_site} {what}"))
            }
            None => Error::msg(format!("a boundary {what}")),
        }
    }

    /// `id` has its final content.
    pub(crate) fn complete(&mut self, id: u32, content: Content) {
        let bytes = content.len();
        let state = &mut self.node_mut(id).state;
        match std::mem::replace(state, State::Done) {
            State::Waiting(loading) => {
                *state = State::Folded(content);
                loading.discard();
            }
            State::Shown(name) => {
                *state = State::Patch(name, content);
                self.ready.push(id);
            }
            complete => {
                *state = complete;
                return;
            }
        }
        self.running -= 1;
        self.unsent += bytes;
    }

    /// Lets `id` go straight from its loading view to what is written. Returns the name of its
    /// placeholder, if that is on the wire.
    pub(crate) fn pass(&mut self, id: u32) -> Option<Name> {
        let state = &mut self.node_mut(id).state;
        let State::Shown(name) = *state else {
            return None;
        };
        *state = State::Done;
        self.running -= 1;
        self.shown -= 1;
        Some(name)
    }

    /// Takes complete content out, to be written.
    pub(crate) fn take_content(&mut self, id: u32) -> Option<(Option<Name>, Content)> {
        let node = self.node_mut(id);
        let (name, content) = match std::mem::replace(&mut node.state, State::Done) {
            State::Folded(content) => (None, content),
            State::Patch(name, content) => (Some(name), content),
            other => {
                node.state = other;
                return None;
            }
        };
        self.unsent -= content.len();
        self.shown -= usize::from(name.is_some());
        Some((name, content))
    }

    /// `id` and everything below it will not be shown. Returns what was running.
    pub(crate) fn cancel(&mut self, id: u32) -> Vec<u32> {
        let mut cancelled = Vec::new();
        let mut rest = vec![id];
        while let Some(id) = rest.pop() {
            self.drop_heads(id);
            rest.extend(std::mem::take(&mut self.node_mut(id).children));
            let node = self.node_mut(id);
            match std::mem::replace(&mut node.state, State::Done) {
                State::Waiting(loading) => {
                    self.running -= 1;
                    cancelled.push(id);
                    loading.discard();
                }
                State::Folded(content) => self.unsent -= content.len(),
                State::Done => {}
                // What was shown belongs to a parent that was written, which is never cancelled.
                shown @ (State::Shown(_) | State::Patch(..)) => node.state = shown,
            }
        }
        cancelled
    }

    /// Everything below `id` will not be shown. Returns what was running.
    pub(crate) fn cancel_children(&mut self, id: u32) -> Vec<u32> {
        let children = std::mem::take(&mut self.node_mut(id).children);
        let cancelled = children.into_iter().flat_map(|child| self.cancel(child));
        cancelled.collect()
    }

    /// The boundaries of `id` that have no place.
    pub(crate) fn unplaced_children(&self, id: u32) -> Vec<u32> {
        let children = self.node(id).children.iter().copied();
        children
            .filter(|&child| self.node(child).place.is_none())
            .collect()
    }
}
