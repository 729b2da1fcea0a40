//! L6: a large body passes through a server; it does not collect in it.

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::routing::get;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};

use crate::child::Child;
use crate::client::Client;
use crate::control::Control;
use crate::limits::Limits;
use crate::process::kib;
use crate::{Form, Outcome, Tried, check};

const CHUNK: usize = 64 << 10;

const CHUNKS: usize = (200 << 20) / CHUNK;

/// Memory beyond what the server took for a body of a tenth of that.
const EXTRA: u64 = 2 << 20;

pub(super) fn app(_: Control) -> Router {
    Router::new().route("/{chunks}", get(body))
}

async fn body(Path(chunks): Path<usize>) -> Body {
    // Each chunk is made when it is asked for: a row of copies of one would take no memory.
    let chunks = stream::iter(0..chunks)
        .map(|number| Ok::<_, Infallible>(Bytes::from(vec![number as u8; CHUNK])));
    Body::from_stream(chunks)
}

pub(super) async fn run(_: Form) -> Outcome {
    let child = Child::start("bulk", &Limits::default())?;
    download(&child, CHUNKS / 10).await?;
    let before = child.resident()?;
    let extra = download(&child, CHUNKS).await?.saturating_sub(before);
    check!(extra <= EXTRA, "{} more", kib(extra));
    Ok(format!(
        "200 MiB, every byte right; {} more at most",
        kib(extra)
    ))
}

/// Reads the body, and returns the most that the server had in memory meanwhile.
async fn download(child: &Child, chunks: usize) -> Tried<u64> {
    let mut client = Client::open(child.address).await?;
    client.get(&format!("/{chunks}")).await?;
    let mut most = 0;
    for number in 0..chunks {
        client.read_bytes(CHUNK).await?;
        let read = client.take(CHUNK);
        let right = read.iter().all(|byte| *byte == number as u8);
        check!(right, "chunk {number} is not what was sent");
        if number % 16 == 0 {
            most = most.max(child.resident()?);
        }
    }
    let reply = client.reply().await?.expect(200)?;
    check!(reply.body.is_empty(), "{} bytes too many", reply.body.len());
    Ok(most)
}
