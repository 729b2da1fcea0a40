//! The response of a page, as its parts arrive.

use std::sync::{Arc, Mutex, PoisonError};

use headless_chrome::Tab;
use headless_chrome::protocol::cdp::Network as NetworkDomain;
use headless_chrome::protocol::cdp::Network::events::RequestWillBeSentEventParams;
use headless_chrome::protocol::cdp::types::Event;

use crate::chromium::Outcome;

/// What arrived of a response, by time: milliseconds after the start of the navigation.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Response {
    /// When each part arrived.
    pub(super) parts: Vec<f64>,
    /// How many bytes arrived, those of its head aside, after decompression.
    pub(super) bytes: u64,
    /// When it ended, and how.
    pub(super) end: Option<End>,
}

/// How a response ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum End {
    /// All of it arrived.
    Whole(f64),
    /// The connection broke.
    Cut(f64),
}

/// Listens to what the browser reads from the network.
#[derive(Clone, Debug, Default)]
pub(super) struct Network(Arc<Mutex<Heard>>);

/// What was heard, on the browser's own clock, in seconds.
#[derive(Debug, Default)]
struct Heard {
    request: Option<Request>,
    response: Response,
}

/// The first request for a document, which is the page's.
#[derive(Debug)]
struct Request {
    id: String,
    /// The same moment on both of the browser's clocks: its own, and that of the wall.
    sent: (f64, f64),
}

impl Network {
    /// Listens to the next navigation.
    pub(super) fn listen(&self, tab: &Tab) -> Outcome<()> {
        let heard = Arc::clone(&self.0);
        tab.add_event_listener(Arc::new(move |event: &Event| {
            let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            heard.hear(event);
        }))?;
        tab.call_method(NetworkDomain::Enable {
            max_total_buffer_size: None,
            max_resource_buffer_size: None,
            max_post_data_size: None,
            report_direct_socket_traffic: None,
            enable_durable_messages: None,
        })?;
        Ok(())
    }

    /// The response so far, of a page whose navigation began at `origin`, milliseconds since the
    /// epoch.
    pub(super) fn response(&self, origin: f64) -> Response {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(request) = &heard.request else {
            return Response::default();
        };
        let (clock, wall) = request.sent;
        let on_page = |at: f64| (at - clock) * 1_000.0 + wall * 1_000.0 - origin;
        let Response { parts, bytes, end } = &heard.response;
        Response {
            parts: parts.iter().copied().map(on_page).collect(),
            bytes: *bytes,
            end: end.map(|end| match end {
                End::Whole(at) => End::Whole(on_page(at)),
                End::Cut(at) => End::Cut(on_page(at)),
            }),
        }
    }
}

impl Heard {
    fn hear(&mut self, event: &Event) {
        match event {
            Event::NetworkRequestWillBeSent(event) if self.request.is_none() => {
                self.request = document(&event.params);
            }
            Event::NetworkDataReceived(event) if self.is_page(&event.params.request_id) => {
                self.response.parts.push(event.params.timestamp);
                self.response.bytes += u64::from(event.params.data_length);
            }
            Event::NetworkLoadingFinished(event) if self.is_page(&event.params.request_id) => {
                self.response.end = Some(End::Whole(event.params.timestamp));
            }
            Event::NetworkLoadingFailed(event) if self.is_page(&event.params.request_id) => {
                self.response.end = Some(End::Cut(event.params.timestamp));
            }
            _ => {}
        }
    }

    fn is_page(&self, id: &str) -> bool {
        self.request
            .as_ref()
            .is_some_and(|request| request.id == id)
    }
}

fn document(params: &RequestWillBeSentEventParams) -> Option<Request> {
    let is_document = params.Type == Some(NetworkDomain::ResourceType::Document);
    is_document.then(|| Request {
        id: params.request_id.clone(),
        sent: (params.timestamp, params.wall_time),
    })
}
