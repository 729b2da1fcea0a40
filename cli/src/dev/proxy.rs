//! The public side of the dev server: passes requests on to the app and its responses back, frame
//! by frame, and puts a script into the head of documents.
//!
//! Nothing is held back but the bytes before the head, in which there is nothing to show. A body
//! that is cut arrives cut, and a client that goes ends its request to the app.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};

use super::guard::{self, Guard, Refusal};
use super::hub::{Connected, Hub, State, Unconnected};
use super::trouble::Trouble;
use super::with_script::WithScript;
use super::{events, exchange, policy, script};

/// What leaves. Its errors are those of the connection to the app.
pub(super) type Answer = Response<BoxBody<Bytes, hyper::Error>>;

/// How long to wait for room when the system has none.
const PAUSE: Duration = Duration::from_millis(100);

/// Accepts until it is dropped.
pub(super) async fn serve(listener: TcpListener, hub: Arc<Hub>, guard: Guard) {
    let proxy = Arc::new(Proxy { hub, guard });
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(connection(stream, proxy.clone()));
            }
            // A client that left before its turn, or no more files, for which to ask again at once
            // would keep a core busy.
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn connection(stream: TcpStream, proxy: Arc<Proxy>) {
    // A patch must not wait for the acknowledgement of the one before. A socket that refuses is
    // slower, and no worse.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let proxy = proxy.clone();
        async move { Ok::<_, Infallible>(proxy.answer(request).await) }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    // Its errors are of clients that went, or of an app whose response was cut, and are seen there.
    let _ = connection.await;
}

struct Proxy {
    hub: Arc<Hub>,
    guard: Guard,
}

impl Proxy {
    async fn answer(&self, request: Request<Incoming>) -> Answer {
        if let Err(refusal) = self.guard.admit(&request) {
            return refused(&refusal);
        }
        if request.uri().path() == script::EVENTS {
            return match guard::is_same_origin(request.headers()) {
                true => events::answer(&self.hub),
                false => plain(
                    StatusCode::FORBIDDEN,
                    "This is for pages of the app only.\n",
                ),
            };
        }
        let asked = Asked::of(&request);
        // A form that is sent waits, since it would have to be sent again.
        let waits = !asked.document || asked.posted;
        let trouble = match self.hub.connect(waits).await {
            Ok(connected) => {
                let app = connected.app;
                tokio::select! {
                    biased;
                    passed = self.pass(request, connected, &asked) => match passed {
                        Ok(answer) => return answer,
                        Err(error) => self.unanswered(&error),
                    },
                    // It has not read the request, and will be asked again.
                    trouble = self.hub.until_deaf(app), if !waits => trouble,
                }
            }
            Err(Unconnected::Building(state)) => return building(&state),
            Err(Unconnected::Trouble(trouble)) => trouble,
            Err(Unconnected::Refused(error)) => {
                Trouble::new("The app does not listen").item(None, &error.to_string())
            }
        };
        self.no_app(&asked, &trouble)
    }

    fn unanswered(&self, error: &hyper::Error) -> Trouble {
        self.hub.state().trouble.unwrap_or_else(|| {
            Trouble::new("The app has closed the connection without an answer")
                .item(None, &error.to_string())
        })
    }

    async fn pass(
        &self,
        mut request: Request<Incoming>,
        to: Connected,
        asked: &Asked,
    ) -> hyper::Result<Answer> {
        if asked.document {
            // What is to be changed must come, and as text.
            for name in [
                header::ACCEPT_ENCODING,
                header::IF_NONE_MATCH,
                header::IF_MODIFIED_SINCE,
                header::RANGE,
            ] {
                request.headers_mut().remove(name);
            }
        }
        let response = exchange::exchange(to.stream, request).await?;
        let (mut parts, body) = response.into_parts();
        if asked.document {
            // What a browser has kept would be that of an older app: a document, and where a
            // redirect leads that is for good.
            let never = HeaderValue::from_static("no-store");
            parts.headers.insert(header::CACHE_CONTROL, never);
        } else if asked.part {
            revalidate(&mut parts.headers);
        }
        if !asked.document || !is_document(parts.status, &parts.headers) {
            return Ok(Response::from_parts(parts, body.boxed()));
        }
        amend(&mut parts.headers);
        let script = script::element(&to.page, to.styles, asked.posted);
        Ok(Response::from_parts(
            parts,
            WithScript::new(body, script).boxed(),
        ))
    }

