//! What a component fails with: one opaque error, its kinds, and the shortcuts that make it.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::hash::{BuildHasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::StatusCode;
use maud::Markup;

use crate::panic::{self, Site};

/// What a component returns: markup, unless it says otherwise.
pub type Result<T = Markup, E = Error> = std::result::Result<T, E>;

/// Why a component has no content.
///
/// Any [`std::error::Error`] becomes one with `?`, others by [`Error::other`]. Before the commit point an error decides the
/// response's status; afterwards it becomes the error view of its boundary. Either way the page
/// shows the [`id`](Error::id) and the log has the cause: text of an error never reaches a page
/// unless an error view puts it there.
///
/// A clone is the same error, with the same id.
///
/// ```
/// use anabranch_boundaries::Error;
///
/// fn parse(text: &str) -> Result<u8, Error> {
///     Ok(text.parse()?)
/// }
/// assert!(parse("300").unwrap_err().status().is_server_error());
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

struct Inner {
    kind: Kind,
    id: ErrorId,
    logged: AtomicBool,
}

/// The app's error is dropped wherever its last clone is; a panic in its destructor goes no
/// further.
impl Drop for Inner {
    fn drop(&mut self) {
        if let Kind::Other(_) = self.kind {
            let error = std::mem::replace(&mut self.kind, Kind::NotFound);
            drop(panic::catch(|| drop(error)));
        }
    }
}

#[derive(Debug)]
enum Kind {
    NotFound,
    Redirect(String),
    Status(StatusCode),
    Timeout,
    Panic {
        message: String,
        /// Where it happened, if the panic hook was installed to see it.
        location: Option<String>,
    },
    Message(String),
    /// Any other error, converted by `?`.
    Other(Box<dyn StdError + Send + Sync>),
}

impl Error {
    /// An error that says `message` in the log. Its status is 500.
    pub fn msg(message: impl fmt::Display) -> Self {
        Self::new(Kind::Message(message.to_string()))
    }

    /// An error that `?` does not convert, because it is no [`std::error::Error`] itself: a boxed
    /// one, or that of `anyhow` or `eyre`. Its causes are kept.
    ///
    /// ```
    /// use anabranch_boundaries::Error;
    ///
    /// type BoxError = Box<dyn std::error::Error + Send + Sync>;
    ///
    /// fn load() -> Result<String, BoxError> {
    ///     Err("no such file")?
    /// }
    ///
    /// fn show() -> Result<String, Error> {
    ///     load().map_err(Error::other)
    /// }
    /// assert_eq!(show().unwrap_err().chain(), "no such file");
    /// ```
    #[must_use]
    pub fn other(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::new(Kind::Other(error.into()))
    }

    /// An error that answers with `status` where it still can.
    #[must_use]
    pub fn from_status(status: StatusCode) -> Self {
        Self::new(Kind::Status(status))
    }

    /// A deadline passed before the component was complete.
    #[must_use]
    pub fn timeout() -> Self {
        Self::new(Kind::Timeout)
    }

    /// A component panicked with this payload.
    #[must_use]
    pub fn from_panic(payload: &(dyn std::any::Any + Send)) -> Self {
        Self::from_panic_at(payload, None)
    }

    pub(crate) fn from_panic_at(payload: &(dyn std::any::Any + Send), site: Option<Site>) -> Self {
        let text = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let (id, location) = match site {
            Some(Site { id, location }) => (id, Some(location)),
            None => (ErrorId::random(), None),
        };
        let message = text.unwrap_or("no message").to_owned();
        Self::with_id(Kind::Panic { message, location }, id)
    }

    /// Identifies this error in the page and in the log.
    #[must_use]
    pub fn id(&self) -> ErrorId {
        self.0.id
    }

