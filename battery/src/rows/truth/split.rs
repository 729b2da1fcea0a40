//! N3: a response may be cut into packets anywhere, inside of tags and characters.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use anabranch::prelude::*;
use anabranch_paint::{Chromium, Gates, dom};
use axum::Router;
use axum::routing::get;

use crate::browser;
use crate::client::Client;
use crate::local::Local;
use crate::page::gated;
use crate::row::failed;
use crate::{Form, Outcome, Tried, check};

pub(super) async fn run(form: Form) -> Outcome {
    let gates = Gates::new();
    let app = Router::new()
        .route("/", get(page(river)))
        .with_state(gates.clone());
    let server = Local::start(app).await?;
    let response = streamed(&server, &gates).await?;
    let document = crate::page::assembled(&response)?;
    check!(document.contains("川"), "not the page: {document}");

    parsed(&response, &document)?;
    let stride = form.pick(5, 1);
    for swap in browser::SWAPS {
        let url = format!("http://{}/", server.address);
        let (response, document) = (response.clone(), document.clone());
        let in_browser = browser::with(swap, move |chromium| {
            written(chromium, &url, &response, &document, stride)?;
            dribbled(chromium, &response, &document)
        });
        in_browser.await?;
    }
    let length = response.len();
    Ok(format!("{length} bytes, cut at each of them: one document"))
}

/// A page with what is easily cut: long characters, markers, references, attributes, a table and
/// late heads.
async fn river(State(gates): State<Gates>) -> Result {
    let rows = html! { @for n in 1..=2 { tr { td { "Zeile " (n) " 🛶" } } } };
    let rows = gated(gates.clone(), "b".to_owned(), rows);
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; (Head::title("River")) }
            body {
                (boundary(late(gates.clone())).loading(html! { p { "Lädt…" } }))
                table { tbody { (boundary(rows).loading(html! { tr { td { "…" } } })) } }
                (boundary(nested(gates)).loading(html! { p { "Lädt…" } }))
            }
        }
    })
}

async fn late(gates: Gates) -> Result {
    gates.wait("a").await;
    Ok(html! {
        (Head::title("Río & 川").meta("description", "späť"))
        p title="\"é\"" { "川 < 河" }
    })
}

async fn nested(gates: Gates) -> Result {
    gates.wait("c").await;
    let inner = gated(gates, "d".into(), html! { em { "<?end> -->" } });
    Ok(html! { p { "å " (boundary(inner).loading(html! { i { "…" } })) " ö" } })
}

/// The response, with a patch for every boundary.
async fn streamed(server: &Local, gates: &Gates) -> Tried<Vec<u8>> {
    let mut client = Client::open(server.address).await?;
    client.get("/").await?;
    client.read_to("<?end>").await?;
    for (gate, patch) in [("c", "å "), ("a", "河"), ("d", "--&gt;"), ("b", "🛶")] {
        gates.open(gate);
        client.read_to(patch).await?;
    }
    Ok(client.reply().await?.expect(200)?.body)
}

/// Every place for a cut, but those inside of the spaces that fill up the first flush.
fn cuts(response: &[u8]) -> impl Iterator<Item = usize> {
    (1..response.len()).filter(|&at| response[at - 1..=at] != *b"  ")
}

/// In two parts, at each byte, by the HTML parser of the kit.
fn parsed(response: &[u8], document: &str) -> Tried {
    for at in cuts(response) {
        let (one, other) = response.split_at(at);
        let assembled = dom::assemble_parts([one, other]).map_err(failed)?;
        let difference = dom::first_difference(assembled.html(), document);
        check!(difference.is_none(), "cut at {at}: {difference:?}");
    }
    Ok(())
}

/// In two parts, at every so many characters, by the browser's parser.
fn written(
    chromium: &Chromium,
    url: &str,
    response: &[u8],
    document: &str,
    stride: usize,
) -> Tried {
    let page = browser::of(chromium.page().user_agent("Googlebot").open(url))?;
    browser::of(page.wait_loaded())?;
    let arguments = format!(
        "({}, {}, {stride})",
        literal(&String::from_utf8_lossy(response)),
        literal(document)
    );
    let wrong = browser::of(page.eval(&format!("({WRITTEN}){arguments}")))?;
    check!(wrong == "", "written in two parts: {wrong}");
    Ok(())
}

const WRITTEN: &str = "async (response, wanted, stride) => {
    const characters = [...response];
    for (let at = 1; at < characters.length; at += stride) {
        if (characters[at - 1] + characters[at] === '  ') continue;
        const frame = document.body.appendChild(document.createElement('iframe'));
        const page = frame.contentDocument;
        page.open();
        page.write(characters.slice(0, at).join(''));
        page.write(characters.slice(at).join(''));
        page.close();
        while (page.readyState !== 'complete') {
            await new Promise(done => page.addEventListener('readystatechange', done));
        }
        const found = __anabranch_paint.normal(page);
        if (found !== wanted) return `cut at ${at}: ${found}`;
        frame.remove();
    }
    return '';
}";

/// A byte at a time, over a socket: the next one leaves when the browser has answered.
fn dribbled(chromium: &Chromium, response: &[u8], document: &str) -> Tried {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
    let url = format!("http://{}/", listener.local_addr().map_err(failed)?);
    let length = response.len();
    let first: Arc<[u8]> = response[..1].into();
    let accepted = thread::spawn(move || begin(&listener, length, &first));
    let page = browser::of(chromium.page().open(&url))?;
    let stream = accepted
        .join()
        .map_err(|_| "the socket's thread panicked")?;
    let mut stream = stream.map_err(failed)?;
    let mut sent = 1;
    for at in cuts(response).skip(1).chain([length]) {
        stream.write_all(&response[sent..at]).map_err(failed)?;
        sent = at;
        browser::of(page.eval("0"))?;
    }
    browser::is_clean(&page)?;
    browser::shows(&page, document)
}

/// Accepts a connection and sends the head of a response with its first bytes.
fn begin(listener: &TcpListener, length: usize, first: &[u8]) -> std::io::Result<TcpStream> {
    let (mut stream, _) = listener.accept()?;
    stream.set_nodelay(true)?;
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte)? > 0 {
        request.extend(byte);
    }
    write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {length}\r\n\r\n"
    )?;
    stream.write_all(first)?;
    Ok(stream)
}

/// Text as a literal of JavaScript.
pub(super) fn literal(text: &str) -> String {
    let mut literal = String::from("\"");
    for unit in text.encode_utf16() {
        // Writing to a String cannot fail.
        let _ = write!(literal, "\\u{unit:04x}");
    }
    literal.push('"');
    literal
}
