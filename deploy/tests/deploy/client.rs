//! Requests of a browser, and responses as they come.

use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{HOST, USER_AGENT};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

pub(crate) const BROWSER: &str =
    "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";
pub(crate) const BOT: &str = "Googlebot/2.1";

/// A connection, which may be used again.
pub(crate) struct Client {
    address: String,
    sender: SendRequest<Empty<Bytes>>,
    driver: JoinHandle<()>,
}

impl Drop for Client {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Client {
    pub(crate) async fn connect(address: &str) -> Result<Self, String> {
        let stream = TcpStream::connect(address).await.map_err(text)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(text)?;
        let driver = tokio::spawn(async move {
            // What goes wrong shows in the response.
            let _ = connection.await;
        });
        Ok(Self {
            address: address.to_owned(),
            sender,
            driver,
        })
    }

    /// Sends a request and waits for the head of its response.
    pub(crate) async fn get(&mut self, path: &str, user_agent: &str) -> Result<Reply, String> {
        let request = Request::get(path)
            .header(HOST, &self.address)
            .header(USER_AGENT, user_agent)
            .body(Empty::new())
            .map_err(text)?;
        self.sender.ready().await.map_err(text)?;
        let response = self.sender.send_request(request).await.map_err(text)?;
        Ok(Reply {
            status: response.status(),
            body: response.into_body(),
            received: Vec::new(),
        })
    }
}

/// A response that is read as it comes.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    body: Incoming,
    received: Vec<u8>,
}

impl Reply {
    /// Reads until a text has come. Returns all that has come.
    pub(crate) async fn until(&mut self, wanted: &str) -> Result<&str, String> {
        while !self.so_far()?.contains(wanted) {
            if !self.frame().await? {
                return Err(format!("the response ends without {wanted:?}"));
            }
        }
        self.so_far()
    }

    /// Reads to the end. A response that was cut is an error.
    pub(crate) async fn whole(mut self) -> Result<String, String> {
        while self.frame().await? {}
        String::from_utf8(self.received).map_err(text)
    }

    fn so_far(&self) -> Result<&str, String> {
        str::from_utf8(&self.received).map_err(text)
    }

    async fn frame(&mut self) -> Result<bool, String> {
        let Some(frame) = self.body.frame().await else {
            return Ok(false);
        };
        if let Ok(data) = frame.map_err(text)?.into_data() {
            self.received.extend_from_slice(&data);
        }
        Ok(true)
    }
}

fn text(error: impl std::error::Error) -> String {
    let mut said = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        said = format!("{said}: {error}");
        source = error.source();
    }
    said
}
