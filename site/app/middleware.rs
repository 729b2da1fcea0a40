//! Before every page: whoever wants Markdown gets Markdown.

use anabranch::prelude::*;
use axum::http::{Method, header};
use axum::response::{IntoResponse, Response};

use crate::markdown::{Text, prefers_markdown};

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
    if let Some(text) = Text::at(path) {
        if prefers_markdown(request.headers()) {
            return Err(text.answer(query));
        }
        let varies = parts.append_header(header::VARY, "accept");
        varies.map_err(|error| RouteError::from(error).into_response())?;
    }
    Ok(request)
}
