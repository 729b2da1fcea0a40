//! Who may talk to the dev server: nobody whom another site has sent.
//!
//! A page of another site can have its own name resolve to this machine, and would then share an
//! origin with the app. Such a request names a host that is not ours. An address cannot be
//! resolved to anything else, so addresses pass.

use std::net::IpAddr;

use http::header::{HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, Request};

/// Names that a request may be for.
#[derive(Clone, Debug, Default)]
pub(super) struct Guard {
    /// Besides `localhost`, what is below it, and addresses.
    names: Vec<String>,
}

/// Why a request is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It does not say whom it is for, or says so in two ways.
    NoHost,
    /// It is for another name than ours.
    Name(String),
}

impl Guard {
    pub(super) fn new(names: Vec<String>) -> Self {
        Self { names }
    }

    /// Whether a request is for one of our names.
    pub(super) fn admit<B>(&self, request: &Request<B>) -> Result<(), Refusal> {
        let host = host(request.headers()).ok_or(Refusal::NoHost)?;
        let target = request.uri().authority();
        let ours = target.is_none_or(|target| self.is_ours(target.host()));
        match ours && self.is_ours(host.host()) {
            true => Ok(()),
            false => Err(Refusal::Name(target.unwrap_or(&host).host().to_owned())),
        }
    }

    fn is_ours(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let address = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || host.ends_with(".localhost")
            || address.parse::<IpAddr>().is_ok()
            || self
                .names
                .iter()
                .any(|name| name.eq_ignore_ascii_case(&host))
    }
}

/// Whether a script of our own pages asks, or no browser: none of another origin, nor of one
/// that does not say which it is of.
pub(super) fn is_same_origin(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    let mut origins = headers.get_all(ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (None, _) => true,
        (Some(origin), None) => {
            let origin = origin.to_str().ok().and_then(|origin| {
                let (scheme, authority) = origin.split_once("://")?;
                ["http", "https"].contains(&scheme).then_some(authority)
            });
            let host = host(headers);
            origin.is_some_and(|origin| host.is_some_and(|host| host == *origin))
        }
        _ => false,
    }
}

/// The one host that a request names.
fn host(headers: &HeaderMap) -> Option<Authority> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next()?.to_str().ok()?.parse().ok()?;
    hosts.next().is_none().then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(uri: &str, headers: &[(&'static str, &str)]) -> Request<()> {
        let request = Request::get(uri);
        let request = headers.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        });
        request.body(()).expect("a request")
    }

    #[test]
    fn a_request_is_for_a_name_of_ours() {
        let guard = Guard::new(vec!["dev.example".to_owned()]);
        for (host, ours) in [
            ("localhost:3000", true),
            ("LOCALHOST", true),
            ("a.localhost:3000", true),
            ("127.0.0.1:3000", true),
            ("[::1]:3000", true),
            ("192.168.1.7:3000", true),
            ("dev.example:3000", true),
            ("evil.example:3000", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("evillocalhost", false),
        ] {
            let admitted = guard.admit(&request("/", &[("host", host)]));
            assert_eq!(admitted.is_ok(), ours, "{host}");
        }
        let absolute = request("http://evil.example/", &[("host", "localhost")]);
        let evil = Refusal::Name("evil.example".to_owned());
        assert_eq!(guard.admit(&absolute), Err(evil));
    }

    #[test]
    fn a_request_names_one_host() {
        let guard = Guard::default();
        let two = [("host", "localhost"), ("host", "localhost")];
        for headers in [&two[..], &[("host", "")], &[("host", "a b")], &[]] {
            let admitted = guard.admit(&request("/", headers));
            assert_eq!(admitted, Err(Refusal::NoHost), "{headers:?}");
        }
    }

    #[test]
    fn the_channel_is_for_scripts_of_our_own_pages() {
        for (name, value, ours) in [
            ("accept", "*/*", true),
            ("origin", "http://localhost:3000", true),
            ("origin", "https://localhost:3000", true),
            ("origin", "http://localhost:4000", false),
            ("origin", "http://evil.example", false),
            ("origin", "null", false),
            ("origin", "", false),
            ("sec-fetch-site", "same-origin", true),
            ("sec-fetch-site", "none", true),
            ("sec-fetch-site", "same-site", false),
            ("sec-fetch-site", "cross-site", false),
        ] {
            let request = request("/", &[("host", "localhost:3000"), (name, value)]);
            assert_eq!(is_same_origin(request.headers()), ours, "{name}: {value}");
        }
    }
}
