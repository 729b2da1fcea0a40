//! The handle by which a page adds to its response before the commit point.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

use anabranch_boundaries::{Error, Result};
use axum_core::extract::FromRequestParts;
use cookie::Cookie;
use http::header::SET_COOKIE;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// Status, headers and cookies of a response that has not been committed.
///
/// A page, a layout or a middleware takes it as an argument; a plain handler of axum's returns
/// headers with its response instead. After the commit point, that is
/// inside boundaries, the first bytes are on their way and every method is an error.
///
/// A clone is the same handle.
#[derive(Clone, Debug, Default)]
pub struct ResponseParts {
    /// A std mutex: nothing is awaited while it is held.
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    committed: bool,
    status: Option<StatusCode>,
    headers: HeaderMap,
}

impl ResponseParts {
    /// Sets the status of a page that succeeds. The default is 200.
    ///
    /// # Errors
    /// The response has been committed.
    pub fn set_status(&self, status: StatusCode) -> Result<()> {
        self.change("the status", |state| state.status = Some(status))
    }

    /// Sets a header, in place of any of the same name.
    ///
    /// A page that fails afterwards keeps it, unless it tells of the content that is not sent:
    /// its type, encoding and length, its validators, and how long caches may keep it. Of
    /// `Cache-Control` it keeps `no-store`, `no-cache` and `private`.
    ///
    /// # Errors
    /// The response has been committed, or the value holds a control character.
    pub fn insert_header(&self, name: HeaderName, value: impl AsRef<str>) -> Result<()> {
        let value = HeaderValue::from_str(value.as_ref())?;
        self.change(name.clone().as_str(), |state| {
            state.headers.insert(name, value);
        })
    }

    /// Adds a header beside any of the same name.
    ///
    /// # Errors
    /// The response has been committed, or the value holds a control character.
    pub fn append_header(&self, name: HeaderName, value: impl AsRef<str>) -> Result<()> {
        let value = HeaderValue::from_str(value.as_ref())?;
        self.change(name.clone().as_str(), |state| {
            state.headers.append(name, value);
        })
    }

    /// Sets a cookie. Its name and value are percent-encoded, so they may hold any text; whoever
    /// reads it back decodes it, by `Cookie::split_parse_encoded` for instance.
    ///
    /// # Errors
    /// The response has been committed, or the cookie holds a control character.
    pub fn add_cookie<'c>(&self, cookie: impl Into<Cookie<'c>>) -> Result<()> {
        self.append_header(SET_COOKIE, cookie.into().encoded().to_string())
    }

    /// Fixes status and headers, and takes them: the commit point.
    #[must_use]
    pub fn commit(&self) -> (Option<StatusCode>, HeaderMap) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.committed = true;
        (state.status, std::mem::take(&mut state.headers))
    }

    fn change(&self, what: &str, change: impl FnOnce(&mut State)) -> Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.committed {
            return Err(Error::msg(format!(
                "too late to set {what}: the head of the response is on its way; set it in the \
                 page, outside its boundaries"
            )));
        }
        change(&mut state);
        Ok(())
    }
}

/// What is set is lost where nothing commits it, in a plain handler of axum's.
#[cfg(debug_assertions)]
impl Drop for State {
    fn drop(&mut self) {
        if !self.committed && (self.status.is_some() || !self.headers.is_empty()) {
            tracing::warn!(
                status = self.status.map(|status| status.as_u16()),
                headers = ?self.headers.keys().collect::<Vec<_>>(),
                "what ResponseParts was told is not sent: it works in pages and in the files of \
                 an app/ folder; another handler returns its headers with its response"
            );
        }
    }
}

/// One handle for all extractors of a request.
impl<S: Sync> FromRequestParts<S> for ResponseParts {
    type Rejection = Infallible;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(request.extensions.get_or_insert_default::<Self>().clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::CACHE_CONTROL;

    #[test]
    fn what_is_set_before_the_commit_goes_out_with_it() {
        let parts = ResponseParts::default();
        parts.set_status(StatusCode::CREATED).unwrap();
        parts.insert_header(CACHE_CONTROL, "no-store").unwrap();
        parts.add_cookie(("a", "1 2")).unwrap();
        parts.add_cookie(("b", "2")).unwrap();
        let (status, headers) = parts.commit();
        assert_eq!(status, Some(StatusCode::CREATED));
        assert_eq!(headers[CACHE_CONTROL], "no-store");
        let cookies: Vec<_> = headers.get_all(SET_COOKIE).iter().collect();
        assert_eq!(cookies, ["a=1%202", "b=2"]);
    }

    #[test]
    fn afterwards_it_is_an_error_that_says_what_to_do() {
        let parts = ResponseParts::default();
        let _ = parts.commit();
        let error = parts.add_cookie(("a", "1")).unwrap_err();
        assert!(error.to_string().contains("set it in the page"), "{error}");
    }

    #[test]
    fn a_header_cannot_be_split() {
        let parts = ResponseParts::default();
        assert!(parts.insert_header(CACHE_CONTROL, "a\r\nb: c").is_err());
    }
}
