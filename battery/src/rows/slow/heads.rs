//! B7: heads beyond the limits are refused, and nothing else is.

use axum::Router;
use axum::routing::any;

use crate::client::Client;
use crate::local::Local;
use crate::{Form, Outcome, check};

pub(super) async fn run(_: Form) -> Outcome {
    let app = Router::new().fallback(any(async || "here"));
    let local = Local::start(app).await?;
    let fields = |count: usize| {
        // With Host there is one more.
        let fields: String = (1..count)
            .map(|number| format!("x-{number}: y\r\n"))
            .collect();
        format!("GET / HTTP/1.1\r\nhost: localhost\r\n{fields}\r\n")
    };
    let long = "x".repeat(64 << 10);
    let half = "x".repeat(32 << 10);
    let field = |value: &str| format!("GET / HTTP/1.1\r\nhost: localhost\r\nx: {value}\r\n\r\n");
    let uri = |path: &str| format!("GET /{path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    let mut seen = Vec::new();
    for (what, request, expected) in [
        ("100 fields", fields(100), &[200][..]),
        ("101 fields", fields(101), &[431, 400]),
        ("1,000 fields", fields(1_000), &[431, 400]),
        ("a field of 32 KiB", field(&half), &[200]),
        ("a field of 64 KiB", field(&long), &[431, 400]),
        ("a URI of 32 KiB", uri(&half), &[200]),
        ("a URI of 64 KiB", uri(&long), &[414, 431, 400]),
    ] {
        let reply = Client::exchange(local.address, request).await;
        let status = reply.map_err(|error| format!("{what}: {error}"))?.status();
        check!(expected.contains(&status), "{what}: {status}");
        let next = Client::ask(local.address, "/").await?.status();
        check!(next == 200, "the next connection after {what}: {next}");
        if status != 200 {
            seen.push(format!("{what}: {status}"));
        }
    }
    Ok(seen.join(", "))
}
