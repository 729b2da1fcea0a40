//! What the parts of the dev server share: where the app is, and what browsers are to show.

use std::net::SocketAddr;
use std::time::Duration;

use serde::Serialize;
use tokio::net::TcpStream;
use tokio::sync::{RwLock, watch};

use super::trouble::Trouble;

/// What a browser compares its page with. Sent as a whole with each change, so that one which
/// has missed some is no worse off.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct State {
    /// Which page it would get now. Another one than it has: reload.
    pub(super) page: PageId,
    /// How often a stylesheet has changed. More often than it knows: fetch them again.
    pub(super) styles: u64,
    pub(super) trouble: Option<Trouble>,
    /// How far the first build is, until it has ended.
    pub(super) building: Option<String>,
    /// The app, if it takes no connections, and what there is to say of it.
    #[serde(skip)]
    deaf: Option<(SocketAddr, Trouble)>,
}

/// Tells what was sent before something changed from what was sent after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(super) struct PageId(String);

impl PageId {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// See the module.
#[derive(Debug)]
pub(super) struct Hub {
    /// Where the app listens, once there is one. Connections are made under the lock, so that
    /// the app which is told to stop has all of them in its queue.
    app: RwLock<Option<SocketAddr>>,
    state: watch::Sender<State>,
    /// Another one for each run of the command: pages of the last run are old.
    run: String,
    pages: std::sync::atomic::AtomicU64,
}

/// A connection to the app, and what a page that comes over it is.
#[derive(Debug)]
pub(super) struct Connected {
    pub(super) stream: TcpStream,
    pub(super) app: SocketAddr,
    pub(super) page: PageId,
    pub(super) styles: u64,
}

impl Hub {
    pub(super) fn new() -> Self {
        let now = std::time::SystemTime::now();
        let since = now
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        let hub = Self {
            app: RwLock::new(None),
            state: watch::Sender::new(State::default()),
            run: format!("{:x}", since.as_nanos()),
            pages: 0.into(),
        };
        hub.state.send_modify(|state| {
            state.page = hub.next_page();
            state.building = Some("Building…".to_owned());
        });
        hub
    }

    fn next_page(&self) -> PageId {
        let page = self
            .pages
            .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        PageId(format!("{}-{page}", self.run))
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    pub(super) fn state(&self) -> State {
        self.state.borrow().clone()
    }

    /// Sends all further requests to a new app. No connection to the old one is in the making
    /// when this returns.
    pub(super) async fn switch(&self, app: SocketAddr) {
        let mut place = self.app.write().await;
        *place = Some(app);
        self.state.send_modify(|state| {
            state.page = self.next_page();
            state.trouble = None;
            state.building = None;
            state.deaf = None;
        });
    }

    /// So many crates are built after this time. Said of the first build only: later there is an
    /// app, or what stands in its way.
    pub(super) fn progress(&self, crates: usize, took: Duration) {
        self.state.send_if_modified(|state| {
            let Some(building) = &mut state.building else {
                return false;
            };
            let many = if crates == 1 { "crate" } else { "crates" };
            *building = format!("Building… {crates} {many}, {} s", took.as_secs());
            true
        });
    }

    /// The app has ended, if it is still this one.
    pub(super) async fn lost(&self, app: SocketAddr, trouble: Trouble) {
        let mut place = self.app.write().await;
        if *place == Some(app) {
            *place = None;
            self.state.send_if_modified(|state| {
                state.deaf = None;
                // Told with the trouble.
                false
            });
            self.trouble(Some(trouble));
        }
    }

    /// The app takes no connections, if it is still this one. Browsers are told, and all others
    /// wait.
    pub(super) async fn deaf(&self, app: SocketAddr, trouble: Trouble) {
        let place = self.app.read().await;
        if *place == Some(app) {
            self.state.send_modify(|state| {
                state.trouble.get_or_insert_with(|| trouble.clone());
                state.deaf = Some((app, trouble));
            });
        }
    }

    /// The app takes connections after all, if it is still this one.
    pub(super) async fn heard(&self, app: SocketAddr) {
        let place = self.app.read().await;
        if *place == Some(app) {
            self.state.send_modify(|state| {
                let said = state.deaf.take().map(|(_, trouble)| trouble);
                // A mistake that was found meanwhile is still one.
                state
                    .trouble
                    .take_if(|trouble| Some(&*trouble) == said.as_ref());
                state.page = self.next_page();
            });
        }
    }

    /// Waits until it is known that this app takes no connections.
    pub(super) async fn until_deaf(&self, app: SocketAddr) -> Trouble {
        let mut changes = self.subscribe();
        loop {
            if let Some((deaf, trouble)) = &changes.borrow_and_update().deaf
                && *deaf == app
            {
                return trouble.clone();
            }
            if changes.changed().await.is_err() {
                return Trouble::new("The dev server ends");
            }
        }
    }

    /// Something stands in the way of a newer app, or nothing does.
    pub(super) fn trouble(&self, trouble: Option<Trouble>) {
        self.state.send_if_modified(|state| {
            let deaf = state.deaf.as_ref().map(|(_, trouble)| trouble);
            let trouble = trouble.or_else(|| deaf.cloned());
            let changed = state.trouble != trouble;
            state.trouble = trouble;
            state.building = None;
            changed
        });
    }

    /// Pages are to be reloaded, though the app is the same.
    pub(super) fn reload(&self) {
        self.state
            .send_modify(|state| state.page = self.next_page());
    }

    /// Stylesheets are to be fetched again.
    pub(super) fn restyle(&self) {
        self.state.send_modify(|state| state.styles += 1);
    }

    /// Connects to the app; as long as there is none, waits for one, or for a reason why not.
    /// Who does not wait for the first build is told of it.
    pub(super) async fn connect(&self, waits: bool) -> Result<Connected, Unconnected> {
        let mut changes = self.subscribe();
        loop {
            {
                let app = self.app.read().await;
                let state = self.state();
                if !waits && let Some((_, trouble)) = state.deaf {
                    return Err(Unconnected::Trouble(trouble));
                }
                match (*app, &state.trouble) {
                    (Some(app), _) => {
                        let stream = TcpStream::connect(app).await;
                        let stream = stream.map_err(Unconnected::Refused)?;
                        return Ok(Connected {
                            stream,
                            app,
                            page: state.page,
                            styles: state.styles,
                        });
                    }
                    (None, Some(trouble)) => {
                        return Err(Unconnected::Trouble(trouble.clone()));
                    }
                    (None, None) if !waits && state.building.is_some() => {
                        return Err(Unconnected::Building(state));
                    }
                    (None, None) => {}
                }
            }
            if changes.changed().await.is_err() {
                return Err(Unconnected::Trouble(Trouble::new("The dev server ends")));
            }
        }
    }
}

/// Why there is no connection.
#[derive(Debug)]
pub(super) enum Unconnected {
    /// By the first build. How far it is, and which page this is in place of.
    Building(State),
    Trouble(Trouble),
    Refused(std::io::Error),
}
