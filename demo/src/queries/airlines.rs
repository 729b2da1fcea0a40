//! The airlines by their codes.

use crate::db::{Db, Result, params};

/// An airline that flies from New York.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Airline {
    /// Its code, two letters or digits.
    pub code: String,
    /// Its name.
    pub name: String,
}

impl Airline {
    /// The name without its legal form.
    #[must_use]
    pub fn short_name(&self) -> &str {
        short_name(&self.name)
    }
}

/// The name of an airline without its legal form.
pub(crate) fn short_name(name: &str) -> &str {
    [" Inc.", " Co.", " Corporation"]
        .iter()
        .fold(name, |name, form| name.trim_end_matches(form))
}

const AIRLINE: &str = "SELECT carrier, name FROM airlines WHERE carrier = $1";

impl Db {
    /// The airline with this code, which is case-sensitive.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn airline(&self, code: String) -> Result<Option<Airline>> {
        self.row(AIRLINE, params![code], |row| {
            Ok(Airline {
                code: row.get("carrier")?,
                name: row.get("name")?,
            })
        })
        .await
    }
}