    /// True for [`not_found`].
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self.0.kind, Kind::NotFound)
    }

    /// True for [`redirect`] and [`redirect_external`].
    #[must_use]
    pub fn is_redirect(&self) -> bool {
        matches!(self.0.kind, Kind::Redirect(_))
    }

    /// True if a deadline passed.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, Kind::Timeout)
    }

    /// True if the component panicked.
    #[must_use]
    pub fn is_panic(&self) -> bool {
        matches!(self.0.kind, Kind::Panic { .. })
    }

    /// Where a redirect leads: a URL in ASCII, for a header as for a link.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Redirect(location) => Some(location),
            _ => None,
        }
    }

    /// The status this error gives a response that has none yet: 404, 303, the one it was made
    /// with, 504 for a timeout, else 500.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self.0.kind {
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Redirect(_) => StatusCode::SEE_OTHER,
            Kind::Status(status) => status,
            Kind::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Kind::Panic { .. } | Kind::Message(_) | Kind::Other(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    /// The error that caused this one.
    #[must_use]
    pub fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.kind {
            Kind::Other(error) => error.source(),
            _ => None,
        }
    }

    /// The error that `?` or [`other`](Self::other) converted, if it is of this type.
    #[must_use]
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        match &self.0.kind {
            Kind::Other(error) => error.downcast_ref(),
            _ => None,
        }
    }

    /// True for the first who asks. Whoever logs an error asks, so that it is in the log once.
    #[must_use]
    pub fn first_log(&self) -> bool {
        !self.0.logged.swap(true, Ordering::Relaxed)
    }

    /// This error and its causes, from the outside in, for a log; of a panic, also its place, if
    /// the [hook](crate::panic::install_hook) is installed. Where one of them panics when
    /// it is printed, it says that.
    #[must_use]
    pub fn chain(&self) -> String {
        let printed = catch_unwind(AssertUnwindSafe(|| self.print_chain()));
        printed.unwrap_or_else(|payload| {
            // Whose own destructor may panic too.
            std::mem::forget(payload);
            "an error that panics when it is printed".to_owned()
        })
    }

    fn print_chain(&self) -> String {
        let mut text = self.to_string();
        if let Kind::Panic { location, .. } = &self.0.kind
            && let Some(location) = location
        {
            text.push_str(", at ");
            text.push_str(location);
        }
        let mut next = self.source();
        while let Some(cause) = next {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            next = cause.source();
        }
        text
    }

    fn new(kind: Kind) -> Self {
        Self::with_id(kind, ErrorId::random())
    }

    fn with_id(kind: Kind, id: ErrorId) -> Self {
        let logged = AtomicBool::new(false);
        Self(Arc::new(Inner { kind, id, logged }))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Kind::NotFound => f.write_str("not found"),
            Kind::Redirect(location) => write!(f, "redirect to {location}"),
            Kind::Status(status) => write!(f, "status {status}"),
            Kind::Timeout => f.write_str("deadline passed"),
            Kind::Panic { message, .. } => write!(f, "panic: {message}"),
            Kind::Message(message) => f.write_str(message),
            Kind::Other(error) => error.fmt(f),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("id", &self.0.id)
            .finish()
    }
}

/// `?` on any error.
impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self::new(Kind::Other(Box::new(error)))
    }
}

/// Eight hexadecimal digits by which a page's error is found in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ErrorId(u32);

impl ErrorId {
    pub(crate) fn random() -> Self {
        // A fresh RandomState is keyed anew, so its hash of nothing is a random number.
        Self(RandomState::new().hash_one(()) as u32)
    }
}

impl fmt::Display for ErrorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

impl maud::Render for ErrorId {
    fn render_to(&self, buffer: &mut String) {
        buffer.push_str(&self.to_string());
    }
}

/// The thing this page or boundary shows does not exist.
///
/// In a page, before the commit point: a real 404. In a boundary: the not-found view in its
/// place, and `noindex` in the head.
#[must_use]
pub fn not_found() -> Error {
    Error::new(Kind::NotFound)
}

/// Sends the visitor to `path` on this site, which starts with one `/`.
///
/// In a page, before the commit point: a real 303. In a boundary: a link and a client redirect.
/// Anything that could lead to another origin (`//host`, `/\host`, a scheme) or break a header
/// (control characters) becomes an ordinary error that names it; see [`redirect_external`].
#[must_use]
pub fn redirect(path: impl Into<String>) -> Error {
    let path = path.into();
    let on_site = path.starts_with('/') && !path[1..].starts_with(['/', '\\']);
    if on_site && !path.contains(breaks_header) {
        Error::new(Kind::Redirect(in_ascii(path)))
    } else {
        InvalidLocation(path).into()
    }
}

/// Sends the visitor to another site. Never pass it a value that a visitor chose.
///
/// Anything but an `http` or `https` URL becomes an ordinary error that names it.
#[must_use]
pub fn redirect_external(url: impl Into<String>) -> Error {
    let url = url.into();
    let web = url.starts_with("https://") || url.starts_with("http://");
    if web && !url.contains(breaks_header) {
        Error::new(Kind::Redirect(in_ascii(url)))
    } else {
        InvalidLocation(url).into()
    }
}

