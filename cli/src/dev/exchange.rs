//! One request to the app, over a connection of its own.

use http::header::{self, HeaderMap, HeaderName};
use http::uri::PathAndQuery;
use http::{Request, Response, StatusCode, Uri};
use hyper::body::Incoming;
use hyper::client::conn::http1::handshake;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;

/// Headers that are between two neighbours only.
const HOPS: [HeaderName; 7] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Sends a request and waits for the head of its response. The connection ends with the body, or
/// when that is dropped.
pub(super) async fn exchange(
    stream: TcpStream,
    mut request: Request<Incoming>,
) -> hyper::Result<Response<Incoming>> {
    // As on the other side; see there.
    let _ = stream.set_nodelay(true);
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    // What goes wrong shows in the response.
    tokio::spawn(connection.with_upgrades());

    let upgrade = upgrade(request.headers());
    let client = upgrade.is_some().then(|| hyper::upgrade::on(&mut request));
    strip(request.headers_mut());
    restore(request.headers_mut(), upgrade.as_ref());
    *request.uri_mut() = origin_form(request.uri());

    let mut response = sender.send_request(request).await?;
    let switches = response.status() == StatusCode::SWITCHING_PROTOCOLS;
    let upgrade = self::upgrade(response.headers()).filter(|_| switches);
    if let (Some(client), Some(_)) = (client, &upgrade) {
        tokio::spawn(tunnel(client, hyper::upgrade::on(&mut response)));
    }
    strip(response.headers_mut());
    restore(response.headers_mut(), upgrade.as_ref());
    Ok(response)
}

/// The protocol that a message changes to, such as WebSocket.
fn upgrade(headers: &HeaderMap) -> Option<header::HeaderValue> {
    let named = listed(headers).any(|name| name == header::UPGRADE);
    headers.get(header::UPGRADE).filter(|_| named).cloned()
}

fn strip(headers: &mut HeaderMap) {
    let listed: Vec<_> = listed(headers).collect();
    for name in HOPS.iter().chain(&listed) {
        headers.remove(name);
    }
}

fn restore(headers: &mut HeaderMap, upgrade: Option<&header::HeaderValue>) {
    if let Some(protocol) = upgrade {
        let upgrade = header::HeaderValue::from_static("upgrade");
        headers.insert(header::CONNECTION, upgrade);
        headers.insert(header::UPGRADE, protocol.clone());
    }
}

/// The headers that a message says are for its neighbour.
fn listed(headers: &HeaderMap) -> impl Iterator<Item = HeaderName> {
    let lines = headers.get_all(header::CONNECTION).iter();
    let lines = lines.filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(','))
        .filter_map(|name| name.trim().parse().ok())
}

/// The path and the query, whatever stood in front of them. `*` stays as it is.
fn origin_form(uri: &Uri) -> Uri {
    let path = uri.path_and_query().cloned();
    Uri::from(path.unwrap_or_else(|| PathAndQuery::from_static("/")))
}

/// Passes bytes on in both directions, until one side ends.
async fn tunnel(client: OnUpgrade, app: OnUpgrade) {
    if let (Ok(client), Ok(app)) = tokio::join!(client, app) {
        // Whoever cut it has noticed.
        let _ = copy_bidirectional(&mut TokioIo::new(client), &mut TokioIo::new(app)).await;
    }
}
