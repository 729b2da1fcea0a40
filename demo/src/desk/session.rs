//! A session: a signed cookie with a random token, and the row that the token stands for.

use anabranch::prelude::*;
use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::time::Duration;
use cookie::{Cookie, CookieJar, Key, SameSite};
use sha2::{Digest, Sha256};

use crate::db::{BoxError, Db, Query, Store, params};

const NAME: &str = "desk";

/// A session ends this long after its login, whatever was done in it.
const LIFETIME: Duration = Duration::hours(8);

/// Who is logged in. The guard of the desk puts it into the extensions of each request.
#[derive(Clone, Debug)]
pub struct Session {
    user: String,
    token: Digested,
}

impl Session {
    /// The name of the account.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }
}

/// The hash of a token, by which the database knows it.
type Digested = [u8; 32];

impl Db {
    /// The session that the cookies of a request stand for, unless it has ended.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub(crate) async fn session(&self, headers: &HeaderMap) -> Result<Option<Session>> {
        let Some(token) = self.token(headers) else {
            return Ok(None);
        };
        let sql = "SELECT account FROM sessions WHERE token = $1 AND expires > unixepoch()";
        let account = self.row(sql, params![token], |row| row.get("account"));
        let session = |user| Session { user, token };
        Ok(account.await?.map(session))
    }

    /// Starts a session with a new token, and ends the one that the request may have had: a token
    /// that somebody planted before the login is worth nothing after it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) async fn start_session(
        &self,
        user: String,
        headers: &HeaderMap,
    ) -> Result<Cookie<'static>> {
        let before = self.token(headers);
        let mut token = [0; 32];
        getrandom::fill(&mut token)?;
        let ended = "DELETE FROM sessions WHERE token = $1 OR expires <= unixepoch()";
        let insert = "INSERT INTO sessions (token, account, expires)
                      VALUES ($1, $2, unixepoch() + $3)";
        self.write([
            Query::new(ended, params![before]),
            Query::new(
                insert,
                params![digest(token), user, LIFETIME.whole_seconds()],
            ),
        ])
        .await?;
        let cookie = Cookie::build((NAME, URL_SAFE_NO_PAD.encode(token)));
        Ok(self.sign(with_attributes(cookie.into()).max_age(LIFETIME).into()))
    }

    /// Ends a session, and returns the cookie that takes the place of its own.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub(crate) async fn end_session(&self, session: Session) -> Result<Cookie<'static>> {
        let delete = "DELETE FROM sessions WHERE token = $1";
        self.write([Query::new(delete, params![session.token])])
            .await?;
        Ok(with_attributes(Cookie::from(NAME)).removal().into())
    }

    fn token(&self, headers: &HeaderMap) -> Option<Digested> {
        let mut jar = CookieJar::new();
        let values = headers.get_all(header::COOKIE).iter();
        // A cookie that cannot be read is somebody else's.
        for text in values.filter_map(|value| value.to_str().ok()) {
            for cookie in Cookie::split_parse_encoded(text).flatten() {
                jar.add_original(cookie.into_owned());
            }
        }
        let cookie = jar.signed(self.key()).get(NAME)?;
        let token = URL_SAFE_NO_PAD.decode(cookie.value()).ok()?;
        Some(digest(token))
    }

    fn sign(&self, cookie: Cookie<'static>) -> Cookie<'static> {
        let mut jar = CookieJar::new();
        jar.signed_mut(self.key()).add(cookie);
        jar.get(NAME).cloned().unwrap_or_else(|| NAME.into())
    }
}

/// The key that signs cookies. The store keeps it, made at the first start, so that all who share
/// the store know each other's sessions.
pub(crate) async fn signing_key(store: &impl Store) -> Result<Key, BoxError> {
    let select = || Query::new("SELECT value FROM keys WHERE name = 'cookies'", params![]);
    let mut found = store.read(select()).await?;
    if found.is_empty() {
        // Of two processes that start together, the first makes the key for both.
        let insert = "INSERT INTO keys (name, value) VALUES ('cookies', $1)
                      ON CONFLICT DO NOTHING";
        let insert = Query::new(insert, params![Key::generate().master()]);
        found = store.write(vec![insert, select()]).await?;
    }
    let key = found.first().ok_or("the key of the cookies is gone")?;
    Ok(Key::try_from(&key.get::<Vec<u8>>("value")?[..])?)
}

fn digest(token: impl AsRef<[u8]>) -> Digested {
    Sha256::digest(token).into()
}

/// Not `Secure`, because the demo is served without TLS, on the loopback interface.
fn with_attributes(cookie: Cookie<'static>) -> cookie::CookieBuilder<'static> {
    Cookie::build(cookie)
        .path("/desk")
        .http_only(true)
        .same_site(SameSite::Lax)
}