/// A URL with everything percent-encoded that can stand in none. What is encoded stays so.
fn in_ascii(url: String) -> String {
    let is_plain = |byte: u8| byte.is_ascii_graphic();
    if url.bytes().all(is_plain) {
        return url;
    }
    let mut ascii = String::with_capacity(3 * url.len());
    for byte in url.bytes() {
        if is_plain(byte) {
            ascii.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(ascii, "%{byte:02X}");
        }
    }
    ascii
}

fn breaks_header(c: char) -> bool {
    // Browsers drop tab and line ends from URLs, which can turn a path into another host.
    c.is_control() || c == '\u{2028}' || c == '\u{2029}'
}

/// A redirect that was refused: `redirect` leads nowhere but to a path of this site.
#[derive(Debug)]
pub struct InvalidLocation(String);

impl fmt::Display for InvalidLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "cannot redirect to {:?}: pass redirect() a path like \"/login\", or \
             redirect_external() an http(s) URL",
            self.0
        )
    }
}

impl StdError for InvalidLocation {}

/// Turns an absent value into [`not_found`].
pub trait OrNotFound<T> {
    /// The value, or a not-found error.
    ///
    /// # Errors
    /// [`not_found`] if there is no value.
    fn or_not_found(self) -> Result<T>;
}

impl<T> OrNotFound<T> for Option<T> {
    fn or_not_found(self) -> Result<T> {
        self.ok_or_else(not_found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_that_panics_when_it_is_printed_has_a_chain() {
        #[derive(Debug)]
        struct Unprintable;

        impl fmt::Display for Unprintable {
            fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
                panic!("on purpose")
            }
        }

        impl StdError for Unprintable {}

        assert_eq!(
            Error::from(Unprintable).chain(),
            "an error that panics when it is printed"
        );
        assert_eq!(Error::msg("plain").chain(), "plain");
    }

    #[test]
    fn a_redirect_stays_on_the_site() {
        for path in ["/", "/login?next=/x", "/%C3%A9?%", "/a//b"] {
            assert_eq!(redirect(path).location(), Some(path));
        }
        let awkward = redirect("/é b?x=ü#f");
        assert_eq!(awkward.location(), Some("/%C3%A9%20b?x=%C3%BC#f"));
        for path in [
            "",
            "x",
            "//evil",
            "/\\evil",
            "\\evil",
            "https://evil",
            "javascript:x",
            "/a\r\nb: c",
            "/\t/evil",
            "/\n/evil",
            "/\u{2028}x",
        ] {
            let refused = redirect(path);
            assert!(!refused.is_redirect(), "{path:?}");
            assert_eq!(refused.status(), StatusCode::INTERNAL_SERVER_ERROR);
        }
    }

    #[test]
    fn an_external_redirect_is_a_web_url() {
        assert!(redirect_external("https://example.com/x").is_redirect());
        for url in [
            "javascript:alert(1)",
            "/x",
            "data:text/html,x",
            "https://a\r\nb",
        ] {
            assert!(!redirect_external(url).is_redirect(), "{url:?}");
        }
    }

    #[test]
    fn a_chain_names_every_cause_once() {
        let error: Error = std::io::Error::other("disk on fire").into();
        assert_eq!(error.chain(), "disk on fire");
        assert!(error.downcast_ref::<std::io::Error>().is_some());
        assert!(Error::from_panic(&"boom").is_panic());
        assert_eq!(Error::from_panic(&5).to_string(), "panic: no message");
    }

    #[test]
    fn what_is_no_error_itself_keeps_its_causes() {
        type BoxError = Box<dyn StdError + Send + Sync>;

        #[derive(Debug)]
        struct Report(std::io::Error);

        impl fmt::Display for Report {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("no airports")
            }
        }

        impl StdError for Report {
            fn source(&self) -> Option<&(dyn StdError + 'static)> {
                Some(&self.0)
            }
        }

        let boxed: BoxError = Box::new(Report(std::io::Error::other("disk on fire")));
        let error = Error::other(boxed);
        assert_eq!(error.chain(), "no airports: disk on fire");
        assert_eq!(error.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(error.downcast_ref::<Report>().is_some());
    }

    #[test]
    fn a_clone_keeps_its_id() {
        let error = Error::msg("x");
        assert_eq!(error.clone().id(), error.id());
        assert_ne!(error.id(), Error::msg("x").id());
        assert_eq!(error.id().to_string().len(), 8);
    }
}
