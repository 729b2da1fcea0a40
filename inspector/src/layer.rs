//! The layer around an app that inspects its pages.

use std::env;
use std::ffi::OsStr;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use anabranch_engine::Monitor;
use anabranch_html::csp::{ScriptSource, allow_script};
use http::header::CONTENT_SECURITY_POLICY;
use http::{HeaderMap, HeaderValue, Request, Response};
use pin_project::pin_project;
use tower::{Layer, Service};

use crate::inspection::Inspection;
use crate::script::SCRIPT_HASH;
use crate::stats::Stats;

/// Switches the inspector on in a release build, or off in a debug build.
const VARIABLE: &str = "ANABRANCH_INSPECT";

/// The inspector, as a layer around an app.
///
/// Pages get data about their boundaries and one script, which draws a waterfall over the page
/// and leaves measures for the browser's performance panel; a policy that comes from inside of
/// this layer, or from the layers of the server, lets the script run. The response gets a
/// `Server-Timing` header.
///
/// Off, it does none of this: every byte is as without it.
#[derive(Clone, Default)]
pub struct Inspector {
    /// `None` when it is off.
    stats: Option<Arc<Stats>>,
    headers_only: bool,
}

impl Inspector {
    /// On in a debug build, off in a release build; the environment variable `ANABRANCH_INSPECT`
    /// turns it on (`1`) or off (`0`) in both.
    #[must_use]
    pub fn new() -> Self {
        let variable = env::var_os(VARIABLE);
        if is_on(variable.as_deref(), cfg!(debug_assertions)) {
            Self::on()
        } else {
            Self::off()
        }
    }

    /// On, whatever the build.
    #[must_use]
    pub fn on() -> Self {
        Self {
            stats: Some(Arc::default()),
            headers_only: false,
        }
    }

    /// Off, whatever the build.
    #[must_use]
    pub fn off() -> Self {
        Self::default()
    }

    /// Sends `Server-Timing` and nothing in the page, for pages that may run no script. A page
    /// that says so itself, by a policy of `script-src 'none'`, needs no such setting.
    #[must_use]
    pub fn headers_only(mut self) -> Self {
        self.headers_only = true;
        self
    }
}

impl fmt::Debug for Inspector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inspector")
            .field("is_on", &self.stats.is_some())
            .field("headers_only", &self.headers_only)
            .finish()
    }
}

fn is_on(variable: Option<&OsStr>, is_debug: bool) -> bool {
    match variable.and_then(OsStr::to_str) {
        Some("1") => true,
        Some("0") => false,
        _ => is_debug,
    }
}

impl<S> Layer<S> for Inspector {
    type Service = Inspected<S>;

    fn layer(&self, inner: S) -> Inspected<S> {
        Inspected {
            inner,
            inspector: self.clone(),
        }
    }
}

/// A service whose pages are inspected. Made by [`Inspector`].
#[derive(Clone, Debug)]
pub struct Inspected<S> {
    inner: S,
    inspector: Inspector,
}

impl<S, B, R> Service<Request<B>> for Inspected<S>
where
    S: Service<Request<B>, Response = Response<R>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = InspectedFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let Inspector {
            stats,
            headers_only,
        } = &self.inspector;
        let inspection = stats.as_ref().map(|stats| {
            let inspection = Arc::new(Inspection::begin(stats.clone(), !headers_only));
            // A log may watch the same page.
            let monitor: &mut Monitor = request.extensions_mut().get_or_insert_default();
            monitor.observe(inspection.clone());
            inspection
        });
        InspectedFuture {
            inner: self.inner.call(request),
            inspection,
        }
    }
}

/// The future of an [`Inspected`] service.
///
/// # Cancel safety
/// Dropping it drops the inner service's.
#[pin_project]
pub struct InspectedFuture<F> {
    #[pin]
    inner: F,
    /// `None` when the inspector is off.
    inspection: Option<Arc<Inspection>>,
}

impl<F, R, E> Future for InspectedFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut response = ready!(this.inner.poll(cx));
        if let (Ok(response), Some(inspection)) = (&mut response, this.inspection)
            && inspection.has_sent_script()
        {
            allow(response.headers_mut());
            // For the policy of the server's layers.
            response.extensions_mut().insert(ScriptSource(SCRIPT_HASH));
        }
        Poll::Ready(response)
    }
}

impl<F> fmt::Debug for InspectedFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InspectedFuture").finish_non_exhaustive()
    }
}

/// Lets the policies that are there allow the script. One that allows no script at all stays.
fn allow(headers: &mut HeaderMap) {
    if let http::header::Entry::Occupied(mut policies) = headers.entry(CONTENT_SECURITY_POLICY) {
        for policy in policies.iter_mut() {
            let allowing = policy
                .to_str()
                .ok()
                .and_then(|policy| allow_script(policy, SCRIPT_HASH));
            if let Some(value) = allowing.and_then(|policy| HeaderValue::try_from(policy).ok()) {
                *policy = value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_debug_build_inspects_and_the_variable_decides() {
        for (variable, in_debug, in_release) in [
            (None, true, false),
            (Some("1"), true, true),
            (Some("0"), false, false),
            (Some(""), true, false),
        ] {
            let variable = variable.map(OsStr::new);
            assert_eq!(is_on(variable, true), in_debug, "{variable:?}");
            assert_eq!(is_on(variable, false), in_release, "{variable:?}");
        }
    }
}
