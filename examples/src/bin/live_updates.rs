//! Numbers that go on after the page is complete: an event stream, which ends when the server stops.

use std::convert::Infallible;

use anabranch::Stopping;
use anabranch::prelude::*;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::{Router, routing::get};
use examples::document;
use futures_util::stream::{self, Stream, StreamExt as _};
use tokio::sync::watch;

type Departures = watch::Receiver<u32>;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let (count, departures) = watch::channel(0);
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(secs(1)).await;
            count.send_modify(|count| *count += 1);
        }
    });
    let app = Router::new()
        .route("/", get(page(home)))
        .route("/departures", get(events))
        // A file, because the default policy allows no inline scripts of one's own.
        .route("/live.js", get(([(CONTENT_TYPE, "text/javascript")], LIVE)))
        .with_state(departures);
    examples::serve(app).await
}

async fn home(State(departures): State<Departures>) -> Result {
    let count = *departures.borrow();
    Ok(document(
        "Departures",
        &html! {
            p { output id="count" { (count) } " since this program began." }
            script src="/live.js" defer {}
        },
    ))
}

const LIVE: &str = "new EventSource('/departures').onmessage = event => \
    { document.getElementById('count').textContent = event.data };";

/// The number there is, and each that follows. Without `stopping`, a stop would wait for every
/// open page until the drain deadline.
async fn events(
    State(departures): State<Departures>,
    stopping: Stopping,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let counts = stream::unfold((departures, true), async |(mut departures, is_first)| {
        if !is_first {
            departures.changed().await.ok()?;
        }
        let event = Event::default().data(departures.borrow_and_update().to_string());
        Some((Ok(event), (departures, false)))
    });
    Sse::new(counts.take_until(stopping)).keep_alive(KeepAlive::default())
}
