//! Commands and events of WebDriver BiDi over one WebSocket, which all tabs share.

use std::collections::HashMap;
use std::fmt;
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tungstenite::protocol::Role;
use tungstenite::{Message, WebSocket};

use crate::{Error, Result};

/// How long the browser may take to answer. It only guards against hanging.
const ANSWER: Duration = Duration::from_secs(120);

/// A session. Many threads may call it at the same time.
pub(super) struct Connection {
    // A second handle of the socket, so that a thread can read while another one writes.
    write: Mutex<WebSocket<TcpStream>>,
    incoming: Arc<Incoming>,
    calls: AtomicU64,
}

/// What the reading thread hands over.
#[derive(Debug, Default)]
struct Incoming {
    replies: Mutex<HashMap<u64, Sender<Value>>>,
    /// What the browser logged, by the tab it belongs to.
    logs: Mutex<HashMap<String, Vec<String>>>,
}

impl Connection {
    /// Turns a fresh connection into a WebSocket and starts to read from it.
    pub(super) fn start(url: &str, stream: TcpStream) -> Result<Self> {
        let second = stream
            .try_clone()
            .map_err(|error| Error::because("cannot share a socket", error))?;
        let (read, _) = tungstenite::client(url, stream)
            .map_err(|error| Error::new(format!("no WebSocket: {error}")))?;
        let incoming = Arc::new(Incoming::default());
        let reader = Arc::clone(&incoming);
        thread::spawn(move || reader.read_all(read));
        Ok(Self {
            write: Mutex::new(WebSocket::from_raw_socket(second, Role::Client, None)),
            incoming,
            calls: AtomicU64::new(1),
        })
    }

    /// The result of a command.
    pub(super) fn call(&self, method: &str, params: &Value) -> Result<Value> {
        let cannot = |why: String| Error::because(format!("{method} fails"), why);
        let id = self.calls.fetch_add(1, Ordering::Relaxed);
        let (send, receive) = mpsc::channel();
        lock(&self.incoming.replies).insert(id, send);
        let command = json!({ "id": id, "method": method, "params": params });
        lock(&self.write)
            .send(Message::text(command.to_string()))
            .map_err(|error| cannot(error.to_string()))?;
        let mut reply = receive
            .recv_timeout(ANSWER)
            .map_err(|error| cannot(error.to_string()))?;
        match reply["error"].as_str() {
            None => Ok(reply["result"].take()),
            Some(error) => Err(cannot(format!("{error}: {}", reply["message"]))),
        }
    }

    /// What the browser logged as a problem in this tab so far.
    pub(super) fn log(&self, context: &str) -> Vec<String> {
        let logs = lock(&self.incoming.logs);
        logs.get(context).cloned().unwrap_or_default()
    }

    /// Forgets what belongs to a tab that is gone.
    pub(super) fn forget(&self, context: &str) {
        lock(&self.incoming.logs).remove(context);
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}

impl Incoming {
    /// Reads until the browser has gone. Whoever still waits then sees its sender dropped.
    fn read_all(&self, mut socket: WebSocket<TcpStream>) {
        while let Ok(message) = socket.read() {
            if let Message::Text(text) = message
                && let Ok(message) = serde_json::from_str(&text)
            {
                self.take(message);
            }
        }
        lock(&self.replies).clear();
    }

    fn take(&self, message: Value) {
        if let Some(id) = message["id"].as_u64() {
            if let Some(reply) = lock(&self.replies).remove(&id) {
                // Whoever has given up does not listen any more.
                let _ = reply.send(message);
            }
        } else if message["method"] == "log.entryAdded" {
            self.log(&message["params"]);
        }
    }

    fn log(&self, entry: &Value) {
        let context = entry["source"]["context"].as_str();
        if entry["level"] == "error"
            && let Some(context) = context
        {
            let text = entry["text"].as_str().unwrap_or_default().to_owned();
            let mut logs = lock(&self.logs);
            logs.entry(context.to_owned()).or_default().push(text);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
