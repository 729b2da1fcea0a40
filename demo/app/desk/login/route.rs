//! What the login sends.

use anabranch::prelude::*;
use axum::http::HeaderMap;
use serde::Deserialize;

use crate::app::href;
use crate::db::Db;

/// The fields of the form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Credentials {
    name: String,
    password: String,
}

/// The query string: where to go after the login.
#[derive(Debug, Deserialize)]
pub struct Next {
    next: Option<String>,
}

impl Next {
    /// Where to go: within the desk, whatever somebody wrote into a link.
    pub(super) fn path(&self) -> String {
        let desk = href::desk().to_string();
        let is_inside = |path: &&str| {
            path.strip_prefix(desk.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
        };
        self.next
            .as_deref()
            .filter(is_inside)
            .unwrap_or(&desk)
            .to_owned()
    }
}

/// Starts a session, or says that this is nobody.
pub async fn post(
    State(db): State<Db>,
    Query(next): Query<Next>,
    headers: HeaderMap,
    parts: ResponseParts,
    Form(sent, mut form): Form<Credentials>,
) -> RouteResult<SeeOther> {
    // Neither the page nor a log of it is a place for a password.
    form.forget("password");
    for (name, value) in [("name", &sent.name), ("password", &sent.password)] {
        if value.is_empty() {
            form.reject(name, format!("Enter the {name}."));
        }
    }
    form.clone().check()?;
    if !db.may_log_in(sent.name.clone(), sent.password).await? {
        // Which of the two is wrong is nobody's business.
        form.reject_form("No account has this name and this password.");
    }
    form.check()?;
    parts.add_cookie(db.start_session(sent.name, &headers).await?)?;
    Ok(see_other(next.path()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(next: &str) -> String {
        let next = Some(next.to_owned());
        Next { next }.path()
    }

    #[test]
    fn the_login_leads_only_into_the_desk() {
        assert_eq!(Next { next: None }.path(), "/desk");
        for inside in ["/desk", "/desk?date=2013-07-04", "/desk/flights/1"] {
            assert_eq!(path(inside), inside);
        }
        let outside = [
            "",
            "/",
            "/about",
            "/deskrun",
            "//example.com/desk",
            "https://example.com/desk",
            "desk",
            "\\\\example.com",
        ];
        for outside in outside {
            assert_eq!(path(outside), "/desk", "{outside}");
        }
    }
}
