//! Somebody with a browser: keeps cookies, and sends forms as browsers do.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::Response;
use demo::desk::{PASSWORD, USER};
use tower::ServiceExt;

use crate::support::{BROWSER, text};

pub(crate) struct Visitor {
    site: Router,
    /// The cookie of the desk, as `name=value`.
    pub(crate) cookie: Option<String>,
}

/// An answer that was read.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) location: Option<String>,
    pub(crate) set_cookie: Option<String>,
    pub(crate) cache_control: Option<String>,
    pub(crate) text: String,
}

impl Visitor {
    pub(crate) fn new(site: Router) -> Self {
        let cookie = None;
        Self { site, cookie }
    }

    /// A visitor with a session.
    pub(crate) async fn logged_in(site: Router) -> Self {
        let mut visitor = Self::new(site);
        let answer = visitor.log_in("/desk/login", USER, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        visitor
    }

    /// Is answered by another instance of the site from now on.
    pub(crate) fn moves_to(&mut self, site: Router) {
        self.site = site;
    }

    pub(crate) async fn log_in(&mut self, path: &str, name: &str, password: &str) -> Answer {
        self.post(path, &format!("name={name}&password={password}"))
            .await
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// Sends a form from a page of the same site.
    pub(crate) async fn post(&mut self, path: &str, form: &str) -> Answer {
        self.post_from(path, form, "same-origin").await
    }

    /// Sends a form from a page of a site that stands in this relation.
    pub(crate) async fn post_from(&mut self, path: &str, form: &str, site: &str) -> Answer {
        let request = Request::post(path)
            .header("sec-fetch-site", site)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()));
        self.send(request.unwrap()).await
    }

    pub(crate) async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let headers = request.headers_mut();
        headers.insert(header::HOST, HeaderValue::from_static("demo.test"));
        headers.insert(header::USER_AGENT, HeaderValue::from_static(BROWSER));
        headers.insert(
            header::ACCEPT,
            HeaderValue::from_static("text/html,*/*;q=0.8"),
        );
        if let Some(cookie) = &self.cookie {
            headers.insert(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
        }
        let answer = Answer::read(self.site.clone().oneshot(request).await.unwrap()).await;
        if let Some(cookie) = &answer.set_cookie {
            let deleted = cookie.contains("Max-Age=0");
            self.cookie = cookie
                .split(';')
                .next()
                .filter(|_| !deleted)
                .map(str::to_owned);
        }
        answer
    }
}

impl Answer {
    async fn read(response: Response) -> Self {
        let header = |name| {
            let value = response.headers().get(name)?;
            Some(value.to_str().unwrap().to_owned())
        };
        Self {
            status: response.status(),
            location: header(header::LOCATION),
            set_cookie: header(header::SET_COOKIE),
            cache_control: header(header::CACHE_CONTROL),
            text: text(response.into_body()).await,
        }
    }

    /// Checks that the answer leads elsewhere, after a form or past a guard.
    #[track_caller]
    pub(crate) fn leads_to(&self, location: &str) {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        assert_eq!(self.location.as_deref(), Some(location));
    }

    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> &str {
        assert_eq!(self.status, status, "{}", self.text);
        &self.text
    }
}
