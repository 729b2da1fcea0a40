//! Remembers when the parts of one response were done, for the last line of the page.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// The timeline of one response. Clones share it.
#[derive(Clone, Debug)]
pub(super) struct Timeline {
    started: Instant,
    times: Arc<watch::Sender<Times>>,
}

/// What a finished timeline says.
#[derive(Clone, Debug, Default)]
pub(super) struct Times {
    /// When the shell was done.
    pub(super) shell: Option<Duration>,
    /// How many parts were done.
    pub(super) parts: usize,
    /// The part that was done last, and when.
    pub(super) last: (&'static str, Duration),
    running: usize,
}

impl Timeline {
    /// Starts the clock.
    pub(super) fn start() -> Self {
        Self {
            started: Instant::now(),
            times: Arc::default(),
        }
    }

    /// The shell is done.
    pub(super) fn shell_done(&self) {
        let elapsed = self.started.elapsed();
        self.times.send_modify(|times| times.shell = Some(elapsed));
    }

    /// Counts `future` as a part: from now until it ends or is dropped.
    pub(super) fn track<F: Future>(
        &self,
        name: &'static str,
        future: F,
    ) -> impl Future<Output = F::Output> + use<F> {
        self.times.send_modify(|times| times.running += 1);
        let part = Part {
            name,
            timeline: self.clone(),
        };
        async move {
            let _part = part;
            future.await
        }
    }

    /// Waits until the shell and all parts are done, those included that parts added.
    pub(super) async fn finished(&self) -> Times {
        let done = |times: &Times| times.shell.is_some() && times.running == 0;
        match self.times.subscribe().wait_for(done).await {
            Ok(times) => times.clone(),
            // Only without a sender, and this timeline holds one.
            Err(_) => Times::default(),
        }
    }
}

struct Part {
    name: &'static str,
    timeline: Timeline,
}

impl Drop for Part {
    fn drop(&mut self) {
        let elapsed = self.timeline.started.elapsed();
        self.timeline.times.send_modify(|times| {
            times.running -= 1;
            times.parts += 1;
            times.last = (self.name, elapsed);
        });
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn a_timeline_is_finished_after_its_shell_and_its_last_part() {
        let timeline = Timeline::start();
        let outer = timeline.track("outer", ready(()));
        let inner = timeline.track("inner", ready(()));
        assert!(!is_finished(&timeline));
        timeline.shell_done();
        outer.await;
        assert!(!is_finished(&timeline));
        inner.await;
        let times = timeline.finished().await;
        assert_eq!((times.parts, times.last.0), (2, "inner"));
        assert!(times.shell.unwrap() <= times.last.1);
    }

    #[tokio::test]
    async fn a_part_that_is_dropped_does_not_keep_others_waiting() {
        let timeline = Timeline::start();
        timeline.shell_done();
        drop(timeline.track("dropped", pending::<()>()));
        assert_eq!(timeline.finished().await.parts, 1);
    }

    fn is_finished(timeline: &Timeline) -> bool {
        let mut finished = Box::pin(timeline.finished());
        futures_util::FutureExt::now_or_never(finished.as_mut()).is_some()
    }
}
