//! Where the data is kept, from the environment.

use std::env;
use std::path::PathBuf;

use tokio_postgres::Config;

use super::BoxError;

/// Where the data is kept.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Place {
    /// In a file of this machine, by SQLite.
    File(PathBuf),
    /// On a server that other machines may share, by PostgreSQL.
    Server(Box<Config>),
}

impl Place {
    /// The place that `DEMO_DB` names: an address such as `postgres://demo@db.internal/flights`, or
    /// else the path of a file. Without it, a file beside the program, which is the target folder
    /// under `cargo run`.
    ///
    /// # Errors
    /// When the address is none, or the system does not say where the program is.
    pub fn from_env() -> Result<Self, BoxError> {
        match env::var_os("DEMO_DB") {
            Some(name) => match name.to_str().filter(|name| is_address(name)) {
                Some(address) => Ok(Self::Server(Box::new(address.parse()?))),
                None => Ok(Self::File(name.into())),
            },
            None => Ok(Self::File(
                env::current_exe()?.with_file_name("flights.sqlite"),
            )),
        }
    }
}

fn is_address(name: &str) -> bool {
    ["postgres://", "postgresql://"]
        .iter()
        .any(|scheme| name.starts_with(scheme))
}
