//! A request over HTTP/1.1, and when what of its response arrives.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, HOST, USER_AGENT};
use http::uri::{Authority, InvalidUri, PathAndQuery, Scheme};
use http::{HeaderValue, Request, Uri};
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Duration, Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::recording::Recording;
use crate::error::{Error, Result};

/// A page is never longer in coming, because each response has a deadline.
const LONGEST: Duration = Duration::from_secs(90);

/// Bots get pages whole, so this says that it is a browser.
const BROWSER: &str = concat!(
    "Mozilla/5.0 (compatible; rv:150.0) Gecko/20100101 Firefox/150.0 cargo-anabranch/",
    env!("CARGO_PKG_VERSION")
);

/// Where a page is.
#[derive(Clone, Debug)]
pub(crate) struct Url {
    secure: bool,
    /// What stands for a name and a password in the address, as the header has it.
    login: Option<HeaderValue>,
    authority: Authority,
    path: PathAndQuery,
}

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        // As one types it: a name without a scheme is most often of a site on this machine.
        // Behind a slash or a question mark it is somebody else's scheme.
        let scheme = text.split_once("://").map(|(scheme, _)| scheme);
        let text = match scheme {
            Some(scheme) if !scheme.contains(['/', '?', '#']) => text.to_owned(),
            _ => format!("http://{text}"),
        };
        let parts = text.parse::<Uri>().map_err(|error| error.to_string())?;
        let parts = parts.into_parts();
        let secure = match parts.scheme {
            Some(scheme) if scheme == Scheme::HTTP => false,
            Some(scheme) if scheme == Scheme::HTTPS => true,
            _ => return Err("it has to begin with http:// or https://".to_owned()),
        };
        let authority = parts.authority.ok_or("it names no host")?;
        // Not a part of the name that the server is called by.
        let (login, authority) = match authority.as_str().rsplit_once('@') {
            Some((login, host)) => (Some(basic(login)), host.parse()),
            None => (None, Ok(authority)),
        };
        Ok(Self {
            secure,
            login,
            authority: authority.map_err(|error: InvalidUri| error.to_string())?,
            path: parts
                .path_and_query
                .unwrap_or(PathAndQuery::from_static("/")),
        })
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = self.scheme();
        write!(f, "{scheme}://{}{}", self.authority, self.path)
    }
}

impl Url {
    /// Where a redirect leads to, by RFC 3986, section 5.2.
    pub(super) fn join(&self, location: &str) -> Result<Self> {
        let failed = |why| Error::because(format!("cannot follow the redirect to {location}"), why);
        let reference = location.split('#').next().unwrap_or_default();
        if let Some(rest) = reference.strip_prefix("//") {
            let scheme = self.scheme();
            let url = format!("{scheme}://{rest}").parse().map_err(failed)?;
            return Ok(self.trusting(url));
        }
        if has_scheme(reference) {
            // A name with a port looks the same, and is none here.
            return match reference.contains("://") {
                true => Ok(self.trusting(reference.parse().map_err(failed)?)),
                false => Err(failed("it is no address of a page".to_owned())),
            };
        }
        let (path, query) = match reference.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (reference, None),
        };
        let (base, own) = (self.path.path(), self.path.query());
        let (path, query) = match path {
            "" => (base.to_owned(), query.or(own)),
            path if path.starts_with('/') => (without_dots(path), query),
            path => {
                let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
                (without_dots(&format!("{folder}/{path}")), query)
            }
        };
        let query = query.map_or(String::new(), |query| format!("?{query}"));
        let path = format!("{path}{query}").parse();
        Ok(Self {
            path: path.map_err(|error: InvalidUri| failed(error.to_string()))?,
            ..self.clone()
        })
    }

    /// An address that a redirect leads to. The same server is told the password, too, if it was not
    /// better kept on the way here.
    fn trusting(&self, mut to: Self) -> Self {
        let same = self.host() == to.host() && self.secure <= to.secure;
        if same && to.login.is_none() {
            to.login.clone_from(&self.login);
        }
        to
    }

    fn scheme(&self) -> &'static str {
        if self.secure { "https" } else { "http" }
    }

    fn port(&self) -> u16 {
        let usual = if self.secure { 443 } else { 80 };
        self.authority.port_u16().unwrap_or(usual)
    }

    fn host(&self) -> &str {
        let host = self.authority.host();
        host.trim_start_matches('[').trim_end_matches(']')
    }
}

/// `Authorization` for `name:password`, percent-encoded as in an address.
fn basic(login: &str) -> HeaderValue {
    let login: Vec<u8> = percent_decode_str(login).collect();
    let login = format!("Basic {}", STANDARD.encode(login));
    let mut login = HeaderValue::try_from(login).expect("base64 is visible ASCII");
    login.set_sensitive(true);
    login
}

/// Whether a reference begins with a scheme, and so is a whole address.
fn has_scheme(reference: &str) -> bool {
    let before = reference.split_once(':').map(|(before, _)| before);
    before.is_some_and(|scheme| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(plain)
    })
}

/// An absolute path without `.` and `..`.
fn without_dots(path: &str) -> String {
    let mut kept = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match segment {
            "." => {}
            ".." => {
                kept.pop();
            }
            segment => {
                kept.push(segment);
                continue;
            }
        }
        if is_last {
            // It names a folder.
            kept.push("");
        }
    }
    format!("/{}", kept.join("/"))
}

