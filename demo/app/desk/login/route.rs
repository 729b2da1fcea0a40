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
    /// Where to go: to a page of the desk, whatever somebody wrote into a link.
    pub(super) fn path(&self) -> String {
        let next = self.next.as_deref().filter(|next| is_page(next));
        next.map_or_else(|| href::desk().to_string(), str::to_owned)
    }
}

/// Whether a page of the desk has this address. The guard sends here whoever wanted anything of the
/// desk, also what only a form asks for, such as the logout.
fn is_page(address: &str) -> bool {
    let path = address.split('?').next().unwrap_or_default();
    let (_, id) = path.rsplit_once('/').unwrap_or_default();
    let id: i64 = id.parse().unwrap_or_default();
    let pages = [
        href::desk(),
        href::desk::flights::id(id),
        href::desk::notes::id(id),
    ];
    address.bytes().all(|byte| byte.is_ascii_graphic())
        && pages.iter().any(|page| page.to_string() == path)
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
    fn the_login_leads_only_to_pages_of_the_desk() {
        assert_eq!(Next { next: None }.path(), "/desk");
        let pages = [
            "/desk",
            "/desk?date=2013-07-04&flight=UA+1106",
            "/desk/flights/1",
            "/desk/notes/1",
        ];
        for page in pages {
            assert_eq!(path(page), page);
        }
        let others = [
            "/desk/logout",
            "/desk/login?next=/desk/login",
            "/desk/notes/1/delete",
            "/desk/notes",
            "/desk/flights/../logout",
            "/desk/flights/..",
            "/desk/",
            "/desk?\n",
            "",
            "/",
            "/about",
            "/deskrun",
            "//example.com/desk",
            "https://example.com/desk",
            "desk",
            "\\\\example.com",
        ];
        for other in others {
            assert_eq!(path(other), "/desk", "{other}");
        }
    }
}
