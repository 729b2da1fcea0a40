//! Around the page: begins the visit, and records every frame of the response.

use std::pin::Pin;
use std::task::{Context, Poll};

use anabranch::is_bot;
use axum::Error;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::{Method, Version, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{Begun, Visit, Visits};
use crate::app::href;

/// A layer: begins a visit for a request of the page, and ends it with its response.
pub async fn record(State(visits): State<Visits>, mut request: Request, next: Next) -> Response {
    if request.uri().path() != href::watch().as_ref() {
        return next.run(request).await;
    }
    let begun = if is_in_pieces(&request) {
        match visits.begin() {
            Ok(begun) => begun,
            Err(error) => return anabranch::RouteError::from(error).into_response(),
        }
    } else {
        None
    };
    let Some(begun) = begun else {
        request.extensions_mut().insert(Visit::open());
        return next.run(request).await;
    };
    request.extensions_mut().insert(begun.visit().clone());
    let response = next.run(request).await;
    let begun = Some(begun);
    response.map(|body| Body::new(Recorded { body, begun }))
}

/// Whether the reader takes the page in parts: the others would wait for gates that they cannot
/// open.
fn is_in_pieces(request: &Request) -> bool {
    let agent = request.headers().get(header::USER_AGENT);
    let is_bot = agent
        .and_then(|agent| agent.to_str().ok())
        .is_some_and(is_bot);
    request.method() == Method::GET && request.version() > Version::HTTP_10 && !is_bot
}

/// The body of the page.
struct Recorded {
    body: Body,
    /// The visit, which ends with the last frame, or when this is dropped.
    begun: Option<Begun>,
}

impl HttpBody for Recorded {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        match &frame {
            Poll::Ready(Some(Ok(frame))) => {
                if let (Some(begun), Some(bytes)) = (&self.begun, frame.data_ref()) {
                    begun.visit().left(bytes);
                }
            }
            Poll::Ready(_) => self.begun = None,
            Poll::Pending => {}
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}
