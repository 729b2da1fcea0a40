//! Waits for sources to change: events of the system, a moment of quiet, then a comparison.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until};

use super::snapshot::{Snapshot, Sources};
use crate::error::{Error, Result};

/// How long nothing may happen before something counts as done: editors write in several steps,
/// and a formatter runs behind a save.
const QUIET: Duration = Duration::from_millis(50);

/// How long to wait for that while something happens all the time.
const PATIENCE: Duration = Duration::from_secs(1);

/// Watches the sources. Each item is what has changed since the one before, never empty. What is in
/// folders that become sources has changed then, so nothing written meanwhile is overlooked.
///
/// It ends when the receiver is dropped.
pub(super) fn watch(
    mut sources: watch::Receiver<Sources>,
) -> Result<mpsc::Receiver<BTreeSet<PathBuf>>> {
    let events = Arc::new(Notify::new());
    let mut watch = Watch {
        watcher: watcher(&events)?,
        watched: BTreeSet::new(),
        snapshot: Snapshot::default(),
        sources: sources.borrow_and_update().clone(),
    };
    watch.compare();
    let (changes, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        while !changes.is_closed() {
            tokio::select! {
                () = events.notified() => {}
                Ok(()) = sources.changed() => watch.sources = sources.borrow_and_update().clone(),
                () = changes.closed() => return,
            }
            quiet(&events).await;
            // Reading folders takes a while, and this thread may have pages to pass on.
            let compared = tokio::task::spawn_blocking(move || {
                let changed = watch.compare();
                (watch, changed)
            });
            let Ok((back, changed)) = compared.await else {
                return;
            };
            watch = back;
            if !changed.is_empty() && changes.send(changed).await.is_err() {
                return;
            }
        }
    });
    Ok(receiver)
}

fn watcher(events: &Arc<Notify>) -> Result<RecommendedWatcher> {
    let events = events.clone();
    let told = move |event: notify::Result<Event>| {
        // An error may stand for events that were lost.
        if event.is_ok_and(|event| is_reading(&event)) {
            return;
        }
        events.notify_one();
    };
    notify::recommended_watcher(told).map_err(|error| Error::because("cannot watch files", error))
}

/// Whether nothing was changed. Comparing reads files, which must not be an event.
fn is_reading(event: &Event) -> bool {
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => false,
        EventKind::Access(_) => !event.need_rescan(),
        _ => false,
    }
}

struct Watch {
    watcher: RecommendedWatcher,
    watched: BTreeSet<PathBuf>,
    snapshot: Snapshot,
    sources: Sources,
}

impl Watch {
    /// Looks at the sources, and watches folders that are new.
    fn compare(&mut self) -> BTreeSet<PathBuf> {
        let mut changed = BTreeSet::new();
        loop {
            let now = Snapshot::take(&self.sources, &self.snapshot);
            changed.append(&mut now.changes_since(&self.snapshot));
            self.snapshot = now;
            if !self.follow() {
                return changed;
            }
            // What came into a new folder before it was watched is seen by looking again.
        }
    }

    /// Watches exactly the folders of the snapshot. Whether there was a new one.
    fn follow(&mut self) -> bool {
        let folders = &self.snapshot.folders;
        let new: Vec<_> = folders.difference(&self.watched).cloned().collect();
        let gone: Vec<_> = self.watched.difference(folders).cloned().collect();
        for folder in gone {
            // It may have ended with its folder.
            let _ = self.watcher.unwatch(&folder);
            self.watched.remove(&folder);
        }
        let mut paths = self.watcher.paths_mut();
        for folder in &new {
            // One that has gone since is none.
            let _ = paths.add(folder, RecursiveMode::NonRecursive);
        }
        if let Err(error) = paths.commit() {
            crate::terminal::error(format!("cannot watch files: {error}"));
        }
        self.watched.extend(new.iter().cloned());
        !new.is_empty()
    }
}

/// Waits until nothing happens.
async fn quiet(events: &Notify) {
    let patience = Instant::now() + PATIENCE;
    loop {
        tokio::select! {
            biased;
            () = sleep_until(patience) => return,
            () = events.notified() => {}
            () = sleep(QUIET) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_hundred_events_in_a_row_are_waited_for() {
        let events = Arc::new(Notify::new());
        let begin = Instant::now();
        let saves = tokio::spawn({
            let events = events.clone();
            async move {
                for _ in 0..50 {
                    events.notify_one();
                    sleep(Duration::from_millis(10)).await;
                }
            }
        });
        events.notified().await;
        quiet(&events).await;
        assert!(saves.is_finished(), "it has not waited for the last");
        assert!(begin.elapsed() < PATIENCE, "it has waited for too long");
    }

    #[tokio::test(start_paused = true)]
    async fn events_without_end_are_not_waited_for() {
        let events = Arc::new(Notify::new());
        let begin = Instant::now();
        let saves = tokio::spawn({
            let events = events.clone();
            async move {
                loop {
                    events.notify_one();
                    sleep(Duration::from_millis(10)).await;
                }
            }
        });
        events.notified().await;
        quiet(&events).await;
        assert_eq!(begin.elapsed(), PATIENCE);
        saves.abort();
    }
}
