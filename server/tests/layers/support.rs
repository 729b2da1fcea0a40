//! An app behind its layers, asked without a socket, and what it logs.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use anabranch_router::Public;
use anabranch_server::Layers;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, Request, StatusCode, Uri};
use http_body_util::BodyExt;
use tokio::sync::oneshot;
use tower::{Layer as _, ServiceExt as _};
use tracing::Dispatch;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

/// A GET request with these headers.
pub(crate) fn get(path: &str, headers: &[(&'static str, &str)]) -> Request<Body> {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

/// The files of a folder, at the root.
pub(crate) fn files(folder: &Path) -> Router {
    let public = Public::folder(folder, folder);
    Router::new().fallback(async move |method: Method, uri: Uri, headers: HeaderMap| {
        let answer = public.answer(&method, uri.path(), &headers).await;
        answer.unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
    })
}

/// The answer of `app` behind `layers`.
pub(crate) async fn ask(layers: &Layers, app: Router, request: Request<Body>) -> Response {
    layers.layer(app).oneshot(request).await.unwrap()
}

/// The whole body.
pub(crate) async fn body(response: Response) -> Bytes {
    response.into_body().collect().await.unwrap().to_bytes()
}

/// Headers as lines, sorted, without those that `except` names.
pub(crate) fn lines(headers: &HeaderMap, except: &[&str]) -> Vec<String> {
    let mut lines: Vec<_> = headers
        .iter()
        .filter(|(name, _)| !except.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    lines.sort();
    lines
}

/// A place where a component waits until the test opens it.
pub(crate) fn gate() -> (
    oneshot::Sender<()>,
    impl Future<Output = ()> + Send + 'static,
) {
    let (open, opened) = oneshot::channel();
    (open, async move {
        opened.await.unwrap();
    })
}

/// What this thread logs, from here on.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Takes lines of INFO and above, until the guard is dropped.
    pub(crate) fn capture() -> (Self, DefaultGuard) {
        // While there is one subscriber only, tracing takes what a thread without it sees for the
        // whole truth, and caches that nobody listens.
        static SECOND: LazyLock<Dispatch> =
            LazyLock::new(|| Dispatch::new(tracing_subscriber::fmt().finish()));
        LazyLock::force(&SECOND);
        let log = Self::default();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(log.clone())
            .with_ansi(false)
            .without_time()
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    /// Its lines so far.
    pub(crate) fn lines(&self) -> Vec<String> {
        let bytes = self.0.lock().unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        text.lines().map(|line| line.trim().to_owned()).collect()
    }

    /// Its lines of the access log, without target and id.
    pub(crate) fn access(&self) -> Vec<String> {
        let lines = self.lines().into_iter();
        lines
            .filter_map(|line| {
                let line = line.strip_prefix("INFO anabranch::access: ")?;
                Some(line.split(" id=").next().unwrap().to_owned())
            })
            .collect()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
