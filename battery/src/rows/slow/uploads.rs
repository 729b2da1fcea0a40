//! B3: a request body that comes too slowly is given up.

use std::net::SocketAddr;
use std::time::Duration;

use anabranch::prelude::{millis, secs};
use anabranch::{Layers, Server};
use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use tokio::time::Instant;

use crate::client::Client;
use crate::local::Local;
use crate::wait::within;
use crate::{Form, Outcome, Tried, check};

/// How much later than its limit the server may notice.
const SLACK: Duration = Duration::from_secs(5);

pub(super) async fn run(form: Form) -> Outcome {
    let limit = form.pick(secs(1), secs(30));
    let app = Router::new().route("/", post(async |body: Bytes| body.len().to_string()));
    let layers = Layers::new().body_timeout(limit);
    let local = Local::serve(Server::new().layers(layers), app).await?;
    let lengths = ["content-length: 100000", "transfer-encoding: chunked"];
    let uploads = lengths.map(|length| upload(local.address, length, form));
    let uploads = futures_util::future::try_join_all(uploads);
    let ended = within(limit + SLACK, "the end of both uploads", uploads).await??;
    let (counted, chunked) = (ended[0], ended[1]);
    Client::exchange(
        local.address,
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\nx",
    )
    .await?
    .expect(200)?;
    let seconds = |after: Duration| format!("{:.1} s", after.as_secs_f64());
    Ok(format!(
        "{} after {} with a length, {} after {} in chunks; limit {limit:?}",
        counted.1,
        seconds(counted.0),
        chunked.1,
        seconds(chunked.0)
    ))
}

/// Sends a body byte by byte until the server answers or closes, and says when and which.
async fn upload(server: SocketAddr, length: &str, form: Form) -> Tried<(Duration, &'static str)> {
    let pause = form.pick(millis(100), secs(1));
    let mut client = Client::open(server).await?;
    client
        .send(format!(
            "POST / HTTP/1.1\r\nhost: localhost\r\n{length}\r\n\r\n"
        ))
        .await?;
    let started = Instant::now();
    let byte = if length.starts_with("transfer") {
        "1\r\nx\r\n"
    } else {
        "x"
    };
    while client.send(byte).await.is_ok() {
        if client.hears_within(pause).await? {
            break;
        }
    }
    let after = started.elapsed();
    if client.rest().is_empty() {
        return Ok((after, "closed"));
    }
    let reply = client.reply().await?;
    check!(reply.status() == 408, "{} instead of 408", reply.status());
    Ok((after, "408"))
}
