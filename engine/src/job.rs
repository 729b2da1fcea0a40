//! One component in the scheduler: polled in its scope, its panics caught.

use std::pin::Pin;
use std::task::{Context, Poll};

use anabranch_boundaries::scope::{self, Component};
use anabranch_boundaries::{Registration, Result, panic};
use tracing::Span;

use crate::tree::Label;

/// The future of a component, without its type.
pub(crate) type ComponentFuture = Pin<Box<Registration>>;

/// A component that is running.
pub(crate) struct Job {
    /// Its identity, and how many boundaries it has rendered, from poll to poll.
    component: Component,
    future: ComponentFuture,
    /// Boxed, because it is large, and there is one only where someone listens.
    span: Option<Box<Span>>,
    /// Whether it has a task to itself, where it holds nobody up.
    spawned: bool,
    /// What a warning calls it. Nothing for the page itself.
    #[cfg(debug_assertions)]
    name: Option<String>,
}

impl Job {
    pub(crate) fn new(id: u32, future: ComponentFuture, span: Span) -> Self {
        Self {
            component: Component { id, boundaries: 0 },
            future,
            span: (!span.is_disabled()).then(|| Box::new(span)),
            spawned: false,
            #[cfg(debug_assertions)]
            name: None,
        }
    }

    /// Says what a warning in a debug build calls it.
    #[cfg_attr(not(debug_assertions), expect(unused_variables, unused_mut))]
    pub(crate) fn named(mut self, label: &Label) -> Self {
        #[cfg(debug_assertions)]
        {
            self.name = Some(label.to_string());
        }
        self
    }

    /// A job for a task of its own.
    pub(crate) fn spawned(id: u32, future: ComponentFuture) -> Self {
        Self {
            spawned: true,
            ..Self::new(id, future, Span::none())
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.component.id
    }

    /// Polls the component as the current one of the open scope. Its panic is an error.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result> {
        let watch = SlowPoll::start();
        let entered = self.span.as_ref().map(|span| span.enter());
        let outer = scope::set_component(self.component);
        let polled = panic::catch(|| self.future.as_mut().poll(cx));
        self.component = scope::set_component(outer);
        drop(entered);
        if !self.spawned {
            watch.stop(self);
        }
        polled.unwrap_or_else(|error| Poll::Ready(Err(error)))
    }
}

/// Warns in debug builds about a component that blocks its thread.
struct SlowPoll {
    #[cfg(debug_assertions)]
    since: std::time::Instant,
}

impl SlowPoll {
    /// A poll this long holds up every neighbour noticeably.
    #[cfg(debug_assertions)]
    const LIMIT: std::time::Duration = std::time::Duration::from_millis(100);

    fn start() -> Self {
        Self {
            #[cfg(debug_assertions)]
            since: std::time::Instant::now(),
        }
    }

    #[cfg_attr(not(debug_assertions), expect(unused_variables, clippy::unused_self))]
    fn stop(self, job: &Job) {
        #[cfg(debug_assertions)]
        if self.since.elapsed() > Self::LIMIT {
            let _entered = job.span.as_ref().map(|span| span.enter());
            tracing::warn!(
                boundary = job.name,
                took = ?self.since.elapsed(),
                "this component blocked its thread: mark its boundary .spawn(), or move the work \
                 to spawn_blocking"
            );
        }
    }
}
