//! The channel to browsers: the state of the dev server, again with each change.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use http::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use tokio::sync::watch;

use super::hub::{Hub, State};
use super::proxy::Answer;

/// How soon a browser looks whether a dev server that has ended is back, in milliseconds.
const RETRY: u32 = 500;

/// Server-sent events, from the state as it is.
pub(super) fn answer(hub: &Arc<Hub>) -> Answer {
    let mut states = hub.subscribe();
    states.mark_changed();
    let messages = stream::unfold(states, |mut states| async move {
        let message = next(&mut states).await?;
        Some((Ok(Frame::data(Bytes::from(message))), states))
    });
    let mut answer = Response::new(StreamBody::new(messages).boxed());
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// The next state as a message. None when there will be no more.
async fn next(states: &mut watch::Receiver<State>) -> Option<String> {
    states.changed().await.ok()?;
    let state = states.borrow_and_update().clone();
    // JSON has no line breaks of its own, so it is one line.
    let state = serde_json::to_string(&state).ok()?;
    Some(format!("retry: {RETRY}\ndata: {state}\n\n"))
}
