//! X3: a stream that the server compresses: each patch can be decoded when it was written.
//!
//! A gate is opened only when what was sent before it has been decoded, so a byte that waits in
//! the compressor would make the row hang.

use std::io::Write;

use anabranch::prelude::{Result, boundary, html, page};
use anabranch_paint::Gates;
use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use flate2::write::GzDecoder;

use crate::client::{Client, Ending};
use crate::local::Local;
use crate::page::{assembled, document, gated};
use crate::row::failed;
use crate::{Form, Outcome, Tried, check};

const CODINGS: [&str; 3] = ["gzip", "br", "zstd"];

pub(super) async fn run(form: Form) -> Outcome {
    let gates = Gates::new();
    let server = Local::start(app(&gates)).await?;
    let parts = form.pick(20, 200);
    let mut figures = Vec::new();
    for coding in CODINGS {
        let (sent, whole) = streams(&server, &gates, coding, parts)
            .await
            .map_err(|failure| format!("{coding}: {failure}"))?;
        figures.push(format!("{coding} {sent} of {whole} B"));
    }
    Ok(format!(
        "{parts} patches of 1 KB, each decoded before the next: {}",
        figures.join(", ")
    ))
}

fn app(gates: &Gates) -> Router {
    let gates = gates.clone();
    Router::new().route(
        "/{coding}/{parts}",
        get(page(move |path| streamed(gates.clone(), path))),
    )
}

async fn streamed(gates: Gates, Path((coding, parts)): Path<(String, usize)>) -> Result {
    let part = |part: usize| {
        let content = html! { p { "part " (part) " " @for at in 0..200 { (at * part) " " } } };
        gated(gates.clone(), gate(&coding, part), content)
    };
    Ok(document(html! {
        h1 { "shell" }
        @for number in 0..parts {
            (boundary(part(number)).loading(html! { i { "…" } }))
        }
    }))
}

fn gate(coding: &str, part: usize) -> String {
    format!("{coding} {part}")
}

/// Reads one stream, and returns how many bytes came and how many they are.
async fn streams(
    server: &Local,
    gates: &Gates,
    coding: &str,
    parts: usize,
) -> Tried<(usize, usize)> {
    let mut client = Client::open(server.address).await?;
    let fields = format!("host: localhost\r\naccept-encoding: {coding}\r\n");
    client
        .send(format!("GET /{coding}/{parts} HTTP/1.1\r\n{fields}\r\n"))
        .await?;
    let head = client.head().await?;
    check!(head.header("content-encoding") == Some(coding), "{head:?}");
    let mut decoder = Decoder::new(coding)?;
    decoder.read_to(&mut client, "<h1>shell</h1>").await?;
    // Backwards, so that each has to be swapped into its place.
    for part in (0..parts).rev() {
        let text = format!("<p>part {part} ");
        let early = memchr::memmem::find(decoder.text(), text.as_bytes());
        check!(
            early.is_none(),
            "part {part} came before its gate was opened"
        );
        gates.open(&gate(coding, part));
        decoder.read_to(&mut client, &text).await?;
    }
    let reply = client.reply().await?.expect(200)?;
    check!(reply.ending == Ending::LastChunk, "{:?}", reply.ending);
    decoder.take(&reply.body)?;
    let page = assembled(decoder.text())?;
    check!(!page.contains('…'), "a loading view is left over");
    Ok((reply.body.len(), decoder.text().len()))
}

/// Decodes what has come so far.
struct Decoder {
    coding: Coding,
    taken: usize,
}

enum Coding {
    Gzip(Box<GzDecoder<Vec<u8>>>),
    Brotli(Box<brotli::DecompressorWriter<Vec<u8>>>),
    Zstd(zstd::stream::write::Decoder<'static, Vec<u8>>),
}

impl Decoder {
    fn new(coding: &str) -> Tried<Self> {
        const BUFFER: usize = 4096;
        let text = Vec::new();
        let coding = match coding {
            "gzip" => Coding::Gzip(Box::new(GzDecoder::new(text))),
            "br" => Coding::Brotli(Box::new(brotli::DecompressorWriter::new(text, BUFFER))),
            _ => Coding::Zstd(zstd::stream::write::Decoder::new(text).map_err(failed)?),
        };
        Ok(Self { coding, taken: 0 })
    }

    /// Takes what `body` has beyond what was taken before.
    fn take(&mut self, body: &[u8]) -> Tried {
        let new = &body[self.taken..];
        self.taken = body.len();
        let writer: &mut dyn Write = match &mut self.coding {
            Coding::Gzip(decoder) => decoder,
            Coding::Brotli(decoder) => decoder,
            Coding::Zstd(decoder) => decoder,
        };
        writer
            .write_all(new)
            .and_then(|()| writer.flush())
            .map_err(failed)
    }

    fn text(&self) -> &[u8] {
        match &self.coding {
            Coding::Gzip(decoder) => decoder.get_ref(),
            Coding::Brotli(decoder) => decoder.get_ref(),
            Coding::Zstd(decoder) => decoder.get_ref(),
        }
    }

    /// Reads until `text` can be decoded.
    async fn read_to(&mut self, client: &mut Client, text: &str) -> Tried {
        while memchr::memmem::find(self.text(), text.as_bytes()).is_none() {
            client
                .read_bytes(self.taken + 1)
                .await
                .map_err(|failure| format!("{text}: {failure}"))?;
            self.take(client.body())?;
        }
        Ok(())
    }
}
