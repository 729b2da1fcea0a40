//! N6: hostile content in one boundary, and the boundary behind it.

use anabranch::fragment;
use anabranch::prelude::*;
use anabranch_paint::{Gates, dom};
use axum::Router;
use axum::extract::Path;
use axum::routing::get;

use crate::client::Client;
use crate::local::Local;
use crate::page::{assembled, document, gated};
use crate::row::failed;
use crate::rows::truth::split::literal;
use crate::{Form, Outcome, Tried, browser, check};

/// What ends, opens or forges something, and leaves it open.
const PAYLOADS: &[&str] = &[
    "</template>",
    "</template></template><p>out",
    "<template><p>nested",
    "<template for=\"1\">stolen</template>",
    "<template data-for=1>stolen</template>",
    "<!-- no end",
    "<!--$a-->",
    "<style>p { color: red",
    "<script>self.$a = 1;",
    "<script>self.$a&&$a();",
    "<script><!-- <script> </script>",
    "<textarea>",
    "<title>",
    "<noscript>",
    "<iframe>",
    "<noembed><xmp>",
    "<plaintext>",
    "<svg><![CDATA[ no end",
    "<svg><style><!--",
    "<math><annotation-xml encoding=\"text/html\"><p>",
    "<p title=\"no end",
    "<p title='no end",
    "<p title=",
    "<a href=\"x\" <b",
    "a\0b<\0script>\0",
    "<frameset><frame>",
    "</body></html>",
    "</div></p></body><body onload=x()>",
    "<html lang=\"xx\"><head><base href=\"//elsewhere.invalid/\">",
    "<?start name=\"1\">x<?end>",
    "<?start name=\"title\"><?end>",
    "<?end>",
    "<?marker name=\"head\">",
    "<!--?start name=\"1\"-->x<!--?end-->",
    "<table><tr><td>",
    "<select><option>",
    "<form><input name=\"$a\">",
    "<img name=\"getElementById\"><form id=\"$a\">",
    "<b><i><a><p><b><i><a>",
    "&lt;/template&gt; &amp; &#0; &#x3c;/template> &notin",
    "<",
    "</",
    "<!",
    "<!-",
    "]]>",
    "--!>",
    "\"'`=<>&",
];

pub(super) async fn run(_: Form) -> Outcome {
    let gates = Gates::new();
    let app = Router::new()
        .route("/all/{visit}", get(page(all)))
        .route("/raw/{number}/{visit}", get(page(raw)))
        .with_state(gates.clone());
    let server = Local::start(app).await?;
    for (number, payload) in PAYLOADS.iter().enumerate() {
        let arrives = stream_is_whole(&server, &gates, &format!("/raw/{number}")).await;
        let document = arrives.map_err(|failure| format!("{payload:?}: {failure}"))?;
        check!(
            document.contains("\"the second boundary\""),
            "{payload:?}: {document}"
        );
    }
    stream_is_whole(&server, &gates, "/all").await?;
    for swap in browser::SWAPS {
        let url = format!("http://{}/all/{swap:?}", server.address);
        let gates = gates.clone();
        browser::with(swap, move |chromium| {
            let page = browser::of(chromium.page().open(&url))?;
            open(&gates, &format!("{swap:?}"));
            browser::of(page.wait_loaded())?;
            let wanted = PAYLOADS.iter().map(|text| literal(text));
            let wanted = wanted.collect::<Vec<_>>().join(",");
            let wrong = browser::of(page.eval(&format!("({ROUND_TRIP})([{wanted}])")))?;
            check!(wrong == "", "{wrong}");
            Ok(())
        })
        .await?;
    }
    let count = PAYLOADS.len();
    Ok(format!(
        "{count} contents, each as text, attribute and fragment"
    ))
}

/// All of them, each beside a boundary that must not notice.
async fn all(State(gates): State<Gates>, Path(visit): Path<String>) -> Result {
    Ok(document(html! {
        @for payload in PAYLOADS {
            (boundary(gated(gates.clone(), visit.clone(), html! {
                p.text title=(payload) { (payload) }
                textarea { "\n" (payload) }
                div.raw { (fragment(payload)) }
            })).loading(html! { p { "Loading…" } }))
            (second(&gates, &visit))
        }
        p #last { "the end" }
    }))
}

/// One of them as raw HTML, through the helper.
async fn raw(State(gates): State<Gates>, Path((number, visit)): Path<(usize, String)>) -> Result {
    let payload = PAYLOADS.get(number).or_not_found()?;
    let content = html! { div { (fragment(payload)) } };
    Ok(document(html! {
        (boundary(gated(gates.clone(), visit.clone(), content)).loading(html! { p { "Loading…" } }))
        (second(&gates, &visit))
        p #last { "the end" }
    }))
}

fn second(gates: &Gates, visit: &str) -> Boundary {
    let content = html! { p.second { "the second boundary" } };
    boundary(gated(gates.clone(), visit.to_owned(), content)).loading(html! { p { "Loading…" } })
}

/// Returns the document.
async fn stream_is_whole(server: &Local, gates: &Gates, path: &str) -> Tried<String> {
    let visit = path.replace('/', "-");
    let mut client = Client::open(server.address).await?;
    client.get(&format!("{path}/{visit}")).await?;
    client.head().await?;
    open(gates, &visit);
    let streamed = assembled(&client.reply().await?.expect(200)?.body)?;
    let request =
        format!("GET {path}/{visit} HTTP/1.1\r\nhost: localhost\r\nuser-agent: Googlebot\r\n\r\n");
    let whole = Client::exchange(server.address, request)
        .await?
        .expect(200)?;
    let whole = dom::whole(&whole.body).map_err(failed)?;
    let difference = dom::first_difference(&streamed, &whole);
    check!(difference.is_none(), "{}", difference.unwrap_or_default());
    Ok(streamed)
}

fn open(gates: &Gates, visit: &str) {
    gates.open(visit);
}

/// Each payload is what a reader sees. HTML has no NUL: the parser drops it in text.
const ROUND_TRIP: &str = "payloads => {
    const all = selector => [...document.querySelectorAll(selector)];
    const texts = all('p.text'), areas = all('body > textarea'), seconds = all('body > p.second');
    if (texts.length !== payloads.length) return `${texts.length} texts`;
    if (areas.length !== payloads.length) return `${areas.length} text areas`;
    if (all('body > div.raw').length !== payloads.length) return 'a fragment is gone';
    if (seconds.length !== payloads.length) return `${seconds.length} second boundaries`;
    if (!document.querySelector('body > #last:last-child')) return 'the end is not at the end';
    for (const [at, payload] of payloads.entries()) {
        const text = payload.replaceAll('\\0', ''), value = payload.replaceAll('\\0', '\\ufffd');
        if (texts[at].textContent !== text) return `as text: ${payload}`;
        if (texts[at].title !== value) return `as attribute: ${payload}`;
        if (areas[at].value !== value) return `in a text area: ${payload}`;
    }
    return '';
}";
