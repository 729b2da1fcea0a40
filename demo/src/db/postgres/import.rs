//! Compressed CSV tables in, rows on the server out.

use std::io::{BufRead, BufReader};
use std::pin::pin;

use bytes::Bytes;
use flate2::read::GzDecoder;
use futures_util::SinkExt;
use tokio_postgres::Transaction;

use crate::db::progress::Progress;
use crate::db::tables::{self, INDEXES, MISSING};
use crate::db::{BoxError, Table};

/// How much of a table is sent at once.
const CHUNK: usize = 64 * 1024;

/// What rows of these tables are recognized by.
pub(super) fn fingerprint(tables: &[Table<'_>]) -> i32 {
    tables::fingerprint(&[INDEXES], tables)
}

/// Replaces all rows of the tables. What people wrote stays, and refers to the new flights.
pub(super) async fn import(
    transaction: &Transaction<'_>,
    tables: &[Table<'_>],
) -> Result<(), BoxError> {
    // Notes may refer to flights that are gone until the end, when they are back.
    let start = "SET CONSTRAINTS ALL DEFERRED; ALTER TABLE flights ALTER id RESTART";
    transaction.batch_execute(start).await?;
    let mut progress = Progress::new(tables);
    for table in tables {
        progress.begin(table);
        fill(transaction, table, &mut progress).await?;
        progress.end(table);
    }
    // They must all be back now: a table with checks to come takes no index.
    let check = "SET CONSTRAINTS ALL IMMEDIATE";
    transaction.batch_execute(check).await?;
    transaction.batch_execute(INDEXES).await?;
    progress.finish();
    // Else the first queries are planned for tables without rows.
    transaction.batch_execute("ANALYZE").await?;
    transaction.execute("DELETE FROM imported", &[]).await?;
    let insert = "INSERT INTO imported (fingerprint) VALUES ($1)";
    transaction.execute(insert, &[&fingerprint(tables)]).await?;
    Ok(())
}

/// Replaces the rows of one table. The header names the columns; the types are the schema's.
async fn fill(
    transaction: &Transaction<'_>,
    table: &Table<'_>,
    progress: &mut Progress,
) -> Result<(), BoxError> {
    let delete = format!("DELETE FROM {}", table.name);
    transaction.execute(&delete, &[]).await?;

    let mut text = BufReader::with_capacity(CHUNK, GzDecoder::new(table.gzip));
    let mut columns = String::new();
    text.read_line(&mut columns)?;
    let copy = format!(
        "COPY {} ({}) FROM STDIN (FORMAT csv, NULL '{MISSING}')",
        table.name,
        columns.trim_end(),
    );
    let mut sink = pin!(transaction.copy_in::<_, Bytes>(&copy).await?);
    loop {
        let chunk = text.fill_buf()?;
        if chunk.is_empty() {
            break;
        }
        let lines = chunk.iter().filter(|byte| **byte == b'\n').count();
        let (length, chunk) = (chunk.len(), Bytes::copy_from_slice(chunk));
        sink.send(chunk).await?;
        text.consume(length);
        progress.add(lines as u64);
    }
    table.check(sink.finish().await?)
}
