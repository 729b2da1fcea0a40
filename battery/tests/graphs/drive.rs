//! Runs a graph's page through its events, on paused time, and reads the response.

use std::sync::Arc;
use std::time::Duration;

use anabranch::{PageRequest, Result, Settings};
use axum::extract::{FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http_body_util::BodyExt;
use tokio::sync::Semaphore;

use anabranch_battery::graphs::graph::{Event, Graph};
use anabranch_battery::graphs::page::{Gates, World, page, settings};

/// How the page is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Streamed,
    Whole,
}

/// Time is paused, so a second costs nothing.
const SECOND: Duration = Duration::from_secs(1);

/// All bytes of the response. Everything runs on this thread, so the same graph gives the same
/// bytes, error ids aside.
pub(crate) fn run(graph: &Graph, mode: Mode) -> String {
    on_paused_time(drive(graph, mode))
}

/// All bytes of a page that is sent whole.
pub(crate) fn whole(page: impl Future<Output = Result> + Send + 'static) -> String {
    let unlimited = Arc::new(Semaphore::new(Semaphore::MAX_PERMITS));
    let response = respond(page, Settings::new(), Mode::Whole);
    on_paused_time(read(response, unlimited))
}

fn on_paused_time<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime can be built");
    runtime.block_on(work)
}

async fn drive(graph: &Graph, mode: Mode) -> String {
    let gates = Gates::new(graph.gates);
    let world = World::new(graph.clone(), gates.clone(), SECOND);
    let frames = Arc::new(Semaphore::new(0));
    let response = respond(page(world), settings(graph, SECOND), mode);
    let mut reading = Box::pin(read(response, frames.clone()));
    for event in &graph.events {
        match event {
            Event::Open(gate) => gates.open(*gate),
            Event::Read(count) => {
                frames.add_permits(*count);
                if let Some(response) = reading.as_mut().now_or_never() {
                    return response;
                }
            }
            Event::Yield => tokio::task::yield_now().await,
            Event::Tick(time) => tokio::time::advance(Duration::from_millis(*time)).await,
        }
    }
    frames.close();
    reading.await
}

async fn respond(
    page: impl Future<Output = Result> + Send + 'static,
    settings: Settings,
    mode: Mode,
) -> Response {
    let mut parts = Request::new(()).into_parts().0;
    let request = PageRequest::from_request_parts(&mut parts, &()).await;
    let mut request = request.expect("it is infallible").settings(settings);
    if mode == Mode::Whole {
        request = request.whole();
    }
    request.render(page).await.into_response()
}

/// Reads a response, each frame when there is a permit for it or when there will be no more.
async fn read(response: impl Future<Output = Response>, frames: Arc<Semaphore>) -> String {
    let mut body = response.await.into_body();
    let mut bytes = Vec::new();
    loop {
        if let Ok(permit) = frames.acquire().await {
            permit.forget();
        }
        let Some(frame) = body.frame().await else {
            break;
        };
        let frame = frame.expect("a page's frame is never an error");
        bytes.extend_from_slice(&frame.into_data().expect("a page has no trailers"));
    }
    String::from_utf8(bytes).expect("a page is UTF-8")
}
