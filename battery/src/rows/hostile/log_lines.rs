//! S17: control and bidirectional characters, and secrets, in everything that a client sends.
//!
//! The log has one line for each request, and one more for what failed by itself; each is clean
//! and holds no secret.

use anabranch::prelude::{Error, Result, boundary, html, page};
use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use fixture_app::Fixture;

use crate::child::Child;
use crate::client::Client;
use crate::control::{Control, LINE_END};
use crate::limits::Limits;
use crate::page::document;
use crate::wait::{PATIENCE, until};
use crate::{Form, Outcome, Tried, check};

/// What stands wherever a secret may stand.
const SECRET: &str = "hunter2";

/// Characters that break, hide or turn a line. Each is sent encoded and, where it may be, raw.
#[rustfmt::skip]
const CHARACTERS: &[char] = &[
    '\r', '\n', '\u{1b}', '\0', '\t', '\u{7}', '\u{8}', '\u{c}', '\u{7f}', '\u{85}', '\u{9b}',
    '\u{ad}', '\u{61c}', '\u{200b}', '\u{200e}', '\u{200f}', '\u{2028}', '\u{2029}', '\u{202a}',
    '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}',
    '\u{2069}', '\u{feff}', '\u{e0041}',
];

/// What a line of the log looks like, for one that is forged.
const FORGED: &str = " INFO anabranch::access: method=GET path=/forged status=200";

/// Serves the app with three routes that fail with what the visitor says.
pub(super) fn app(_: Control) -> Router {
    fixture_app::app::router()
        .with_state(Fixture::default())
        .route("/fail/{text}", get(page(fail)))
        .route("/late/{text}", get(page(late)))
        .route("/panic/{text}", get(page(panic)))
}

async fn fail(Path(text): Path<String>) -> Result {
    Err(Error::msg(format!("nothing known of {text}")))
}

async fn late(Path(text): Path<String>) -> Result {
    let fails = async move {
        tokio::task::yield_now().await;
        Err(Error::msg(format!("nothing known of {text}")))
    };
    Ok(document(
        html! { (boundary(fails).loading(html! { p { "…" } })) },
    ))
}

async fn panic(Path(text): Path<String>) -> Result {
    panic!("nothing known of {text}")
}

/// A request, and how many lines it may leave.
struct Attack {
    request: Vec<u8>,
    lines: usize,
}

pub(super) async fn run(_: Form) -> Outcome {
    let child = Child::start("log-lines", &Limits::default())?;
    let attacks = attacks();
    let mut refused = 0;
    for Attack { request, lines } in &attacks {
        let shown = request.escape_ascii();
        let before = log_of(&child)?.len();
        let reply = Client::exchange(child.address, request).await?;
        // What is no HTTP comes to no app, which would have given it an id.
        let is_http = reply.head.header("x-request-id").is_some();
        refused += usize::from(!is_http);
        check!(
            is_http || reply.status() == 400,
            "{shown}: {}",
            reply.status()
        );
        let lines = if is_http { *lines } else { 0 };
        let all = || Ok(log_of(&child)?.len() >= before + lines);
        until(PATIENCE, "a line of the log", all).await?;
        let log = log_of(&child)?;
        logged(&log[before..], lines, is_http).map_err(|failure| format!("{shown}: {failure}"))?;
    }
    // Messages of panics go past the log too, as the program has written them.
    let told = child
        .printed()
        .into_iter()
        .find(|line| line.contains(SECRET));
    check!(told.is_none(), "a secret in {told:?}");
    Ok(format!(
        "{} requests, {refused} of them no HTTP: a line for each request and each failure, all \
         clean, no secret",
        attacks.len()
    ))
}

/// The log, without what depends on how long a backtrace takes.
fn log_of(child: &Child) -> Tried<Vec<String>> {
    let mut log = child.log()?;
    log.retain(|line| !line.contains("this component blocked its thread"));
    Ok(log)
}

/// So many lines, one of them the request's.
fn logged(new: &[String], lines: usize, is_http: bool) -> Tried {
    check!(
        new.len() == lines,
        "{} lines instead of {lines}: {new:#?}",
        new.len()
    );
    let is_access = |line: &&String| line.trim_start().starts_with("INFO anabranch::access");
    let of_access = new.iter().filter(is_access).count();
    check!(
        of_access == usize::from(is_http),
        "{of_access} of them of the request: {new:#?}"
    );
    new.iter().try_for_each(|line| clean(line))
}

fn clean(line: &str) -> Tried {
    let wrong = |c: &char| c.is_control() || CHARACTERS.contains(c);
    let wrong = line.chars().find(wrong);
    check!(wrong.is_none(), "{wrong:?} in {line:?}");
    check!(!line.contains(LINE_END), "a line end in {line}");
    check!(!line.contains(SECRET), "a secret in {line}");
    Ok(())
}

fn attacks() -> Vec<Attack> {
    let mut attacks = Vec::new();
    let mut add = |lines: usize, method: &str, target: &str, fields: &str, body: &str| {
        let length = body.len();
        let head = format!("{method} {target} HTTP/1.1\r\nhost: localhost\r\n{fields}");
        let request = format!("{head}content-length: {length}\r\n\r\n{body}").into_bytes();
        attacks.push(Attack { request, lines });
    };
    for &character in CHARACTERS {
        let raw = format!("x{character}{FORGED}");
        let encoded: String = raw.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let in_target = format!("x{character}x");
        add(1, "GET", &format!("/{in_target}"), "", "");
        add(1, "GET", &format!("/{encoded}"), "", "");
        add(
            1,
            "GET",
            &format!("/levels?x={in_target}&y={encoded}"),
            "",
            "",
        );
        add(1, "GET", "/levels", &format!("user-agent: {raw}\r\n"), "");
        add(1, "GET", "/levels", &format!("x-request-id: {raw}\r\n"), "");
        add(1, "GET", "/levels", &format!("referer: {raw}\r\n"), "");
        add(
            1,
            "POST",
            "/form",
            FORM,
            &format!("text={encoded}&minutes={encoded}"),
        );
        // A view of the page says that it failed, and the log why.
        for path in ["/fail", "/late", "/panic"] {
            add(2, "GET", &format!("{path}/{encoded}"), "", "");
        }
    }
    for (method, target, fields, body) in [
        ("GET", "/levels?token=hunter2", "", ""),
        ("GET", "/levels/?token=hunter2", "", ""),
        ("GET", "/nowhere?password=hunter2#hunter2", "", ""),
        ("GET", "/levels/7/parts?number=hunter2", "", ""),
        ("GET", "/levels", "authorization: Bearer hunter2\r\n", ""),
        (
            "GET",
            "/levels",
            "proxy-authorization: Basic hunter2\r\n",
            "",
        ),
        ("GET", "/levels", "cookie: session=hunter2\r\n", ""),
        ("GET", "/levels", "x-api-key: hunter2\r\n", ""),
        (
            "GET",
            "/levels",
            "referer: http://localhost/?token=hunter2\r\n",
            "",
        ),
        ("GET", "http://visitor:hunter2@localhost/levels", "", ""),
        ("POST", "/form", FORM, "password=hunter2&minutes=hunter2"),
        (
            "POST",
            "/form",
            "content-type: application/json\r\n",
            "{\"password\":\"hunter2\"",
        ),
        ("POST", "/form", "content-type: hunter2\r\n", "hunter2"),
        ("POST", "/api", "origin: http://hunter2\r\n", "hunter2"),
    ] {
        add(1, method, target, fields, body);
    }
    attacks
}

const FORM: &str = "content-type: application/x-www-form-urlencoded\r\n";
