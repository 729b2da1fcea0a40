//! Before every page: whoever wants Markdown gets Markdown, and browsers hear what they may fetch
//! ahead.

use anabranch::prelude::*;
use axum::http::{HeaderName, Method, header};
use axum::response::{IntoResponse, Response};

use crate::markdown::{Text, prefers_markdown};

/// Which pages a browser may fetch ahead, and where that stands.
const SPECULATION_RULES: HeaderName = HeaderName::from_static("speculation-rules");
const RULES: &str = "\"/speculation-rules.json\"";

/// Answers in Markdown, or lets the page know that it is one of two.
pub async fn handle(parts: ResponseParts, request: Request) -> Result<Request, Response> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(request);
    }
    let (path, query) = (
        request.uri().path(),
        request.uri().query().unwrap_or_default(),
    );
    if let Some(text) = Text::at_file(path) {
        return Err(text.answer(query));
    }
    let ahead = parts.insert_header(SPECULATION_RULES, RULES);
    ahead.map_err(|error| RouteError::from(error).into_response())?;
    if let Some(text) = Text::at(path) {
        if prefers_markdown(request.headers()) {
            return Err(text.answer(query));
        }
        let varies = parts.append_header(header::VARY, "accept");
        varies.map_err(|error| RouteError::from(error).into_response())?;
    }
    Ok(request)
}
