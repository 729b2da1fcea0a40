//! F7: a body that truly cannot go on does not look complete, in any protocol.

use std::io;

use anabranch::Error;
use anabranch::prelude::{Result, page};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::get;
use futures_util::{StreamExt as _, stream};

use crate::client::{Client, End, Ending};
use crate::http2::{Http2, read_all};
use crate::local::Local;
use crate::row::failed;
use crate::{Form, Outcome, check};

fn app() -> Router {
    Router::new()
        .route("/later", get(async || later()))
        .route(
            "/same",
            get(async || Body::from_stream(stream::iter(parts()))),
        )
        .route(
            "/first",
            get(async || Body::from_stream(stream::iter(parts().into_iter().skip(1)))),
        )
        .route(
            "/page",
            get(page(async || -> Result { Err(Error::msg("broken")) })),
        )
}

fn parts() -> [io::Result<Bytes>; 2] {
    [
        Ok("a part of it".repeat(100).into()),
        Err(io::Error::other("broken")),
    ]
}

/// Breaks after the first part has been sent.
fn later() -> Body {
    let parts = stream::iter(parts()).then(|part| async {
        if part.is_err() {
            tokio::time::sleep(anabranch::millis(20)).await;
        }
        part
    });
    Body::from_stream(parts)
}

pub(super) async fn run(_: Form) -> Outcome {
    let local = Local::start(app()).await?;
    for path in ["/later", "/same"] {
        for (more, what) in [
            ("HTTP/1.1\r\nhost: localhost\r\n", "HTTP/1.1"),
            (
                "HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n",
                "HTTP/1.1 with close",
            ),
            (
                "HTTP/1.1\r\nhost: localhost\r\naccept-encoding: gzip\r\n",
                "HTTP/1.1 with gzip",
            ),
            ("HTTP/1.0\r\n", "HTTP/1.0"),
        ] {
            let request = format!("GET {path} {more}\r\n");
            let ending = match Client::exchange(local.address, request).await {
                Ok(reply) if reply.status() == 500 => continue,
                Ok(reply) => reply.ending,
                // Nothing at all came, not even a head.
                Err(_) => Ending::Cut(End::Reset),
            };
            let cut = matches!(ending, Ending::Cut(_));
            check!(cut, "{path}, {what}: {ending:?}, which looks complete");
            let reset = ending == Ending::Cut(End::Reset);
            check!(
                what != "HTTP/1.0" || reset,
                "{path}, {what}: {ending:?}, not a reset"
            );
        }
        let mut client = Http2::open(local.address).await?;
        let body = match client.get(path).await {
            Ok(response) if response.status() == 500 => continue,
            Ok(response) => read_all(response.into_body()).await.map(|_| ()),
            Err(error) => Err(error),
        };
        check!(body.is_err(), "{path}, HTTP/2: the body looks complete");
        // The connection goes on: only the one stream was reset.
        client
            .get("/page")
            .await
            .map_err(|error| format!("the stream beside: {error}"))?;
    }
    for path in ["/first", "/page"] {
        let reply = Client::ask(local.address, path).await;
        let reply = reply.map_err(|error| format!("{path}: {error}"))?;
        check!(
            reply.status() == 500,
            "{path}: {} {:?}",
            reply.status(),
            reply.ending
        );
        check!(reply.is_complete(), "{path}: the 500 is cut");
        let mut client = Http2::open(local.address).await?;
        let status = client.get(path).await.map_err(failed)?.status();
        check!(status == 500, "{path}, HTTP/2: {status}");
    }
    Ok(
        "HTTP/1.1 without a last chunk, HTTP/1.0 and HTTP/2 reset; 500 before the first byte"
            .to_owned(),
    )
}
