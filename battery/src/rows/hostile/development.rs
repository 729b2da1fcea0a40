//! S18: what helps a developer and would help an attacker: sources, editors, sockets, listings.
//!
//! Nothing of it is in the app: what its routes do not know is not found, and no request becomes
//! a connection of another kind.

use super::site::{Caller, Site};
use crate::client::Reply;
use crate::{Form, Outcome, Tried, check};

/// What development servers answer.
#[rustfmt::skip]
const PATHS: &[&str] = &[
    "/__dev", "/_dev", "/__reload", "/livereload", "/livereload.js", "/ws", "/_ws", "/__ws",
    "/__anabranch", "/_anabranch", "/anabranch", "/__open-in-editor?file=/etc/passwd",
    "/@fs/etc/passwd", "/@vite/client", "/@id/x", "/_next/webpack-hmr",
    "/__nextjs_original-stack-frame", "/__nextjs_source-map?filename=app/page.rs",
    "/sockjs-node/info", "/webpack-dev-server", "/_nuxt/builds/meta.json", "/__webpack_hmr",
    "/leptos-dev", "/live_reload", "/__routes", "/routes", "/debug", "/debug/pprof",
    "/debug/vars", "/metrics", "/status", "/server-status", "/server-info", "/actuator",
    "/actuator/env", "/health/env", "/phpinfo.php", "/console", "/trace.axd", "/elmah.axd",
    "/tokio-console", "/heapdump", "/env", "/config", "/config.json", "/swagger.json", "/graphql",
    // sources
    "/src/main.rs", "/src/lib.rs", "/app/page.rs", "/app/(main)/page.rs", "/(main)/page.rs",
    "/page.rs", "/layout.rs", "/route.rs", "/middleware.rs", "/build.rs", "/Cargo.toml",
    "/Cargo.lock", "/public/robots.txt", "/target/debug/build", "/target/release/app",
    "/.git/HEAD", "/.git/config", "/.env", "/.env.local", "/.cargo/config.toml",
    "/.vscode/settings.json", "/.DS_Store", "/Dockerfile", "/deny.toml", "/main.rs.map",
    "/site.css.map", "/favicon.ico.bak", "/backup.sql", "/../Cargo.toml", "/%2e%2e/Cargo.toml",
    "/..%2Fsrc%2Fmain.rs", "/robots.txt.rs", "/index.html~", "/manual/page.html", "/_private",
    "/_private/page.rs",
];

/// Asks for another kind of connection.
const UPGRADES: &[&str] = &[
    "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
     sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n",
    "connection: upgrade\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n",
    "connection: upgrade\r\nupgrade: tls/1.2\r\n",
    "accept: text/event-stream\r\n",
];

/// Who asks: a page of another site, by name or by an address that it has had its name lead to.
#[rustfmt::skip]
const ASKERS: &[&str] = &[
    "host: localhost\r\n", "host: evil.example\r\norigin: http://evil.example\r\n",
    "host: localhost\r\norigin: null\r\n", "host: 127.0.0.1\r\norigin: http://localhost:5173\r\n",
];

pub(super) async fn run(_: Form) -> Outcome {
    let site = Site::start(&[("public/robots.txt", "all")]).await?;
    let mut caller = Caller::new(&site);
    let mut asked = 0;
    for path in PATHS {
        for asker in ASKERS {
            for fields in UPGRADES.iter().chain(&[""]) {
                let reply = caller
                    .send("GET", path, &format!("{asker}{fields}"), "")
                    .await?;
                refused(&reply)
                    .map_err(|failure| format!("{path} with {asker}{fields}: {failure}"))?;
                asked += 1;
            }
        }
    }
    // What is there stays HTTP too.
    for path in ["/", "/levels", "/api", "/robots.txt"] {
        for fields in UPGRADES {
            let reply = caller.ask("GET", path, fields).await?.expect(200)?;
            let kind = reply.head.header("content-type").unwrap_or_default();
            check!(!kind.contains("event-stream"), "{path} streams events");
            own_text(&reply).map_err(|failure| format!("{path}: {failure}"))?;
        }
    }
    Ok(format!(
        "{asked} requests for {} paths: 404, no upgrade, no source",
        PATHS.len()
    ))
}

fn refused(reply: &Reply) -> Tried {
    let status = reply.status();
    check!(status == 404, "{status}: {}", reply.text());
    check!(
        reply.head.header("upgrade").is_none(),
        "it offers an upgrade"
    );
    own_text(reply)
}

/// No page tells of the place that it was built at, or has anything of a development server.
fn own_text(reply: &Reply) -> Tried {
    let text = reply.text();
    let root = env!("CARGO_MANIFEST_DIR").trim_end_matches("/battery");
    for word in [
        root,
        ".rs:",
        "pub async fn",
        "WebSocket",
        "EventSource",
        "livereload",
        "[package]",
    ] {
        check!(!text.contains(word), "{word} in {text}");
    }
    Ok(())
}
