//! The account of the demo, and the check of a password.

use anabranch::prelude::*;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use rusqlite::Connection;
use tokio::sync::Semaphore;
use tokio::task;

use crate::db::{BoxError, Db};

/// The name of the demo's account.
pub const USER: &str = "dispatcher";

/// The password of the demo's account. It is no secret: the login page shows it.
pub const PASSWORD: &str = "cleared-for-takeoff";

/// How many passwords are checked at a time: each check takes 19 MiB, and one core for as long.
static CHECKS: Semaphore = Semaphore::const_new(2);

/// Creates the account, unless there is one.
pub(crate) fn create(connection: &Connection) -> Result<(), BoxError> {
    let users = "SELECT EXISTS (SELECT 1 FROM users)";
    if connection.query_row(users, [], |row| row.get(0))? {
        return Ok(());
    }
    let hash = Argon2::default().hash_password(PASSWORD.as_bytes())?;
    // Another process may have been faster.
    let insert = "INSERT OR IGNORE INTO users (name, password) VALUES (?1, ?2)";
    if connection.execute(insert, (USER, hash.to_string()))? > 0 {
        tracing::info!("the account of the desk is {USER}, its password {PASSWORD}");
    }
    Ok(())
}

impl Db {
    /// Whether there is an account with this name and password.
    ///
    /// # Errors
    /// When the database cannot be read, or holds no sound hash.
    pub(crate) async fn may_log_in(&self, name: String, password: String) -> Result<bool> {
        let asked = name.clone();
        // Any other account stands in for an unknown one, so that both take the same time.
        let any = "SELECT name, password FROM users ORDER BY name = ?1 DESC LIMIT 1";
        let (known, hash): (String, String) = self
            .query(move |connection| {
                connection.query_row(any, (asked,), |row| Ok((row.get(0)?, row.get(1)?)))
            })
            .await?;
        let _permit = CHECKS.acquire().await?;
        let is_right = task::spawn_blocking(move || verify(&password, &hash)).await??;
        Ok(is_right && known == name)
    }
}

fn verify(password: &str, hash: &str) -> password_hash::Result<bool> {
    let hash = PasswordHash::new(hash)?;
    match Argon2::default().verify_password(password.as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(error),
    }
}
