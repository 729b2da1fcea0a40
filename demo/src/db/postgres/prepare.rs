//! Makes sure that the database is complete: brings its schema up to date and fills it.
//!
//! All of it is one transaction, so others see the database as it was or as it will be, and a crash
//! leaves nothing half done.

use tokio_postgres::{Client, Transaction};

use super::import::{fingerprint, import};
use crate::db::{BoxError, Fault, Prepared, Table};

/// Kept by whoever prepares the database: "NYCF" in ASCII, like the mark of the SQLite file.
const LOCK: i64 = 0x4e59_4346;

/// What the schema is made of, each applied once and in this order. A change is one more, never an
/// edit: databases remember how many they have had.
const MIGRATIONS: [&str; 3] = [
    include_str!("functions.sql"),
    include_str!("flights.sql"),
    include_str!("desk.sql"),
];

const MEMORY: &str = "
    CREATE TABLE IF NOT EXISTS migrations (
        number  INTEGER PRIMARY KEY,
        applied TIMESTAMPTZ NOT NULL DEFAULT now()
    )";

pub(super) async fn prepare(
    client: &mut Client,
    tables: &[Table<'_>],
) -> Result<Prepared, BoxError> {
    let transaction = client.transaction().await?;
    lock(&transaction).await?;
    migrate(&transaction).await?;
    let imported = "SELECT fingerprint FROM imported";
    let imported = transaction.query_opt(imported, &[]).await?;
    let prepared = match imported.map(|row| row.try_get::<_, i32>(0)).transpose()? {
        Some(found) if found == fingerprint(tables) => Prepared::Found,
        Some(_) => Prepared::Rebuilt(Fault::Outdated),
        None => Prepared::Created,
    };
    if let Prepared::Rebuilt(fault) = &prepared {
        eprintln!("Importing the flights anew: {fault}");
    }
    if prepared != Prepared::Found {
        import(&transaction, tables).await?;
    }
    transaction.commit().await?;
    Ok(prepared)
}

/// Waits for others that prepare the database. The lock ends with the transaction.
async fn lock(transaction: &Transaction<'_>) -> Result<(), BoxError> {
    let try_lock = "SELECT pg_try_advisory_xact_lock($1)";
    let row = transaction.query_one(try_lock, &[&LOCK]).await?;
    if !row.try_get::<_, bool>(0)? {
        eprintln!("Waiting for another process that prepares the database");
        let lock = "SELECT pg_advisory_xact_lock($1)";
        transaction.execute(lock, &[&LOCK]).await?;
    }
    Ok(())
}

/// Applies the migrations that the database has not had.
async fn migrate(transaction: &Transaction<'_>) -> Result<(), BoxError> {
    transaction.batch_execute(MEMORY).await?;
    let last = "SELECT coalesce(max(number), 0) FROM migrations";
    let last: i32 = transaction.query_one(last, &[]).await?.try_get(0)?;
    for (number, migration) in (1_i32..).zip(MIGRATIONS) {
        if number > last {
            transaction.batch_execute(migration).await?;
            let applied = "INSERT INTO migrations (number) VALUES ($1)";
            transaction.execute(applied, &[&number]).await?;
        }
    }
    Ok(())
}
