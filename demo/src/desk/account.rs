//! The account of the demo, and the check of a password.

use anabranch::prelude::*;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use tokio::task;

use crate::db::{BoxError, Db, Error, Query, Store, params};

/// The name of the demo's account.
pub const USER: &str = "dispatcher";

/// The password of the demo's account. It is no secret: the login page shows it.
pub const PASSWORD: &str = "cleared-for-takeoff";

/// How many passwords are checked at a time: each check takes 19 MiB, and one core for as long.
static CHECKS: Semaphore = Semaphore::const_new(2);

/// Creates the account, unless there is one.
pub(crate) async fn create_account(store: &impl Store) -> Result<(), BoxError> {
    let users = Query::new("SELECT name FROM users LIMIT 1", params![]);
    if !store.read(users).await?.is_empty() {
        return Ok(());
    }
    let hash = task::spawn_blocking(|| Argon2::default().hash_password(PASSWORD.as_bytes()));
    // Another process may have been faster.
    let insert = "INSERT INTO users (name, password) VALUES ($1, $2)
                  ON CONFLICT DO NOTHING RETURNING name";
    let insert = Query::new(insert, params![USER, hash.await??.to_string()]);
    if !store.write(vec![insert]).await?.is_empty() {
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
        // Any other account stands in for an unknown one, so that both take the same time.
        let any = "SELECT name, password FROM users ORDER BY name = $1 DESC LIMIT 1";
        let account = self.row(any, params![name.as_str()], |row| {
            Ok((row.get::<String>("name")?, row.get::<String>("password")?))
        });
        let (known, hash) = account.await?.ok_or_else(Error::no_row)?;
        Ok(check(password, hash).await? && known == name)
    }
}

/// Whether the password has this hash, once it is its turn to be checked.
async fn check(password: String, hash: String) -> Result<bool> {
    let permit = CHECKS.acquire().await?;
    let verified = task::spawn_blocking(move || {
        // It is given back when the check ends: this goes on when nobody waits for it any more.
        let _permit = permit;
        verify(&password, &hash)
    });
    Ok(verified.await??)
}

fn verify(password: &str, hash: &str) -> password_hash::Result<bool> {
    let hash = PasswordHash::new(hash)?;
    match Argon2::default().verify_password(password.as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use futures_util::FutureExt;
    use tokio::runtime;

    use super::*;

    #[test]
    fn a_check_counts_until_it_ends_whoever_has_left() {
        // The one thread for checks waits at a gate.
        let runtime = runtime::Builder::new_current_thread()
            .max_blocking_threads(1)
            .build()
            .unwrap();
        runtime.block_on(async {
            let (open, gate) = mpsc::channel();
            let held = task::spawn_blocking(move || gate.recv());

            // No client of these waits for longer than the first poll.
            let leave = || check(PASSWORD.to_owned(), "no hash".to_owned()).now_or_never();
            for free in [1, 0, 0, 0] {
                assert!(leave().is_none());
                assert_eq!(CHECKS.available_permits(), free);
            }

            open.send(()).unwrap();
            held.await.unwrap().unwrap();
            drop(CHECKS.acquire_many(2).await.unwrap());
        });
    }
}
