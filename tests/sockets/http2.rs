//! The same page over HTTP/2, where a client that does not read closes a window, not a socket.

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use crate::pages::soon;
use crate::server::Server;
use crate::slow::Stuck;

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_returns_to_its_pool_though_the_window_is_closed() {
    let stuck = Stuck::new();
    let server = Server::start(stuck.app()).await;
    let stream = TcpStream::connect(server.address).await.unwrap();
    let handshake = http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (mut sender, connection) = soon(handshake).await.unwrap();
    tokio::spawn(connection);
    let uri = format!("http://{}/", server.address);
    let request = hyper::Request::get(uri)
        .body(Empty::<Bytes>::new())
        .unwrap();
    let response = soon(sender.send_request(request)).await.unwrap();
    assert_eq!(response.version(), hyper::Version::HTTP_2);
    stuck.end_query().await;
    let body = soon(response.into_body().collect()).await.unwrap();
    Stuck::assert_complete(std::str::from_utf8(&body.to_bytes()).unwrap());
}
