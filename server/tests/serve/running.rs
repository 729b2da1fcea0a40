//! A server under test, which ends with the test.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::SocketAddr;
use std::sync::Arc;

use anabranch_server::Server;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::Response;
use futures_util::stream;
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use tower::Service;

use crate::client::Client;

pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Running {
    pub(crate) async fn start<S>(app: S) -> Self
    where
        S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send,
    {
        Self::with(Server::new(), app).await
    }

    /// Serves without layers, so that what shows is the server's.
    pub(crate) async fn with<S>(server: Server, app: S) -> Self
    where
        S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::on(listener, server, app)
    }

    /// The same, with a listener that is bound already.
    pub(crate) fn on<S>(listener: TcpListener, server: Server, app: S) -> Self
    where
        S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send,
    {
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = server.without_layers().shutdown_on(async {
            if stopped.await.is_err() {
                // The test is over.
                std::future::pending().await
            }
        });
        let task = tokio::spawn(async { server.serve(listener, app).await.unwrap() });
        Self {
            address,
            stop: Some(stop),
            task,
        }
    }

    pub(crate) async fn connect(&self) -> Client {
        Client::connect(self.address).await
    }

    /// A connection with a request on it.
    pub(crate) async fn get(&self, path: &str) -> Client {
        self.get_with(path, "").await
    }

    /// The same, with more lines in its head.
    pub(crate) async fn get_with(&self, path: &str, lines: &str) -> Client {
        let mut client = self.connect().await;
        client.send(&request(path, lines)).await;
        client
    }

    /// Lets it stop, as a signal does.
    pub(crate) fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Waits until `serve` has returned.
    pub(crate) async fn ended(&mut self) {
        (&mut self.task).await.unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Lines of a head that decide who reads and answers: the server itself, or hyper.
pub(crate) const READERS: [&str; 2] = ["", "te: trailers\r\n"];

/// A request with these lines beside the host.
pub(crate) fn request(path: &str, lines: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: x\r\n{lines}\r\n")
}

/// A handler of a body that is always ready and never ends. `dropped` happens when it is dropped.
pub(crate) fn endless(dropped: &Event) -> impl Fn() -> Ready<Body> + Clone + Send + Sync + 'static {
    let dropped = dropped.clone();
    move || {
        let guard = dropped.on_drop();
        ready(Body::from_stream(stream::repeat_with(move || {
            let _held = &guard;
            Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 8192]))
        })))
    }
}

/// Something that a test waits for, or lets others wait for.
#[derive(Clone, Debug)]
pub(crate) struct Event(Arc<watch::Sender<bool>>);

impl Event {
    pub(crate) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    pub(crate) fn happen(&self) {
        self.0.send_replace(true);
    }

    pub(crate) async fn happened(&self) {
        self.0
            .subscribe()
            .wait_for(|happened| *happened)
            .await
            .unwrap();
    }

    /// Happens when the guard is dropped.
    pub(crate) fn on_drop(&self) -> OnDrop {
        OnDrop(self.clone())
    }
}

pub(crate) struct OnDrop(Event);

impl Drop for OnDrop {
    fn drop(&mut self) {
        self.0.happen();
    }
}
