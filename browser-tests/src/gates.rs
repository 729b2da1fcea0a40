//! Named gates: what the app under test waits for, and the test opens.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::post;
use tokio::sync::watch;

/// A registry of named gates, shared between the app and the test. Clones are the same registry.
///
/// A gate exists from the first mention of its name, is shut until it is opened, and stays open.
#[derive(Clone, Debug, Default)]
pub struct Gates {
    // std's Mutex, because nothing is awaited while it is held.
    gates: Arc<Mutex<HashMap<String, watch::Sender<bool>>>>,
}

impl Gates {
    /// An empty registry.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits until the gate is open.
    pub async fn wait(&self, name: &str) {
        let mut gate = self.gate(name).subscribe();
        // The registry owns the sender, so the wait can only end by the gate.
        let _ = gate.wait_for(|open| *open).await;
    }

    /// Opens the gate, whether or not anybody waits at it yet.
    pub fn open(&self, name: &str) {
        self.gate(name).send_replace(true);
    }

    /// How many futures wait at the gate. It falls when they are cancelled.
    #[must_use]
    pub fn waiting(&self, name: &str) -> usize {
        self.gate(name).receiver_count()
    }

    /// `POST /gates/{name}` opens a gate, for those who see the app only through HTTP.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let gates = self.clone();
        let open = move |Path(name): Path<String>| async move {
            gates.open(&name);
            StatusCode::NO_CONTENT
        };
        Router::new().route("/gates/{name}", post(open))
    }

    fn gate(&self, name: &str) -> watch::Sender<bool> {
        let mut gates = self.lock();
        gates.entry(name.to_owned()).or_default().clone()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, watch::Sender<bool>>> {
        self.gates.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
