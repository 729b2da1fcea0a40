//! G1: what can end in time ends as if nothing had happened.

use std::time::Duration;

use anabranch::prelude::{html, secs};
use rustix::process::Signal;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::child::Child;
use crate::client::{Client, End};
use crate::http2::{Http2, read_all, read_to};
use crate::limits::Limits;
use crate::page::{assembled, document, shows};
use crate::wait::soon;
use crate::{Form, Outcome, Tried, check};

/// How long the server may take to close its listener, and to exit after the last response.
const AT_ONCE: Duration = Duration::from_secs(1);

pub(super) async fn run(form: Form) -> Outcome {
    let streams = form.pick(100, 1_000);
    let limits = Limits {
        drain: Some(form.pick(secs(10), secs(30))),
        ..Limits::default()
    };
    let child = Child::start("shutdown", &limits)?;
    let mut idle = Client::open(child.address).await?;
    idle.get("/quick").await?;
    idle.reply().await?.expect(200)?;
    let mut open = Vec::new();
    for _ in 0..streams {
        let mut client = Client::open(child.address).await?;
        client.get("/page/release").await?;
        client.read_to("shell").await?;
        open.push(client);
    }
    let mut http2 = Http2::open(child.address).await?;
    let mut body = http2.get("/page/release").await?.into_body();
    let mut read = read_to(&mut body, "shell").await?;

    child.signal(Signal::TERM)?;
    let started = Instant::now();
    let closed = refused(&child).await?;
    let end = soon("the end of an idle connection", idle.closed()).await??;
    check!(end == End::Closed, "the idle connection was reset");
    child.open("release")?;
    let expected = document(html! { p { "shell" } p { "content" } });
    for (number, mut client) in open.into_iter().enumerate() {
        let shown = client
            .reply()
            .await
            .and_then(|reply| shows(&reply, &expected));
        shown.map_err(|error| format!("stream {number}: {error}"))?;
    }
    read.extend(read_all(body).await?);
    check!(
        assembled(&read)?.contains("\"content\""),
        "HTTP/2: no content"
    );
    let last = Instant::now();
    let status = child.exited(AT_ONCE).await?;
    check!(status.success(), "exit {status}");
    Ok(format!(
        "{streams} and one of HTTP/2 complete; listener closed after {} ms, exit 0 {} ms after the last",
        (closed - started).as_millis(),
        last.elapsed().as_millis()
    ))
}

/// When a connection is refused.
async fn refused(child: &Child) -> Tried<Instant> {
    let deadline = Instant::now() + AT_ONCE;
    while TcpStream::connect(child.address).await.is_ok() {
        check!(Instant::now() < deadline, "the listener is still open");
        tokio::task::yield_now().await;
    }
    Ok(Instant::now())
}