/// Asks for a page and notes when it arrives.
pub(super) async fn record(url: &Url, coding: Option<&str>) -> Result<Recording> {
    let failed = |error| Error::because(format!("cannot ask {url}"), error);
    let asked = timeout(LONGEST, async {
        let addresses = lookup_host((url.host(), url.port())).await;
        let addresses: Vec<_> = addresses.map_err(|error| failed(error.into()))?.collect();
        let begun = Instant::now();
        let stream = TcpStream::connect(&*addresses).await;
        let stream = stream.map_err(|error| failed(error.into()))?;
        let trip = begun.elapsed();
        let recorded = match url.secure {
            false => exchange(stream, trip, url, coding).await,
            true => {
                let stream = secure(stream, url.host()).await.map_err(failed)?;
                exchange(stream, trip, url, coding).await
            }
        };
        recorded.map_err(failed)
    });
    let over = || Error::new(format!("{url} has not ended after {} s", LONGEST.as_secs()));
    asked.await.map_err(|_| over())?
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

async fn secure(
    stream: TcpStream,
    host: &str,
) -> std::result::Result<impl AsyncRead + AsyncWrite + Unpin + Send + use<>, Cause> {
    let roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned())?;
    Ok(TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await?)
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    trip: Duration,
    url: &Url,
    coding: Option<&str>,
) -> std::result::Result<Recording, Cause> {
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let request = Request::get(Uri::from(url.path.clone()))
        .header(HOST, url.authority.as_str())
        .header(USER_AGENT, BROWSER)
        .header(ACCEPT, "text/html,*/*;q=0.8");
    let mut request = request.body(Empty::<Bytes>::new())?;
    let headers = request.headers_mut();
    if let Some(coding) = coding {
        headers.insert(ACCEPT_ENCODING, HeaderValue::try_from(coding)?);
    }
    if let Some(login) = &url.login {
        headers.insert(AUTHORIZATION, login.clone());
    }
    let begun = Instant::now();
    let response = sender.send_request(request).await?;
    let (head, mut body) = response.into_parts();
    let mut recording = Recording::new(head, trip, begun.elapsed());
    while let Some(frame) = body.frame().await {
        match frame.map(http_body::Frame::into_data) {
            Ok(Ok(data)) => recording.arrived(begun.elapsed(), &data),
            // Trailers.
            Ok(Err(_)) => {}
            Err(error) => {
                recording.cut(&error.to_string());
                break;
            }
        }
    }
    recording.ended(begun.elapsed());
    connection.abort();
    Ok(recording)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_type_them() {
        for (text, url) in [
            ("localhost:3000", "http://localhost:3000/"),
            ("https://hello.example", "https://hello.example/"),
            ("http://[::1]:3000/a?b", "http://[::1]:3000/a?b"),
            (
                "localhost:3000/?next=http://x",
                "http://localhost:3000/?next=http://x",
            ),
            ("localhost/http://x", "http://localhost/http://x"),
        ] {
            assert_eq!(
                text.parse::<Url>().map(|url| url.to_string()),
                Ok(url.to_owned())
            );
        }
        for wrong in ["ftp://hello.example", "http://", "/path", ""] {
            assert!(wrong.parse::<Url>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_password_is_no_part_of_the_name_of_a_server() {
        let url: Url = "https://ada:a%40b@hello.example/a"
            .parse()
            .expect("it is one");
        assert_eq!(url.to_string(), "https://hello.example/a");
        let login = |url: &Url| url.login.as_ref().map(|it| it.as_bytes().to_owned());
        let expected = format!("Basic {}", STANDARD.encode("ada:a@b")).into_bytes();
        assert_eq!(login(&url), Some(expected.clone()));
        for (location, is_told) in [
            ("/b", true),
            ("https://hello.example/b", true),
            ("http://hello.example/b", false),
            ("https://other.example/b", false),
        ] {
            let to = url.join(location).expect("it is an address");
            assert_eq!(login(&to) == Some(expected.clone()), is_told, "{location}");
        }
    }

    #[test]
    fn redirects_lead_to_a_path_or_to_a_site() {
        let url: Url = "https://hello.example/a/b?q".parse().expect("it is one");
        let joined = |location| url.join(location).map(|url| url.to_string()).ok();
        for (location, whole) in [
            ("/b?c", "https://hello.example/b?c"),
            ("/../c/./d/..", "https://hello.example/c/"),
            ("login", "https://hello.example/a/login"),
            ("./login#form", "https://hello.example/a/login"),
            (
                "../login?next=http://x",
                "https://hello.example/login?next=http://x",
            ),
            ("../../..", "https://hello.example/"),
            ("c/d:e", "https://hello.example/a/c/d:e"),
            ("?c", "https://hello.example/a/b?c"),
            ("", "https://hello.example/a/b?q"),
            ("//x.example/y", "https://x.example/y"),
            ("http://x.example/", "http://x.example/"),
        ] {
            assert_eq!(joined(location).as_deref(), Some(whole), "{location}");
        }
        for elsewhere in ["gopher://x", "mailto:x@y.example", "localhost:3000/a"] {
            assert_eq!(joined(elsewhere), None, "{elsewhere}");
        }
    }
}
