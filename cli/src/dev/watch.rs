//! Waits for sources to change: events of the system, a moment of quiet, then a comparison.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
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
    let mut watch = Watch::new(&events, sources.borrow_and_update().clone())?;
    watch.compare();
    let (changes, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        let learned = tokio::task::spawn_blocking(move || {
            watch.snapshot.learn();
            watch
        });
        let Ok(mut watch) = learned.await else {
            return;
        };
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
                watch.snapshot.learn();
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

/// What was removed or moved since it was last taken. What is watched below has then lost its
/// watch, though a folder of the same name may be back before anyone has looked.
#[derive(Clone, Default)]
struct Removed(Arc<Mutex<BTreeSet<PathBuf>>>);

impl Removed {
    fn note(&self, event: &notify::Result<Event>) {
        let gone = match event {
            Ok(event) if !event.need_rescan() => match event.kind {
                EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)) => {
                    event.paths.clone()
                }
                _ => return,
            },
            // Events were lost, so it may be any folder.
            _ => vec![PathBuf::from("/")],
        };
        let mut removed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        removed.extend(gone);
    }

    fn take(&self) -> BTreeSet<PathBuf> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn watcher(events: &Arc<Notify>, removed: &Removed) -> Result<RecommendedWatcher> {
    let (events, removed) = (events.clone(), removed.clone());
    let told = move |event: notify::Result<Event>| {
        removed.note(&event);
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
    watcher: Box<dyn Watcher + Send>,
    watched: BTreeSet<PathBuf>,
    /// What was said of folders that cannot be watched: once, not with each change.
    said: Option<String>,
    removed: Removed,
    snapshot: Snapshot,
    sources: Sources,
}

impl Watch {
    fn new(events: &Arc<Notify>, sources: Sources) -> Result<Self> {
        let removed = Removed::default();
        Ok(Self {
            watcher: Box::new(watcher(events, &removed)?),
            watched: BTreeSet::new(),
            said: None,
            removed,
            snapshot: Snapshot::default(),
            sources,
        })
    }

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
        let removed = self.removed.take();
        let folders = &self.snapshot.folders;
        let lost = |folder: &Path| folder.ancestors().any(|it| removed.contains(it));
        let (kept, gone): (BTreeSet<_>, BTreeSet<_>) = std::mem::take(&mut self.watched)
            .into_iter()
            .partition(|folder| folders.contains(folder) && !lost(folder));
        for folder in gone {
            // It may have ended with its folder.
            let _ = self.watcher.unwatch(&folder);
        }
        self.watched = kept;
        let mut paths = self.watcher.paths_mut();
        let (mut new, mut refused) = (Vec::new(), Vec::new());
        for folder in folders.difference(&self.watched) {
            match paths.add(folder, RecursiveMode::NonRecursive) {
                Ok(()) => new.push(folder.clone()),
                // One that has gone since is none.
                Err(error) if matches!(error.kind, ErrorKind::PathNotFound) => {}
                Err(error) => refused.push(error),
            }
        }
        refused.extend(paths.commit().err());
        let said = unseen(&refused);
        if said != self.said {
            said.iter().for_each(crate::terminal::error);
        }
        self.said = said;
        let any = !new.is_empty();
        self.watched.extend(new);
        any
    }
}

/// What to tell of folders that cannot be watched, if there are any.
fn unseen(refused: &[notify::Error]) -> Option<String> {
    let first = refused.first()?;
    let help = match first.kind {
        ErrorKind::MaxFilesWatch => "; raise fs.inotify.max_user_watches with sysctl",
        _ => "",
    };
    let folders = match refused.len() {
        1 => "a folder".to_owned(),
        many => format!("{many} folders"),
    };
    Some(format!("changes in {folders} are not seen: {first}{help}"))
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
    use std::fs;

    use notify::event::Flag;

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

    /// `git stash` and `git stash pop` do so, and the name of the folder is the same before and
    /// after; but what was watched is the folder that is gone.
    #[tokio::test]
    async fn a_folder_that_is_gone_and_back_at_once_is_watched() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let app = root.join("app");
        let page = app.join("rivers/page.rs");
        let write = |text: &str| {
            fs::create_dir_all(page.parent().unwrap()).unwrap();
            fs::write(&page, text).unwrap();
        };
        write("first");
        let (_sources, sources) = watch::channel(sources(&root));
        let mut changes = watch(sources).unwrap();
        let ways: [&dyn Fn(); 2] = [
            &|| fs::remove_dir_all(&app).unwrap(),
            // Its folders live on then, under another name.
            &|| fs::rename(&app, root.join("old")).unwrap(),
        ];
        for (nth, take_away) in ways.into_iter().enumerate() {
            take_away();
            write("the same");
            seen(&mut changes, &page).await;
            write(&format!("edit {nth}"));
            seen(&mut changes, &page).await;
        }
    }

    #[tokio::test]
    async fn after_events_were_lost_every_folder_is_watched_anew() {
        let folder = tempfile::tempdir().unwrap();
        let mut watch = Watch::new(&Arc::default(), sources(folder.path())).unwrap();
        watch.compare();
        assert!(!watch.follow(), "it has watched what is there");
        let lost = Event::new(EventKind::Other).set_flag(Flag::Rescan);
        watch.removed.note(&Ok(lost));
        assert!(watch.follow(), "it trusts watches that may be gone");
        assert!(!watch.follow(), "it has done so");
    }

    /// A system that watches one folder more.
    #[derive(Debug)]
    struct Full(bool);

    impl Watcher for Full {
        fn new<F: notify::EventHandler>(_: F, _: notify::Config) -> notify::Result<Self> {
            Ok(Self(false))
        }

        fn watch(&mut self, folder: &Path, _: RecursiveMode) -> notify::Result<()> {
            match std::mem::replace(&mut self.0, true) {
                false => Ok(()),
                true => Err(notify::Error::new(ErrorKind::MaxFilesWatch).add_path(folder.into())),
            }
        }

        fn unwatch(&mut self, _: &Path) -> notify::Result<()> {
            Ok(())
        }

        fn kind() -> notify::WatcherKind {
            notify::WatcherKind::NullWatcher
        }
    }

    #[tokio::test]
    async fn folders_that_the_system_does_not_watch_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let app = root.join("app/rivers");
        fs::create_dir_all(&app).unwrap();
        let mut watch = Watch::new(&Arc::default(), sources(&root)).unwrap();
        watch.watcher = Box::new(Full(false));
        watch.compare();
        let said = watch.said.as_deref().unwrap();
        assert!(
            said.starts_with("changes in 2 folders are not seen: "),
            "{said}"
        );
        assert!(said.contains(root.join("app").to_str().unwrap()), "{said}");
        assert!(said.contains("fs.inotify.max_user_watches"), "{said}");
        // One that has gone is not missed.
        fs::remove_dir_all(root.join("app")).unwrap();
        watch.compare();
        assert_eq!(watch.said, None);
    }

    fn sources(folder: &Path) -> Sources {
        Sources {
            folders: [folder.to_owned()].into(),
            files: BTreeSet::new(),
        }
    }

    async fn seen(changes: &mut mpsc::Receiver<BTreeSet<PathBuf>>, file: &Path) {
        let seen = async { while !changes.recv().await.unwrap().contains(file) {} };
        let long = Duration::from_secs(60);
        tokio::time::timeout(long, seen).await.expect("a change");
    }
}
