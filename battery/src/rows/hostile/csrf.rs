//! S13: who may send what changes something: every method, content type, origin and relation.

use super::site::{Caller, Site};
use crate::{Form, Outcome, Tried, check};

const METHODS: [(&str, u16); 4] = [("POST", 201), ("PUT", 200), ("PATCH", 200), ("DELETE", 204)];

#[rustfmt::skip]
const CONTENT_TYPES: [&str; 7] = [
    "", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain",
    "application/json", "text/plain; application/json",
    "APPLICATION/X-WWW-FORM-URLENCODED;charset=utf-8",
];

/// `Sec-Fetch-Site`; absent where it is empty.
#[rustfmt::skip]
const RELATIONS: [&str; 8] = [
    "", "same-origin", "none", "same-site", "cross-site", "Same-Origin", "x",
    "same-origin, cross-site",
];

/// `Origin`; absent where it is empty. Those of the site itself come first.
#[rustfmt::skip]
const ORIGINS: [&str; 12] = [
    "", "http://localhost", "https://localhost", "http://evil.example", "null",
    "http://localhost:81", "http://localhost.evil.example", "http://evil.example/localhost",
    "http://sub.localhost", "http://localhost@evil.example", "file://localhost",
    "http://localhost, http://evil.example",
];

const OWN: usize = 3;

pub(super) async fn run(_: Form) -> Outcome {
    let site = Site::start(&[("public/robots.txt", "all")]).await?;
    let mut caller = Caller::new(&site);
    let (mut passed, mut refused) = (0, 0);
    for relation in RELATIONS {
        for (number, origin) in ORIGINS.iter().enumerate() {
            let passes = match relation {
                "same-origin" | "none" => true,
                "" => number < OWN,
                _ => false,
            };
            let fields = field("sec-fetch-site", relation) + &field("origin", origin);
            for (method, done) in METHODS {
                for content_type in CONTENT_TYPES {
                    let fields = fields.clone() + &field("content-type", content_type);
                    cell(
                        &mut caller,
                        method,
                        &fields,
                        if passes { done } else { 403 },
                    )
                    .await?;
                    *(if passes { &mut passed } else { &mut refused }) += 1;
                }
            }
            // What must change nothing always passes; what has no handler is refused alike.
            cell(&mut caller, "GET", &fields, 200).await?;
            cell(
                &mut caller,
                "TRACE",
                &fields,
                if passes { 405 } else { 403 },
            )
            .await?;
        }
    }
    // A form, and nothing of it was done.
    let fields =
        "host: localhost\r\norigin: null\r\ncontent-type: application/x-www-form-urlencoded\r\n";
    let reply = caller
        .send("POST", "/form", fields, "text=x&minutes=1")
        .await?;
    check!(
        reply.status() == 403,
        "a form of a sandboxed frame: {}",
        reply.status()
    );
    // The guard is behind the protection, so it has not run for others.
    let fields = "x-session: 1\r\nsec-fetch-site: cross-site\r\n";
    let reply = caller.ask("POST", "/guarded/notes", fields).await?;
    let ran = site.fixture.guarded.get();
    check!(
        (reply.status(), ran) == (403, 0),
        "{} behind the guard: {ran}",
        reply.status()
    );
    Ok(format!(
        "{passed} cells pass, {refused} are refused, exactly as documented"
    ))
}

fn field(name: &str, value: &str) -> String {
    if value.is_empty() {
        String::new()
    } else {
        format!("{name}: {value}\r\n")
    }
}

async fn cell(caller: &mut Caller, method: &str, fields: &str, status: u16) -> Tried {
    let fields = format!("host: localhost\r\n{fields}");
    let reply = caller.send(method, "/api", &fields, "x").await?;
    let found = reply.status();
    check!(
        found == status,
        "{method} with {fields}: {found} instead of {status}"
    );
    Ok(())
}
