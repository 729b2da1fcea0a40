//! S1: requests whose end a proxy and the server could see in different places.
//!
//! Behind each payload stands a canary on the same connection, and one is sent on another. Either
//! the payload is refused, and nothing behind it is served; or it is served as exactly one request,
//! and the canary as the next.

mod payloads;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{Method, Uri};
use axum::routing::any;

use crate::client::{Client, End, Reply};
use crate::local::Local;
use crate::{Form, Outcome, Tried, check};
use payloads::{Expected, PAYLOADS, Payload};

const CANARY: &str = "GET /canary HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

/// What was served, in order.
type Served = Arc<Mutex<Vec<String>>>;

pub(super) async fn run(_: Form) -> Outcome {
    let served = Served::default();
    let server = Local::start(app(served.clone())).await?;
    let mut failures = Vec::new();
    for payload in PAYLOADS {
        // A handler that leaves the body unread leaves it to the server to find the next request.
        for path in ["/read", "/ignore"] {
            let sent = payload.text.replace("PATH", path);
            let attacked = attack(&server, payload.expected, path, &sent, &served).await;
            if let Err(failure) = attacked {
                failures.push(format!("{} on {path}: {failure}", payload.what));
            }
        }
    }
    check!(failures.is_empty(), "{}", failures.join("\n"));
    let count = |refused: bool| {
        PAYLOADS
            .iter()
            .filter(|p| p.is_refused() == refused)
            .count()
    };
    Ok(format!(
        "{} payloads on 2 handlers: {} refused, {} read in one way; 0 canaries lost or served early",
        PAYLOADS.len(),
        count(true),
        count(false)
    ))
}

fn app(served: Served) -> Router {
    Router::new()
        .route("/read", any(read))
        .route("/ignore", any(ignore))
        .fallback(ignore)
        .with_state(served)
}

async fn read(State(served): State<Served>, method: Method, uri: Uri, body: Bytes) -> String {
    let body = String::from_utf8_lossy(&body);
    note(&served, format!("{method} {} {body}", uri.path()))
}

async fn ignore(State(served): State<Served>, request: Request) -> String {
    note(
        &served,
        format!("{} {}", request.method(), request.uri().path()),
    )
}

fn note(served: &Served, line: String) -> String {
    lock(served).push(line.clone());
    line
}

fn lock(served: &Served) -> std::sync::MutexGuard<'_, Vec<String>> {
    served.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn attack(
    server: &Local,
    expected: Expected,
    path: &str,
    payload: &str,
    served: &Served,
) -> Tried {
    lock(served).clear();
    let mut client = Client::open(server.address).await?;
    client.send(format!("{payload}{CANARY}")).await?;
    let (replies, end) = client.replies().await?;
    let other = Client::exchange(server.address, CANARY)
        .await?
        .expect(200)?;
    check!(
        other.text() == "GET /canary",
        "another connection got {}",
        other.text()
    );
    let ran = std::mem::take(&mut *lock(served));
    let stray = ran.iter().find(|line| line.starts_with("GET /smuggled"));
    check!(stray.is_none(), "served what was inside: {stray:?}");
    match expected {
        Expected::Head => {
            refused(&replies)?;
            check!(ran == ["GET /canary"], "served {ran:?}");
        }
        Expected::Body if path == "/read" => refused(&replies)?,
        // The answer may be out before the body turns out to be broken; nothing may follow it.
        Expected::Body => check!(replies.len() <= 1, "{} replies", replies.len()),
        Expected::Served(body) => {
            let method = payload.trim_start().split(' ').next().unwrap_or_default();
            let line = match path {
                "/read" => format!("{method} {path} {body}"),
                _ => format!("{method} {path}"),
            };
            check!(
                ran == [&line, "GET /canary", "GET /canary"],
                "served {ran:?}"
            );
            let texts: Vec<_> = replies.iter().map(Reply::text).collect();
            check!(texts == [&line, "GET /canary"], "replies {texts:?}");
        }
    }
    check!(end == End::Closed, "the connection ended by {end:?}");
    Ok(())
}

/// One 400, and nothing more.
fn refused(replies: &[Reply]) -> Tried {
    let [reply] = replies else {
        let all: Vec<_> = replies
            .iter()
            .map(|reply| (reply.status(), reply.text()))
            .collect();
        return Err(format!("{all:?}"));
    };
    check!(
        reply.status() == 400,
        "{}: {}",
        reply.status(),
        reply.text()
    );
    Ok(())
}

impl Payload {
    fn is_refused(&self) -> bool {
        !matches!(self.expected, Expected::Served(_))
    }
}
