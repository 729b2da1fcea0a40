//! The heads of a page and of its layouts: driven together, merged from the root.
//!
//! They are awaited before the commit point, so what fails in one is a real status.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use anabranch_boundaries::{Error, Head, Result, panic};
use pin_project::pin_project;
use smallvec::SmallVec;

use super::content::{Content, Segment};

/// Title and tags of the page and of all layouts, merged: the deepest wins.
///
/// A layout that takes it as its second argument awaits it and renders it in its `<head>`:
///
/// ```
/// use anabranch_boundaries::Result;
/// use anabranch_router::app::{Children, PageHead};
/// use maud::{DOCTYPE, html};
///
/// pub async fn render(children: Children, head: PageHead) -> Result {
///     Ok(html! {
///         (DOCTYPE)
///         html lang="en" {
///             head { meta charset="utf-8"; (head.await?) }
///             body { (children.await?) }
///         }
///     })
/// }
/// ```
pub struct PageHead(Heads);

impl Future for PageHead {
    type Output = Result<Head>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Head>> {
        let polled = self.0.poll_all(cx);
        if polled.is_pending()
            && let Some(mut state) = self.0.state()
        {
            state.is_awaited = true;
        }
        polled.map(|()| Ok(self.0.merged()))
    }
}

impl Drop for PageHead {
    fn drop(&mut self) {
        if let Some(mut state) = self.0.state() {
            state.readers -= 1;
        }
    }
}

impl fmt::Debug for PageHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageHead").finish_non_exhaustive()
    }
}

/// One of the heads of a page.
#[derive(Clone, Copy, Debug)]
pub struct HeadId(usize);

/// Most pages have no more heads than this: the root layout's and its own.
const FEW: usize = 2;

/// What is known of the heads of a page, which may have none.
#[derive(Clone, Default)]
pub(super) struct Heads(Option<Arc<Mutex<State>>>);

/// A std mutex around it: nothing is awaited while it is held.
#[derive(Default)]
struct State {
    /// From the root; `None` while it is awaited.
    outcomes: SmallVec<[Option<Result<Head>>; FEW]>,
    waiting: usize,
    /// Parts of the page that wait in boundaries.
    wakers: Vec<Waker>,
    /// How many layouts may still ask for all of them.
    readers: usize,
    /// Whether a layout has asked before all were known.
    is_awaited: bool,
}

impl Heads {
    /// Makes room for one more.
    fn add(&mut self) {
        self.0.get_or_insert_default();
        if let Some(mut state) = self.state() {
            state.outcomes.push(None);
            state.waiting += 1;
        }
    }

    pub(super) fn page_head(&self) -> PageHead {
        if let Some(mut state) = self.state() {
            state.readers += 1;
        }
        PageHead(self.clone())
    }

    /// Waits for all of them.
    pub(super) fn poll_all(&self, cx: &Context<'_>) -> Poll<()> {
        self.poll(cx, (), |state| (state.waiting == 0).then_some(()))
    }

    /// Waits for one of them.
    fn poll_one(&self, id: HeadId, cx: &Context<'_>) -> Poll<Result<()>> {
        self.poll(cx, Ok(()), |state| {
            let outcome = state.outcomes.get(id.0).and_then(Option::as_ref)?;
            Some(outcome.as_ref().map(drop).map_err(Error::clone))
        })
    }

    /// Waits for what `look` finds; `absent` where there are no heads.
    fn poll<T>(
        &self,
        cx: &Context<'_>,
        absent: T,
        look: impl FnOnce(&State) -> Option<T>,
    ) -> Poll<T> {
        let Some(mut state) = self.state() else {
            return Poll::Ready(absent);
        };
        let found = look(&state);
        if found.is_none() && !state.wakers.iter().any(|known| known.will_wake(cx.waker())) {
            state.wakers.push(cx.waker().clone());
        }
        found.map_or(Poll::Pending, Poll::Ready)
    }

    fn is_known(&self, id: usize) -> bool {
        let state = self.state();
        state.is_some_and(|state| state.outcomes.get(id).is_some_and(Option::is_some))
    }

    /// The content of one was dropped: nobody waits for it any more, and it has not failed.
    fn abandon(&self, id: HeadId) {
        let Some(mut state) = self.state() else {
            return;
        };
        match state.outcomes.get(id.0) {
            Some(Some(Ok(_))) | None => {}
            Some(Some(Err(_))) => state.outcomes[id.0] = Some(Ok(Head::new())),
            Some(None) => {
                state.outcomes[id.0] = Some(Ok(Head::new()));
                state.waiting -= 1;
                let wakers = std::mem::take(&mut state.wakers);
                drop(state);
                wakers.into_iter().for_each(Waker::wake);
            }
        }
    }

