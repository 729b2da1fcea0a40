//! A page under test: opened, read frame by frame, with gates to hold its components.

use std::future::poll_fn;
use std::pin::Pin;

use anabranch_boundaries::{Error, Result};
use anabranch_engine::{PageBody, Rendered, ResponseParts, Settings, Visit, render};
use anabranch_html::document::END;
use anabranch_html::script::TRIGGER;
use futures_util::FutureExt;
use http::{HeaderMap, StatusCode};
use http_body::Body;
use http_body_util::BodyExt;
use tokio::sync::oneshot;

/// A response whose shell has been read.
pub(crate) struct Open {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: PageBody,
}

/// Renders `page` to its commit point.
pub(crate) async fn open(page: impl Future<Output = Result> + Send + 'static) -> Open {
    open_with(visit(Settings::new()), page).await
}

/// Renders `page` for `visit` to its commit point.
pub(crate) async fn open_with(
    visit: Visit,
    page: impl Future<Output = Result> + Send + 'static,
) -> Open {
    let Rendered {
        status,
        headers,
        body,
        ..
    } = render(visit, page).await;
    Open {
        status,
        headers,
        body,
    }
}

/// A browser's visit.
pub(crate) fn visit(settings: Settings) -> Visit {
    Visit {
        parts: Some(ResponseParts::default()),
        ..Visit::new(settings)
    }
}

/// A visit of someone who wants the page whole.
pub(crate) fn whole_visit() -> Visit {
    let mut visit = visit(Settings::new());
    visit.audience.whole = true;
    visit
}

/// The whole page.
pub(crate) async fn whole(page: impl Future<Output = Result> + Send + 'static) -> String {
    let open = open_with(whole_visit(), page).await;
    let bytes = open.body.into_whole().expect("a whole page is one frame");
    String::from_utf8(bytes.to_vec()).unwrap()
}

impl Open {
    /// The next frame, as it is. Waits for it. Before each wait it asks twice, as hyper does.
    pub(crate) async fn raw(&mut self) -> Option<String> {
        let next = poll_fn(|cx| {
            let mut ask = || Pin::new(&mut self.body).poll_frame(cx);
            let asked = ask();
            if asked.is_pending() { ask() } else { asked }
        });
        let frame = next.await?.expect("a page's frame is never an error");
        let bytes = frame.into_data().expect("a page has no trailers");
        Some(String::from_utf8(bytes.to_vec()).unwrap())
    }

    /// The next frame, without its trigger, without the bridge and padding of a shell, and with
    /// the end of the stream written `#`.
    pub(crate) async fn frame(&mut self) -> String {
        let frame = self.raw().await.expect("the stream has not ended");
        let trigger = format!("<script>{TRIGGER}</script>");
        let frame = match frame.split_once("<script data-w=") {
            Some((shell, _)) => shell.to_owned(),
            None => frame,
        };
        frame.replace(&trigger, "").replace(END, "#")
    }

    /// True if there is no frame now.
    pub(crate) fn is_waiting(&mut self) -> bool {
        self.body.frame().now_or_never().is_none()
    }

    /// Asserts that the stream ends here.
    pub(crate) async fn end(&mut self) {
        assert_eq!(self.raw().await, None);
    }

    /// Everything that is left, frame by frame.
    pub(crate) async fn rest(&mut self) -> Vec<String> {
        let mut frames = Vec::new();
        while let Some(frame) = self.raw().await {
            frames.push(frame);
        }
        frames
    }
}

/// A place where a component waits until the test opens it.
pub(crate) fn gate() -> (Gate, impl Future<Output = Result<()>> + Send + 'static) {
    let (open, opened) = oneshot::channel();
    (Gate(open), async move { opened.await.map_err(Error::from) })
}

/// Opens a gate.
pub(crate) struct Gate(oneshot::Sender<()>);

impl Gate {
    pub(crate) fn open(self) {
        self.0
            .send(())
            .expect("the component behind the gate is alive");
    }

    /// Whether the component behind the gate has been dropped.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.0.is_closed()
    }
}
