//! The database that all tests share.

use std::path::Path;
use std::sync::OnceLock;

use demo::db::{Db, TABLES, prepare};

/// Opens the shared database. It is imported once and stays in the target folder.
pub(crate) fn flights() -> Db {
    flights_over(4)
}

/// Opens the shared database with a pool of this size.
pub(crate) fn flights_over(connections: usize) -> Db {
    static PREPARED: OnceLock<()> = OnceLock::new();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("flights.sqlite");
    PREPARED.get_or_init(|| {
        prepare(&path, &TABLES).expect("the tables import");
    });
    Db::connect(&path, connections).expect("the database opens")
}
