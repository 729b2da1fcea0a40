//! What the end of a component means: its content is placed, or an error view takes its place, and
//! what nobody wants any more is dropped.

use anabranch_boundaries::token::Content;
use anabranch_boundaries::{Error, Result};
use anabranch_html::marker::Name;
use maud::Markup;

use super::Scheduler;
use crate::failure;
use crate::framing;
use crate::meter::Outcome;
use crate::observer::View;
use crate::registry::{Mistake, PAGE};

impl Scheduler {
    /// A component has completed.
    pub(super) fn settle(&mut self, id: u32, outcome: Result) {
        if !self.tree.is_running(id) {
            return;
        }
        match outcome.and_then(|markup| self.place(id, markup)) {
            Ok(content) => {
                self.note_end(id, Outcome::Complete);
                self.complete(id, content);
            }
            Err(error) => self.fail(id, &error),
        }
    }

    /// A component has its final content.
    fn complete(&mut self, id: u32, mut content: Content) {
        let alike = self.jobs.left_in_round() + 1;
        let values = self.settings.values();
        let is_written = self
            .writer
            .write_now(&mut self.tree, values, id, &mut content, alike);
        if !is_written {
            self.tree.complete(id, content);
        }
    }

    /// Finds the places of a component's boundaries, and drops those that have none.
    fn place(&mut self, id: u32, mut markup: Markup) -> Result<Content> {
        framing::check(self.name.as_deref(), &self.tree.node(id).label, id, &markup);
        self.writer.observers.view(id, View::Content, &mut markup.0);
        let key = self.key();
        framing::check_places(&mut self.tree, id, &markup, key);
        framing::check_origin(&self.tree.node(id).label, &markup, key);
        let Some(key) = self.key() else {
            return Ok(Content::plain(markup.into_string()));
        };
        // There is none where no token was made.
        if let Some(registry) = &self.registry
            && !registry.mistakes.is_empty()
            && let Some(error) = self.mistake(id)
        {
            return Err(error);
        }
        let children = self.tree.children(id);
        let content = Content::parse(markup.into_string(), key, id, children)
            .map_err(|token| self.tree.foreign(token.component, token.index))?;
        if children == 0 && content.as_text().is_some() {
            return Ok(content);
        }
        self.tree.place_children(id, &content)?;
        self.tree.check_loading_views(id, key)?;
        let unplaced = self.tree.unplaced_children(id);
        if !unplaced.is_empty() {
            self.drop_unplaced(unplaced);
        }
        Ok(content)
    }

    #[cold]
    fn drop_unplaced(&mut self, ids: Vec<u32>) {
        let cancelled = ids.into_iter().flat_map(|id| self.tree.cancel(id));
        let cancelled = cancelled.collect();
        self.drop_cancelled(cancelled);
    }

    /// What to say if a component rendered what it should not have.
    #[cold]
    fn mistake(&mut self, id: u32) -> Option<Error> {
        let mistakes = &mut self.registry.as_mut()?.mistakes;
        Some(match mistakes.remove(&id)? {
            Mistake::OneTooMany(call_site) => Error::msg(format!(
                "the boundary made at {call_site} is one too many: a response holds {} \
                 (Settings::max_boundaries, at most {})",
                self.settings.values().max_boundaries,
                Name::COUNT,
            )),
            Mistake::InHead(token) => self.tree.stray(token, "a Head"),
        })
    }

    /// A component has failed: the page with it before the commit point, else an error view
    /// takes its place.
    pub(super) fn fail(&mut self, id: u32, error: &Error) {
        let cancelled = self.tree.cancel_children(id);
        self.drop_cancelled(cancelled);
        if id == PAGE {
            self.note_end(id, Outcome::Failed(error));
            self.page_error = Some(error.clone());
            self.tree.complete(id, Content::default());
            return;
        }
        failure::log_boundary(&self.tree.node(id).label, error);
        self.note_failure(id, error);
        let views = self.tree.error_views(id);
        let stray = |view: &str| self.tree.check_view(view, self.key(), "an error view");
        let mut substitute = failure::substitute(&views, self.settings.values(), error, stray);
        let observers = &self.writer.observers;
        observers.view(id, View::Content, &mut substitute.view);
        self.tree.drop_heads(id);
        if let Some(head) = substitute.head {
            self.tree.add_head(id, head);
        }
        self.complete(id, Content::plain(substitute.view));
    }

    /// Drops components that are not wanted any more. Those that are held back wait for the
    /// [`sweep`](Self::sweep).
    pub(super) fn drop_jobs(&mut self, ids: Vec<u32>) {
        if ids.is_empty() {
            return;
        }
        self.held_back.note_unwanted();
        for id in ids {
            self.jobs.drop_job(id);
        }
    }

    /// Drops what is held back and not wanted any more. Call when all that ends together has
    /// ended.
    pub(super) fn sweep(&mut self) {
        let tree = &self.tree;
        self.held_back.sweep(|id| tree.is_running(id));
    }

    pub(super) fn drop_cancelled(&mut self, ids: Vec<u32>) {
        for &id in &ids {
            self.note_end(id, Outcome::Cancelled);
        }
        self.drop_jobs(ids);
    }

    pub(super) fn note_failure(&self, id: u32, error: &Error) {
        self.note_end(id, Outcome::Failed(error));
        if let Some(monitor) = &self.monitor {
            monitor.note_failure(error);
        }
    }

    pub(super) fn note_end(&self, id: u32, outcome: Outcome<'_>) {
        self.writer.observers.happened(id, outcome.event());
        if id != PAGE {
            let node = self.tree.node(id);
            node.since.ended(&node.label, outcome);
        }
    }

    /// Tells those who count how many boundaries there are and how many are running.
    pub(super) fn count(&mut self) {
        let pending = self.tree.running() - usize::from(self.page_is_running());
        self.meter.set_pending(pending);
        if let Some(monitor) = &self.monitor {
            monitor.count(self.tree.boundaries(), pending);
        }
    }
}
