//! Compressed CSV tables in, a finished SQLite file out.

use std::fs::File;
use std::path::Path;

use flate2::read::GzDecoder;
use rusqlite::Connection;

use crate::db::progress::Progress;
use crate::db::tables::{self, INDEXES, MISSING};
use crate::db::{BoxError, Table};

const SCHEMA: &str = include_str!("schema.sql");
const DESK: &str = include_str!("desk.sql");

/// Marks the file as ours: "NYCF" in ASCII.
pub(super) const APPLICATION_ID: i32 = 0x4e59_4346;

/// What a file of this schema with these tables is recognized by.
pub(super) fn fingerprint(tables: &[Table<'_>]) -> i32 {
    tables::fingerprint(&[SCHEMA, INDEXES, DESK], tables)
}

/// Writes a new database to `path`, which must not exist yet, with what people wrote into the
/// database at `old`, if there is one.
///
/// Application id and fingerprint are written last: a file that has both is complete.
pub(super) fn import(
    path: &Path,
    tables: &[Table<'_>],
    old: Option<&Path>,
) -> Result<(), BoxError> {
    let mut connection = Connection::open(path)?;
    // A crash loses the file as a whole, so there is nothing a journal could save.
    connection.execute_batch(
        "PRAGMA journal_mode = OFF;
         PRAGMA synchronous = OFF;
         PRAGMA locking_mode = EXCLUSIVE;
         PRAGMA cache_size = -65536;",
    )?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    transaction.execute_batch(DESK)?;
    let mut progress = Progress::new(tables);
    for table in tables {
        progress.begin(table);
        fill(&transaction, table, &mut progress)?;
        progress.end(table);
    }
    transaction.execute_batch(INDEXES)?;
    progress.finish();
    transaction.commit()?;

    connection.close().map_err(|(_, error)| error)?;

    let connection = Connection::open(path)?;
    if let Some(old) = old {
        carry_over(&connection, old)?;
    }
    connection.pragma_update(None, "user_version", fingerprint(tables))?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    // With a write-ahead log, a note is written while long queries read.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.close().map_err(|(_, error)| error)?;
    File::open(path)?.sync_all()?;
    Ok(())
}

/// Copies the tables of `desk.sql` that `old` has.
fn carry_over(connection: &Connection, old: &Path) -> Result<(), BoxError> {
    let old = old
        .to_str()
        .ok_or("the path of the database is not UTF-8")?;
    connection.execute("ATTACH ?1 AS old", [old])?;
    // Referenced tables first.
    for table in ["users", "sessions", "keys", "notes"] {
        let exists = "SELECT 1 FROM old.sqlite_schema WHERE type = 'table' AND name = ?1";
        if connection.prepare(exists)?.exists([table])? {
            let copy = format!("INSERT INTO main.{table} SELECT * FROM old.{table}");
            connection.execute(&copy, [])?;
        }
    }
    connection.execute("DETACH old", [])?;
    Ok(())
}

/// Inserts the rows of one table. The header names the columns; the types are the schema's.
fn fill(
    connection: &Connection,
    table: &Table<'_>,
    progress: &mut Progress,
) -> Result<(), BoxError> {
    let mut rows = csv::Reader::from_reader(GzDecoder::new(table.gzip));
    let columns: Vec<&str> = rows.headers()?.iter().collect();
    let mut insert = connection.prepare(&format!(
        "INSERT INTO {} ({}) VALUES ({})",
        table.name,
        columns.join(", "),
        vec!["?"; columns.len()].join(", "),
    ))?;

    let mut count = 0;
    let mut row = csv::StringRecord::new();
    while rows.read_record(&mut row)? {
        for (column, text) in row.iter().enumerate() {
            let value = (text != MISSING).then_some(text);
            insert.raw_bind_parameter(column + 1, value)?;
        }
        insert.raw_execute()?;
        count += 1;
        progress.add(1);
    }
    table.check(count)
}
