//! The app under attack: every convention of an `app/` folder, with files in `public/`, behind a
//! server with its defaults.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anabranch::Public;
use axum::Router;
use fixture_app::{Fixture, app};
use tempfile::TempDir;

use crate::client::{Client, Reply};
use crate::local::Local;
use crate::row::failed;
use crate::{Tried, check};

/// The app, its files, and a server for it.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) address: SocketAddr,
    /// What the app counts.
    pub(super) fixture: Fixture,
    /// It holds the folder `public`, and what stands beside it.
    place: TempDir,
    _server: Local,
}

impl Site {
    /// The app with these files, by their paths beside the folder `public`.
    pub(super) async fn start(files: &[(&str, &str)]) -> Tried<Self> {
        Self::with(files, |app| app).await
    }

    /// The same, with what `change` adds to its router.
    pub(super) async fn with(
        files: &[(&str, &str)],
        change: impl FnOnce(Router) -> Router,
    ) -> Tried<Self> {
        let place = TempDir::new().map_err(failed)?;
        let fixture = Fixture::default();
        let public = Public::folder(place.path().join("public"), place.path());
        let router = app::routes().public(public).into_router();
        let server = Local::start(change(router.with_state(fixture.clone()))).await?;
        let site = Self {
            address: server.address,
            fixture,
            place,
            _server: server,
        };
        for (path, text) in files {
            site.write(path, text.as_bytes())?;
        }
        Ok(site)
    }

    /// A path in the folder that holds `public`.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.place.path().join(path)
    }

    fn write(&self, path: &str, bytes: &[u8]) -> Tried {
        let file = self.path(path);
        let folder = file.parent().unwrap_or(Path::new("/"));
        fs::create_dir_all(folder).map_err(failed)?;
        fs::write(file, bytes).map_err(failed)
    }
}

/// Sends many requests on one connection, one after the other, and opens another whenever the
/// server has closed it.
#[derive(Debug)]
pub(super) struct Caller {
    server: SocketAddr,
    client: Option<Client>,
}

impl Caller {
    pub(super) fn new(site: &Site) -> Self {
        Self::to(site.address)
    }

    /// For another server.
    pub(super) fn to(server: SocketAddr) -> Self {
        let client = None;
        Self { server, client }
    }

    /// Sends a request without a body, and reads what comes back.
    pub(super) async fn ask(&mut self, method: &str, target: &str, fields: &str) -> Tried<Reply> {
        let fields = format!("host: localhost\r\n{fields}");
        self.send(method, target, &fields, "").await
    }

    /// Sends a request to this host.
    pub(super) async fn ask_host(
        &mut self,
        host: &str,
        method: &str,
        target: &str,
    ) -> Tried<Reply> {
        self.send(method, target, &format!("host: {host}\r\n"), "")
            .await
    }

    /// Sends a request with these fields and this body.
    pub(super) async fn send(
        &mut self,
        method: &str,
        target: &str,
        fields: &str,
        body: &str,
    ) -> Tried<Reply> {
        let mut client = match self.client.take() {
            Some(client) => client,
            None => Client::open(self.server).await?,
        };
        let length = body.len();
        let head = format!("{method} {target} HTTP/1.1\r\n{fields}content-length: {length}\r\n");
        client.send(format!("{head}\r\n{body}")).await?;
        let reply = client.reply().await;
        let reply = reply.map_err(|failure| format!("{method} {target}: {failure}"))?;
        check!(
            reply.is_complete(),
            "{method} {target}: the response is cut"
        );
        if reply.head.header("connection") != Some("close") {
            self.client = Some(client);
        }
        Ok(reply)
    }
}
