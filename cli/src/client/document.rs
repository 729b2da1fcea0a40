//! The document, from the app itself.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, HOST};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::dev::process::{self, App};
use crate::error::{Error, Result};

/// An app that does not answer in this time never will.
const LONGEST: Duration = Duration::from_secs(60);

/// How long the app may take to stop.
const PATIENCE: Duration = Duration::from_secs(5);

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Starts the app, asks it for the document at a path, and stops it.
pub(super) async fn ask(executable: &Path, arguments: &[OsString], path: &str) -> Result<Vec<u8>> {
    let failed = |error| Error::because("cannot start the app", error);
    let socket = process::socket().await.map_err(failed)?;
    let address = socket.local_addr().map_err(failed)?;
    let socket = socket.into_std().map_err(failed)?;
    let mut app = App::start(executable, arguments, address, socket).map_err(failed)?;
    let answered = tokio::select! {
        answered = timeout(LONGEST, get(address, path)) => answered,
        ended = app.ended() => {
            let status = ended.map_err(failed)?;
            return Err(Error::new(format!(
                "the app has ended ({status}) before it was asked for {path}"
            )));
        }
    };
    app.stop(PATIENCE).await;
    let over = |_| {
        let hint = "it takes its socket with `anabranch::listen`, as in the README of a new app";
        Error::new(format!("the app does not answer: {hint}"))
    };
    let (status, body) = answered
        .map_err(over)?
        .map_err(|error| Error::because(format!("cannot ask the app for {path}"), error))?;
    match status {
        StatusCode::OK => Ok(body.into()),
        StatusCode::NOT_FOUND => Err(Error::new(format!(
            "the app has no {path}: serve the document by a file `app{path}/route.rs`,\n\n    \
             use anabranch::openapi::Document;\n\n    \
             pub async fn get() -> Document {{\n        crate::app::openapi()\n    }}\n\n\
             or say where it is with --path"
        ))),
        status => Err(Error::new(format!("the app answers {status} at {path}"))),
    }
}

async fn get(
    address: std::net::SocketAddr,
    path: &str,
) -> std::result::Result<(StatusCode, Bytes), Cause> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let request = Request::get(path)
        .header(HOST, "localhost")
        .header(ACCEPT, "application/json")
        .body(Empty::<Bytes>::new())?;
    let response = sender.send_request(request).await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    connection.abort();
    Ok((status, body))
}
