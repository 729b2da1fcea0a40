//! The benchmark workloads on raw hyper: bytes that were baked at the start, written with the
//! boundaries and the timing of the real pages. Nobody who renders can be faster.

mod baked;
mod body;

use std::{convert::Infallible, io};

use bench_workloads::server::listener;
use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;

use crate::{
    baked::{PAGES, Page},
    body::PageBody,
};

#[tokio::main]
async fn main() -> io::Result<()> {
    let listener = listener().await?;
    let pages: &'static [Page] = &PAGES;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let service =
            service_fn(move |request| async move { Ok::<_, Infallible>(answer(pages, &request)) });
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        // A client that goes away ends its connection, and nothing else has to know.
        tokio::spawn(async { drop(connection.await) });
    }
}

fn answer(pages: &'static [Page], request: &Request<Incoming>) -> Response<PageBody> {
    let page = pages.iter().find(|page| page.path == request.uri().path());
    let mut response = Response::new(PageBody::new(page.map_or(&[], |page| &page.steps)));
    if page.is_none() {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, html);
    response
}