    /// The answer when there is no app to give one.
    fn no_app(&self, asked: &Asked, trouble: &Trouble) -> Answer {
        if !asked.document {
            return plain(StatusCode::SERVICE_UNAVAILABLE, &trouble.text());
        }
        let state = self.hub.state();
        let script = script::element(&state.page, state.styles, asked.posted);
        html(&script::document(&script, trouble))
    }
}

/// What a request is for.
struct Asked {
    /// A document that a browser shows, not one that a script or a program reads.
    document: bool,
    /// What a document consists of: a stylesheet, a script, an image.
    part: bool,
    /// By a form: to ask again is to do it again.
    posted: bool,
}

impl Asked {
    fn of<B>(request: &Request<B>) -> Self {
        let text = |name: &str| request.headers().get(name)?.to_str().ok();
        let place = text("sec-fetch-dest");
        let is_shown = |place: &str| ["document", "iframe", "frame"].contains(&place);
        let shows = match place {
            Some(place) => is_shown(place),
            None => text("accept").is_some_and(|types| types.contains("text/html")),
        };
        Self {
            document: shows && request.method() != Method::HEAD,
            // `empty` is what a script reads.
            part: place.is_some_and(|place| !is_shown(place) && place != "empty"),
            posted: request.method() != Method::GET,
        }
    }
}

/// Whether a response is a document that a script can be put into.
fn is_document(status: StatusCode, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let html = text(header::CONTENT_TYPE).is_some_and(|media_type| {
        let media_type = media_type.to_ascii_lowercase();
        media_type.starts_with("text/html") && !media_type.contains("utf-16")
    });
    let plain = text(header::CONTENT_ENCODING).is_none_or(|coding| coding == "identity");
    let shown = text(header::CONTENT_DISPOSITION).is_none_or(|way| !way.starts_with("attachment"));
    let has_body = status != StatusCode::NO_CONTENT && status != StatusCode::NOT_MODIFIED;
    html && plain && shown && has_body
}

/// Has a browser ask for a part of a page each time, however long the app lets it be kept: after a
/// reload it would be that of before the change.
fn revalidate(headers: &mut HeaderMap) {
    let kept = headers.get(header::CACHE_CONTROL);
    let kept = kept.and_then(|kept| kept.to_str().ok());
    if !kept.is_some_and(|kept| kept.to_ascii_lowercase().contains("no-store")) {
        let asks = HeaderValue::from_static("no-cache");
        headers.insert(header::CACHE_CONTROL, asks);
    }
}

/// Makes the head of a response fit a document with the script.
fn amend(headers: &mut HeaderMap) {
    policy::allow(headers, script::CLIENT);
    headers.remove(header::CONTENT_LENGTH);
    // With the script it is not what they are of.
    headers.remove(header::ETAG);
    headers.remove(header::LAST_MODIFIED);
    let html = headers.get(header::CONTENT_TYPE);
    let html = html.and_then(|html| html.to_str().ok());
    if let Some(html) = html
        && !html.to_ascii_lowercase().contains("charset")
        && let Ok(html) = HeaderValue::try_from(format!("{html}; charset=utf-8"))
    {
        // Browsers look for a `meta charset` in the first KB only, which the script fills.
        headers.insert(header::CONTENT_TYPE, html);
    }
}

fn refused(refusal: &Refusal) -> Answer {
    let Refusal::Name(name) = refusal else {
        let help = "A request names the host that it is for, in one Host header.\n";
        return plain(StatusCode::BAD_REQUEST, help);
    };
    let shown: String = name.chars().filter(|c| !c.is_control()).collect();
    let help = format!(
        "Requests for the host {shown:?} are refused, since a page of another site could have \
         sent them.\nIf the name is yours: cargo anabranch dev --allow-host {shown}\n"
    );
    plain(StatusCode::FORBIDDEN, &help)
}

/// The answer to a browser during the first build.
fn building(state: &State) -> Answer {
    let script = script::element(&state.page, state.styles, false);
    let text = state.building.as_deref().unwrap_or_default();
    let mut answer = html(&script::building(&script, text));
    let soon = HeaderValue::from(script::AGAIN);
    answer.headers_mut().insert(header::RETRY_AFTER, soon);
    answer
}

/// A document in place of the app's.
fn html(document: &str) -> Answer {
    let mut answer = plain(StatusCode::SERVICE_UNAVAILABLE, document);
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    answer.headers_mut().insert(header::CONTENT_TYPE, html);
    answer
}

fn plain(status: StatusCode, text: &str) -> Answer {
    let body = Full::new(Bytes::copy_from_slice(text.as_bytes()));
    let mut answer = Response::new(body.map_err(|never| match never {}).boxed());
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    let media_type = HeaderValue::from_static("text/plain; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, media_type);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    answer
}