    /// Whether a layout waits for them.
    pub(super) fn are_awaited(&self) -> bool {
        let state = self.state();
        state.is_some_and(|state| state.is_awaited && state.waiting > 0)
    }

    /// Whether one has failed.
    pub(super) fn any_failed(&self) -> bool {
        let state = self.state();
        state.is_some_and(|state| state.outcomes.iter().flatten().any(Result::is_err))
    }

    /// The heads above the first that failed.
    fn merged(&self) -> Head {
        let mut merged = Head::new();
        let Some(mut state) = self.state() else {
            return merged;
        };
        // Nearly always one layout asks, and nothing is copied.
        let is_last = state.readers == 1;
        for outcome in state.outcomes.iter_mut().flatten() {
            match outcome {
                Ok(head) if is_last => merged.merge(std::mem::take(head)),
                Ok(head) => merged.merge(head.clone()),
                Err(_) => break,
            }
        }
        merged
    }

    /// One of them is known. Wakes who waits for it in other tasks than this one.
    fn resolve(&self, id: usize, outcome: Result<Head>, cx: &Context<'_>) {
        let Some(mut state) = self.state() else {
            return;
        };
        state.outcomes[id] = Some(outcome);
        state.waiting -= 1;
        let wakers = std::mem::take(&mut state.wakers);
        drop(state);
        let others = wakers
            .into_iter()
            .filter(|waker| !waker.will_wake(cx.waker()));
        others.for_each(Waker::wake);
    }

    fn state(&self) -> Option<MutexGuard<'_, State>> {
        let state = self.0.as_ref()?;
        Some(state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Content that fails when its head does.
#[pin_project]
pub(super) struct Headed<C> {
    /// `None` when it is complete.
    #[pin]
    content: Option<C>,
    /// What it completed with, while its head is awaited.
    outcome: Option<Result<Segment>>,
    gate: Gate,
}

/// Waits for the head of content. Dropped before that, it drops the head, too.
struct Gate {
    head: HeadId,
    heads: Heads,
    is_open: bool,
}

impl Gate {
    fn poll(&mut self, cx: &Context<'_>) -> Poll<Result<()>> {
        let head = self.heads.poll_one(self.head, cx);
        self.is_open |= head.is_ready();
        head
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        if !self.is_open {
            self.heads.abandon(self.head);
        }
    }
}

impl<C> Headed<C> {
    pub(super) fn new(head: HeadId, heads: Heads, content: C) -> Self {
        Self {
            content: Some(content),
            outcome: None,
            gate: Gate {
                head,
                heads,
                is_open: false,
            },
        }
    }
}

impl<C: Content> Future for Headed<C> {
    type Output = Result<Segment>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Segment>> {
        let mut this = self.project();
        let head = this.gate.poll(cx);
        if let Poll::Ready(Err(error)) = head {
            this.content.set(None);
            return Poll::Ready(Err(error));
        }
        if let Some(content) = this.content.as_mut().as_pin_mut() {
            *this.outcome = Some(ready!(content.poll(cx)));
            this.content.set(None);
        }
        match this.outcome.take() {
            Some(outcome) if head.is_ready() => Poll::Ready(outcome),
            outcome => {
                *this.outcome = outcome;
                Poll::Pending
            }
        }
    }
}

pub(super) type HeadFuture = Pin<Box<dyn Future<Output = Result<Head>> + Send>>;

/// The heads of a page, running.
#[derive(Default)]
pub(super) struct HeadFutures {
    /// Whether one that fails counts as one without title and tags.
    forgiving: bool,
    futures: SmallVec<[Option<HeadFuture>; FEW]>,
}

impl HeadFutures {
    pub(super) fn forgiving() -> Self {
        Self {
            forgiving: true,
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, heads: &mut Heads, head: HeadFuture) -> HeadId {
        heads.add();
        self.futures.push(Some(head));
        HeadId(self.futures.len() - 1)
    }

    /// Polls those that are not known yet. Ready when all are.
    pub(super) fn poll(&mut self, heads: &Heads, cx: &mut Context<'_>) -> Poll<()> {
        for (id, place) in self.futures.iter_mut().enumerate() {
            let Some(future) = place else {
                continue;
            };
            // What it belongs to was dropped.
            if heads.is_known(id) {
                *place = None;
                continue;
            }
            let polled = panic::catch(|| future.as_mut().poll(cx));
            let polled = polled.unwrap_or_else(|panic| Poll::Ready(Err(panic)));
            if let Poll::Ready(outcome) = polled {
                let outcome = outcome.or_else(|error| match self.forgiving {
                    true => Ok(Head::new()),
                    false => Err(error),
                });
                *place = None;
                heads.resolve(id, outcome, cx);
            }
        }
        heads.poll_all(cx)
    }
}
