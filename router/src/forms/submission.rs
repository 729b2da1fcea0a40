//! Request -> the names and values of a form, as text.

use axum::body::Bytes;
use axum::extract::{FromRequest, RawForm, Request};
use axum::response::{IntoResponse, Response};
use http::header::ACCEPT;
use http::{HeaderMap, Method, StatusCode};
use percent_encoding::percent_decode;

/// How many values a form may have.
pub const MAX_FIELDS: usize = 1000;

/// What was submitted, and in what form its sender reads the answer.
pub(super) struct Submission {
    /// Names and values, in the order of the form.
    pub(super) values: Vec<(String, String)>,
    /// Whether a script reads the answer, rather than a person.
    pub(super) json: bool,
}

impl Submission {
    /// Reads a form from the query or the body of its request.
    pub(super) async fn read(request: Request) -> Result<Self, Response> {
        let json = wants_json(request.headers());
        let encoded = match *request.method() {
            Method::GET | Method::HEAD => {
                let query = request.uri().query().unwrap_or_default();
                Bytes::copy_from_slice(query.as_bytes())
            }
            _ => {
                let form = RawForm::from_request(request, &()).await;
                form.map_err(IntoResponse::into_response)?.0
            }
        };
        let values = decode(&encoded).map_err(IntoResponse::into_response)?;
        Ok(Self { values, json })
    }
}

pub(super) fn decode(encoded: &[u8]) -> Result<Vec<(String, String)>, (StatusCode, &'static str)> {
    // The decoder below replaces what is not UTF-8, and a browser never sends it.
    if percent_decode(encoded).decode_utf8().is_err() {
        return Err((StatusCode::BAD_REQUEST, "The form is not in UTF-8."));
    }
    let mut values = form_urlencoded::parse(encoded).into_owned();
    let accepted = values.by_ref().take(MAX_FIELDS).collect();
    if values.next().is_some() {
        let refusal = "The form has too many fields.";
        return Err((StatusCode::PAYLOAD_TOO_LARGE, refusal));
    }
    Ok(accepted)
}

/// Whether the answer is for a script: its request accepts JSON, and no page.
pub(crate) fn wants_json(headers: &HeaderMap) -> bool {
    let accepts = |wanted: &str| {
        let values = headers.get_all(ACCEPT).into_iter();
        let mut ranges = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|range| range.split(';').next());
        ranges.any(|range| range.trim().eq_ignore_ascii_case(wanted))
    };
    accepts("application/json") && !accepts("text/html")
}
