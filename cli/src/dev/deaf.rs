//! Notices an app that takes no connections from the socket it was given: one that opens a socket
//! of its own runs and is well, and whoever asks for a page would wait for ever.

use std::fs;
use std::net::{SocketAddr, SocketAddrV4};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::hub::Hub;
use super::trouble::Trouble;
use crate::terminal;

/// How long an app may take from its start until it accepts, before anything is said.
const PATIENCE: Duration = Duration::from_secs(3);

/// How often to look: nothing tells when a connection is taken.
const PAUSE: Duration = Duration::from_millis(100);

/// Watches an app that has just been started until it takes connections.
pub(super) async fn watch(app: SocketAddr, hub: Arc<Hub>) {
    // Nothing is sent over it, so the app has nothing to answer.
    let Ok(connection) = TcpStream::connect(app).await else {
        return;
    };
    if timeout(PATIENCE, taken(&connection)).await.is_ok() {
        return;
    }
    let seconds = PATIENCE.as_secs();
    let title = format!("The app has taken no connection for {seconds} seconds");
    let help = "An app that opens a socket of its own is never asked for a page: let it call \
                anabranch::listen, which takes the one it is given.";
    terminal::warning(format!("{title}. {help}"));
    let trouble = Trouble::new(title).item(None, help).item(
        None,
        "If it is still starting, its page comes when it is ready.",
    );
    hub.deaf(app, trouble).await;
    taken(&connection).await;
    hub.heard(app).await;
}

async fn taken(connection: &TcpStream) {
    while waits(connection) {
        sleep(PAUSE).await;
    }
}

/// Whether a connection is known to be in the queue of its listener.
fn waits(connection: &TcpStream) -> bool {
    let ends = (connection.peer_addr(), connection.local_addr());
    let (Ok(SocketAddr::V4(app)), Ok(SocketAddr::V4(own))) = ends else {
        return false;
    };
    // Of Linux; elsewhere nothing is known.
    let table = fs::read_to_string("/proc/net/tcp");
    table.is_ok_and(|table| is_queued(&table, app, own))
}

/// Whether a table of connections has this one as established and of no process.
fn is_queued(table: &str, app: SocketAddrV4, own: SocketAddrV4) -> bool {
    // The columns `local_address`, `rem_address`, `st`, `inode`.
    let (local, remote) = (in_table(app), in_table(own));
    table.lines().any(|line| {
        let columns: Vec<_> = line.split_whitespace().collect();
        columns.get(1..4) == Some(&[&*local, &*remote, "01"]) && columns.get(9) == Some(&"0")
    })
}

fn in_table(address: SocketAddrV4) -> String {
    let ip = u32::from_ne_bytes(address.ip().octets());
    format!("{ip:08X}:{:04X}", address.port())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::TcpListener;

    use super::*;

    /// An app that has been started and has taken no connection, and who knows of it.
    async fn started() -> (TcpListener, SocketAddr, Arc<Hub>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a socket");
        let app = listener.local_addr().expect("its address");
        let hub = Arc::new(Hub::new());
        hub.switch(app).await;
        (listener, app, hub)
    }

    #[tokio::test(start_paused = true)]
    async fn an_app_that_leaves_connections_waiting_is_deaf_until_it_takes_them() {
        let (listener, app, hub) = started().await;
        let before = hub.state().page;
        let mut states = hub.subscribe();
        let watching = tokio::spawn(watch(app, hub.clone()));

        let state = states.wait_for(|state| state.trouble.is_some()).await;
        let trouble = state.unwrap().trouble.clone().unwrap();
        assert!(trouble.text().contains("anabranch::listen"), "{trouble:?}");
        assert!(hub.connect(false).await.is_err(), "a browser is told");
        assert!(hub.connect(true).await.is_ok(), "a form waits");
        // A build that is as it was before mends nothing.
        hub.trouble(None);
        assert_eq!(hub.state().trouble, Some(trouble));

        let _taken = listener.accept().unwrap();
        watching.await.unwrap();
        assert_eq!(hub.state().trouble, None);
        assert_ne!(hub.state().page, before, "pages reload");
        assert!(hub.connect(false).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_said_of_an_app_that_takes_connections() {
        let (listener, app, hub) = started().await;
        let page = hub.state().page;
        let accepted = tokio::task::spawn_blocking(move || listener.accept().unwrap());
        watch(app, hub.clone()).await;
        assert_eq!(hub.state().trouble, None);
        assert_eq!(hub.state().page, page);
        drop(accepted.await.unwrap());
    }
}
