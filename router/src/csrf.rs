//! Protection against cross-site request forgery.

use std::error::Error as StdError;
use std::fmt;

use axum::response::{IntoResponse, Response};
use http::{StatusCode, Uri};
use tower::Layer;
use tower_http::csrf::{
    Csrf as CsrfService, CsrfLayer, ProtectionError, ProtectionErrorKind,
    ResponseForProtectionError,
};

/// Refuses requests by which another site acts in the name of a visitor.
///
/// An `app/` folder is protected by default. A router of your own is by
/// `.layer(Csrf::new())`. It is tower-http's
/// [`CsrfLayer`], with an answer that says what to do.
///
/// GET, HEAD and OPTIONS always pass, so they must change nothing. Any other request is looked at
/// by the headers that browsers set and scripts cannot:
///
/// | `Sec-Fetch-Site` | `Origin` | |
/// |---|---|---|
/// | any | one that is [trusted](Self::trust) | passes |
/// | `same-origin`, `none` | any | passes |
/// | `same-site`, `cross-site`, anything else | any other | 403 |
/// | absent or empty | absent or empty | passes: curl, another server |
/// | absent or empty | the request's own host and port | passes: an older browser |
/// | absent or empty | any other, `null` among them | 403 |
///
/// What passes without these headers comes from no browser, and so carries no visitor's cookies.
/// Another subdomain is another site here: it may belong to somebody else.
///
/// # Behind a proxy
/// A proxy that passes on neither `Sec-Fetch-Site` nor `Origin` takes the protection away, and one
/// that changes `Host` turns older browsers away. Have it pass on all three as they are.
///
/// ```
/// use anabranch_router::Csrf;
/// use axum::{Router, routing::post};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app: Router = Router::new()
///     .route("/notes", post(async || "saved"))
///     .layer(Csrf::new().trust("https://admin.example.com")?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Csrf {
    layer: CsrfLayer<Refusal>,
}

impl Csrf {
    /// Trusts the site itself and nobody else.
    #[must_use]
    pub fn new() -> Self {
        let layer = CsrfLayer::new().with_rejection_response(Refusal);
        Self { layer }
    }

    /// Lets pages of this origin send requests, as `https://admin.example.com`.
    ///
    /// # Errors
    /// The origin is not written as browsers send it, and so would never match.
    pub fn trust(mut self, origin: impl AsRef<str>) -> Result<Self, InvalidOrigin> {
        let origin = origin.as_ref();
        let invalid = |advice: String| InvalidOrigin {
            origin: origin.to_owned(),
            advice,
        };
        let layer = self.layer.add_trusted_origin(origin);
        self.layer = layer.map_err(|error| invalid(error.to_string()))?;
        match as_browsers_send(origin) {
            Some(canonical) if canonical != origin => {
                Err(invalid(format!("browsers write it {canonical:?}")))
            }
            _ => Ok(self),
        }
    }
}

impl Default for Csrf {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Layer<S> for Csrf {
    type Service = CsrfService<S, Refusal>;

    fn layer(&self, inner: S) -> Self::Service {
        self.layer.layer(inner)
    }
}

/// The origin in lower case and without its scheme's own port.
fn as_browsers_send(origin: &str) -> Option<String> {
    let origin = origin.to_ascii_lowercase();
    let uri: Uri = origin.parse().ok()?;
    let own_port = match uri.scheme_str()? {
        "http" => ":80",
        "https" => ":443",
        _ => return None,
    };
    Some(origin.strip_suffix(own_port).unwrap_or(&origin).to_owned())
}

/// The answer to a request from another site. A part of the service that [`Csrf`] makes.
#[derive(Clone, Copy, Debug)]
pub struct Refusal;

impl ResponseForProtectionError<axum::body::Body> for Refusal {
    fn response_for_protection_error(&mut self, error: ProtectionError) -> Response {
        let reason = match error.kind() {
            ProtectionErrorKind::CrossOriginRequestFromOldBrowser => {
                "its Origin header does not name the host that it was sent to. An Origin of null \
                 is that of a sandboxed frame, of a file, or of a page whose Referrer-Policy is \
                 no-referrer: it names nobody, and cannot be trusted"
            }
            _ => "its Sec-Fetch-Site header says that it comes from another site",
        };
        let text = format!(
            "This request was refused: {reason}.\n\n\
             If the sender belongs to this site, trust its origin: \
             Csrf::new().trust(\"https://…\"). If a proxy stands in front of the app, have it \
             pass on the headers Host, Origin and Sec-Fetch-Site unchanged.\n"
        );
        (StatusCode::FORBIDDEN, text).into_response()
    }
}

/// An origin that no browser would send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidOrigin {
    origin: String,
    advice: String,
}

impl fmt::Display for InvalidOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "cannot trust the origin {:?}: {}; write it like \"https://admin.example.com\"",
            self.origin, self.advice
        )
    }
}

impl StdError for InvalidOrigin {}
