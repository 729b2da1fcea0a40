//! B8: bodies that are too large, or larger than they look, are refused at a bounded cost.

use std::collections::HashMap;

use axum::extract::{Json, Multipart};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Router, body::Bytes};

use crate::child::Child;
use crate::client::Client;
use crate::control::Control;
use crate::limits::Limits;
use crate::process::kib;
use crate::{Form, Outcome, Tried, check};

/// The limit of a body by default.
const LIMIT: usize = 2 << 20;

/// What the process may hold for all of it, beyond what it had before.
const MEMORY: u64 = 32 << 20;

pub(super) fn app(_: Control) -> Router {
    Router::new()
        .route("/bytes", post(async |body: Bytes| body.len().to_string()))
        .route(
            "/json",
            post(async |Json(value): Json<serde_json::Value>| value.is_array().to_string()),
        )
        .route(
            "/form",
            post(
                async |anabranch::Form(form, _): anabranch::Form<HashMap<String, String>>| {
                    form.len().to_string()
                },
            ),
        )
        .route("/parts", post(parts))
}

/// Reads as many parts as an app would want.
async fn parts(mut form: Multipart) -> Result<String, Response> {
    const MOST: usize = 1_000;
    let mut parts = 0;
    while let Some(part) = form
        .next_field()
        .await
        .map_err(IntoResponse::into_response)?
    {
        part.bytes().await.map_err(IntoResponse::into_response)?;
        parts += 1;
        if parts > MOST {
            return Err(StatusCode::PAYLOAD_TOO_LARGE.into_response());
        }
    }
    Ok(parts.to_string())
}

pub(super) async fn run(_: Form) -> Outcome {
    let child = Child::start("bodies", &Limits::default())?;
    // Once everything has been paid that is paid once.
    send(
        &child,
        "/bytes",
        "application/octet-stream",
        &vec![b'x'; LIMIT],
        true,
    )
    .await?;
    let before = child.resident()?;
    let over = vec![b'x'; LIMIT + 1];
    let fields: String = (0..100_000).map(|number| format!("f{number}=1&")).collect();
    let json = "[".repeat(10_000) + &"]".repeat(10_000);
    let part = "--x\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
    let parts = part.repeat(10_000) + "--x--\r\n";
    let binary = "application/octet-stream";
    let mut most = 0;
    let mut seen = Vec::new();
    for (what, path, kind, body, length) in [
        ("limit + 1", "/bytes", binary, &over[..], true),
        ("limit + 1 in chunks", "/bytes", binary, &over, false),
        ("a bomb", "/json", "application/json", BOMB, true),
        (
            "10,000 parts",
            "/parts",
            "multipart/form-data; boundary=x",
            parts.as_bytes(),
            true,
        ),
        (
            "100,000 fields",
            "/form",
            "application/x-www-form-urlencoded",
            fields.as_bytes(),
            true,
        ),
        (
            "JSON of depth 10,000",
            "/json",
            "application/json",
            json.as_bytes(),
            true,
        ),
    ] {
        let status = send(&child, path, kind, body, length).await;
        let status = status.map_err(|error| format!("{what}: {error}"))?;
        check!(matches!(status, 400 | 413 | 415 | 422), "{what}: {status}");
        most = most.max(child.resident()?);
        seen.push(format!("{what}: {status}"));
    }
    let status = send(&child, "/bytes", binary, &over[1..], true).await?;
    check!(status == 200, "a body of the limit: {status}");
    let more = most.saturating_sub(before);
    check!(more <= MEMORY, "{} more memory", kib(more));
    Ok(format!("{}; {} more memory", seen.join(", "), kib(more)))
}

/// One megabyte of zeros as gzip of a thousandth of that, which nobody asked to be unpacked.
const BOMB: &[u8] = &[
    0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0xed, 0xc1, 1, 1, 0, 0, 0, 0x80, 0x90, 0xfe, 0xaf, 0xee, 8,
    0x0a,
];

/// Sends a body as fast as it is taken, and returns the status of the answer, which may come
/// before the body was.
async fn send(child: &Child, path: &str, kind: &str, body: &[u8], length: bool) -> Tried<u16> {
    let mut client = Client::open(child.address).await?;
    let encoding = if body == BOMB {
        "content-encoding: gzip\r\n"
    } else {
        ""
    };
    let head =
        format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {kind}\r\n{encoding}");
    let sent = if length {
        client
            .send(format!("{head}content-length: {}\r\n\r\n", body.len()))
            .await?;
        client.send(body).await
    } else {
        client
            .send(format!(
                "{head}transfer-encoding: chunked\r\n\r\n{:x}\r\n",
                body.len()
            ))
            .await?;
        client.send([body, b"\r\n0\r\n\r\n"].concat()).await
    };
    let answered = client.head().await.map(|head| head.status);
    // Sending may fail because the server has answered and closed; then it is the answer that counts.
    match (answered, sent) {
        (Ok(status), _) => Ok(status),
        (Err(error), Ok(())) => Err(error),
        (Err(error), Err(sending)) => Err(format!("{error}; {sending}")),
    }
}
