//! S1: requests whose end a proxy and the server could see in different places.
//!
//! Each payload is sent alone, and behind requests with and without a body in the same write, so that
//! the server reads them together. Behind it stands a canary on the same connection, and one is sent
//! on another. Either the payload is refused, and nothing behind it is served; or it is served as
//! exactly one request, and the canary as the next.

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

/// What is sent before a payload, and what is served for it.
const BEFORE: [(&str, &str); 4] = [
    ("", ""),
    ("GET /read HTTP/1.1\r\nhost: x\r\n\r\n", "GET /read "),
    (
        "POST /read HTTP/1.1\r\nhost: x\r\ncontent-length: 6\r\n\r\nbefore",
        "POST /read before",
    ),
    (
        "POST /read HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n6;a=b\r\nbefore\r\n0\r\na: b\r\n\r\n",
        "POST /read before",
    ),
];

/// What was served, in order.
type Served = Arc<Mutex<Vec<String>>>;

pub(super) async fn run(_: Form) -> Outcome {
    let served = Served::default();
    let server = Local::start(app(served.clone())).await?;
    let mut failures = Vec::new();
    for payload in PAYLOADS {
        // A handler that leaves the body unread leaves it to the server to find the next request.
        for path in ["/read", "/ignore"] {
            for before in BEFORE {
                let attacked = attack(&server, payload, path, before, &served).await;
                if let Err(failure) = attacked {
                    failures.push(format!(
                        "{} on {path} behind {:?}: {failure}",
                        payload.what, before.0
                    ));
                }
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
        "{} payloads on 2 handlers, each first and behind {} other requests: {} refused, {} read in one way; 0 canaries lost or served early",
        PAYLOADS.len(),
        BEFORE.len() - 1,
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
    payload: &Payload,
    path: &str,
    (before, served_before): (&str, &str),
    served: &Served,
) -> Tried {
    lock(served).clear();
    let text = payload.text.replace("PATH", path);
    let mut client = Client::open(server.address).await?;
    client.send(format!("{before}{text}{CANARY}")).await?;
    let (mut replies, end) = client.replies().await?;
    let other = Client::exchange(server.address, CANARY)
        .await?
        .expect(200)?;
    check!(
        other.text() == "GET /canary",
        "another connection got {}",
        other.text()
    );
    let mut ran = std::mem::take(&mut *lock(served));
    let stray = ran.iter().find(|line| line.starts_with("GET /smuggled"));
    check!(stray.is_none(), "served what was inside: {stray:?}");
    if !before.is_empty() {
        check!(!replies.is_empty() && !ran.is_empty(), "nothing was served");
        let first = (replies.remove(0).text(), ran.remove(0));
        check!(
            first.0 == served_before && first.1 == served_before,
            "first {first:?}"
        );
    }
    match payload.expected {
        Expected::Head => {
            refused(&replies)?;
            check!(ran == ["GET /canary"], "served {ran:?}");
        }
        Expected::Body if path == "/read" => refused(&replies)?,
        // The answer may be out before the body turns out to be broken; nothing may follow it.
        Expected::Body => check!(replies.len() <= 1, "{} replies", replies.len()),
        Expected::Served(body) => {
            let method = text.trim_start().split(' ').next().unwrap_or_default();
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
