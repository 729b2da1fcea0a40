//! Compressed CSV tables in, a finished SQLite file out.

use std::fs::File;
use std::path::Path;

use flate2::Crc;
use flate2::read::GzDecoder;
use rusqlite::Connection;

use super::progress::Progress;
use super::{BoxError, Table};

const SCHEMA: &str = include_str!("schema.sql");

/// How the CSV tables write a missing value.
const MISSING: &str = "NA";

/// Marks the file as ours: "NYCF" in ASCII.
pub(super) const APPLICATION_ID: i32 = 0x4e59_4346;

/// A checksum over schema and tables, so that a file made from others is recognized.
pub(super) fn fingerprint(tables: &[Table<'_>]) -> i32 {
    let mut crc = Crc::new();
    crc.update(SCHEMA.as_bytes());
    for table in tables {
        crc.update(table.name.as_bytes());
        crc.update(table.trailer());
    }
    i32::from_ne_bytes(crc.sum().to_ne_bytes())
}

/// Writes a new database to `path`, which must not exist yet.
///
/// Application id and fingerprint are written last: a file that has both is complete.
pub(super) fn import(path: &Path, tables: &[Table<'_>]) -> Result<(), BoxError> {
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
    let progress = Progress::new(tables.iter().map(|table| table.rows).sum());
    for table in tables {
        progress.begin(table.name);
        fill(&transaction, table, &progress)?;
        progress.end(table.name, table.rows);
    }
    progress.finish();
    transaction.commit()?;

    connection.pragma_update(None, "user_version", fingerprint(tables))?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.close().map_err(|(_, error)| error)?;
    File::open(path)?.sync_all()?;
    Ok(())
}

/// Inserts the rows of one table. The header names the columns; the types are the schema's.
fn fill(connection: &Connection, table: &Table<'_>, progress: &Progress) -> Result<(), BoxError> {
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
        progress.row();
    }
    if count == table.rows {
        Ok(())
    } else {
        let Table { name, rows, .. } = table;
        Err(format!("table {name} has {count} rows instead of {rows}").into())
    }
}
