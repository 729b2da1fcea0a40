//! The document, from the app itself.

use std::ffi::OsString;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, HOST};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::dev::build::Binary;
use crate::dev::process::{self, App};
use crate::error::{Error, Result};

/// An app that does not answer in this time never will.
const LONGEST: Duration = Duration::from_secs(60);

/// How long the app may take to stop.
const PATIENCE: Duration = Duration::from_secs(5);

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Starts the app, asks it for the document at a path, and stops it.
pub(super) async fn ask(app: &Binary, arguments: &[OsString], path: &str) -> Result<Vec<u8>> {
    let failed = |error| Error::because("cannot start the app", error);
    let socket = process::socket().await.map_err(failed)?;
    let address = socket.local_addr().map_err(failed)?;
    let socket = socket.into_std().map_err(failed)?;
    let mut app = App::start(app, arguments, address, socket).map_err(failed)?;
    let answered = tokio::select! {
        answered = timeout(LONGEST, get(address, path)) => answered,
        ended = app.ended() => {
            let status = ended.map_err(failed)?;
            // They are shown by then.
            app.last_words().await;
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
        StatusCode::NOT_FOUND => Err(Error::new(recipe(path))),
        status => Err(Error::new(format!("the app answers {status} at {path}"))),
    }
}

/// How an app comes to have its document.
fn recipe(path: &str) -> String {
    format!(
        r#"the app has no {path}. It takes three steps to describe its handlers:

In Cargo.toml, the feature `openapi`, and the crate whose derive `ToSchema` the types need that
are sent or received:

    anabranch = {{ …, features = ["openapi"] }}
    utoipa = {{ version = "6", default-features = false, features = ["macros"] }}

In build.rs, the folder of the handlers, here `app/api`:

    anabranch_build::App::new().openapi("api").generate();

In app{path}/route.rs, the document:

    use anabranch::openapi::Document;

    pub async fn get() -> Document {{
        crate::app::openapi()
    }}

If the app serves it elsewhere, say where with --path"#
    )
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recipe_is_that_of_the_guide() {
        let guide = include_str!("../../../docs/client.md");
        let recipe = recipe("/openapi.json");
        for part in [
            r#"features = ["openapi"] }"#,
            r#"utoipa = { version = "6", default-features = false, features = ["macros"] }"#,
            r#"anabranch_build::App::new().openapi("api").generate();"#,
            "app/openapi.json/route.rs",
            "use anabranch::openapi::Document;",
            "pub async fn get() -> Document {",
        ] {
            assert!(recipe.contains(part), "{part} is not in {recipe}");
            assert!(guide.contains(part), "{part} is not in the guide");
        }
    }
}
