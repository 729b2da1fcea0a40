//! Layers that break what streaming needs.

use std::convert::Infallible;
use std::future::ready;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::middleware::map_response;
use axum::response::Response;
use futures_util::{Stream, StreamExt, stream};

/// Keeps the whole body until its end, as some compression and logging layers do.
pub(crate) fn buffering(app: Router) -> Router {
    app.layer(map_response(async |response: Response| {
        let (parts, body) = response.into_parts();
        let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
        Response::from_parts(parts, Body::from(whole))
    }))
}

/// Takes the bridge out of the page.
pub(crate) fn without_bridge(app: Router) -> Router {
    change_frames(app, |frame| {
        let (Some(start), Some(end)) = (frame.find(BRIDGE), frame.find("</script>")) else {
            return frame;
        };
        frame[..start].to_owned() + &frame[end + "</script>".len()..]
    })
}

/// Leaves a bridge that does not parse.
pub(crate) fn with_broken_bridge(app: Router) -> Router {
    change_frames(app, |frame| match frame.find(BRIDGE) {
        Some(_) => frame.replacen("</script>", "}</script>", 1),
        None => frame,
    })
}

/// The bridge's element, whose attributes no other script has.
const BRIDGE: &str = "<script data-w=";

fn change_frames(app: Router, change: fn(String) -> String) -> Router {
    let changed = move |frame| Ok::<_, Infallible>(change(frame));
    app.layer(map_response(move |response: Response| {
        ready(response.map(|body| Body::from_stream(frames(body).map(changed))))
    }))
}

/// Lets the first two frames with patches change their places.
pub(crate) fn child_first(app: Router) -> Router {
    app.layer(map_response(async |response: Response| {
        response.map(|body| Body::from_stream(swapped(body)))
    }))
}

/// While the first frame with a patch is kept, the next one goes before it.
fn swapped(body: Body) -> impl Stream<Item = Result<Bytes, Infallible>> {
    frames(body)
        .scan((None, false), |(kept, done), frame: String| {
            let out = if *done || !frame.contains("<template for=") {
                vec![frame]
            } else if let Some(first) = kept.take() {
                *done = true;
                vec![frame, first]
            } else {
                *kept = Some(frame);
                Vec::new()
            };
            ready(Some(stream::iter(out)))
        })
        .flatten()
        .map(|frame| Ok(Bytes::from(frame)))
}

/// The frames of a page, which end between characters.
fn frames(body: Body) -> impl Stream<Item = String> {
    body.into_data_stream()
        .filter_map(|frame| ready(String::from_utf8(frame.unwrap_or_default().into()).ok()))
}
