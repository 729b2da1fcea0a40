//! Makes sure that a complete database file is there: finds it, checks it, builds it.
//!
//! A new file is built beside its place and moved there when it is complete, so whoever opens the
//! place sees a whole file or none. A lock file keeps two processes from building at once; the
//! second one waits and then finds the file of the first.
//!
//! What people wrote is never lost: it moves to the new file, or the old file is kept.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::import::{APPLICATION_ID, fingerprint, import};
use crate::db::{BoxError, Fault, Prepared, Table};

/// What SQLite adds to the path for its write-ahead log, and for the index of it.
const LOG: &str = "-wal";
const LOG_INDEX: &str = "-shm";

/// Leaves a complete database of `tables` at `path`.
pub(super) fn prepare(path: &Path, tables: &[Table<'_>]) -> Result<Prepared, BoxError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // The lock ends with this variable, or with the process.
    let _lock = lock(&beside(path, "-lock"))?;
    if !path.try_exists()? {
        build(path, tables, None)?;
        return Ok(Prepared::Created);
    }
    let Err(fault) = inspect(path, tables) else {
        return Ok(Prepared::Found);
    };
    eprintln!("Rebuilding {}: {fault}", path.display());
    match &fault {
        Fault::Foreign => build_beside_kept(path, tables)?,
        Fault::Outdated | Fault::Damaged(_) | Fault::Incomplete(_) => {
            if let Err(error) = build(path, tables, Some(path)) {
                eprintln!("Its notes cannot be moved to the new file: {error}");
                build_beside_kept(path, tables)?;
            }
        }
    }
    Ok(Prepared::Rebuilt(fault))
}

/// Keeps the file that is there under another name.
fn build_beside_kept(path: &Path, tables: &[Table<'_>]) -> Result<(), BoxError> {
    let kept = free_name(path)?;
    fs::rename(path, &kept)?;
    if beside(path, LOG).try_exists()? {
        // Without it the file would lack what was written last.
        fs::rename(beside(path, LOG), beside(&kept, LOG))?;
    }
    eprintln!("The file that was there is now {}", kept.display());
    build(path, tables, None)
}

/// The first name for a file to keep that nothing has, so that no other one is replaced. The lock
/// keeps it free.
fn free_name(path: &Path) -> io::Result<PathBuf> {
    let mut number = 1_u64;
    loop {
        let kept = match number {
            1 => beside(path, "-kept"),
            _ => beside(path, &format!("-kept-{number}")),
        };
        if is_free(&kept)? {
            return Ok(kept);
        }
        number += 1;
    }
}

/// Whether there is neither a file here nor a log, which would be replayed into another file.
fn is_free(path: &Path) -> io::Result<bool> {
    for suffix in ["", LOG, LOG_INDEX] {
        match fs::symlink_metadata(beside(path, suffix)) {
            // A link that leads nowhere is something, too.
            Ok(_) => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// Opens a finished database for writing.
pub(super) fn open_to_write(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags)
}

/// Opens a finished database for reading.
pub(super) fn open_read_only(path: &Path) -> rusqlite::Result<Connection> {
    // A connection is used by one thread at a time, so it needs no mutex of its own.
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // Enough to sort all flights in memory, which is what most questions come down to.
    connection.execute_batch(
        "PRAGMA cache_size = -32768;
         PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 268435456;",
    )?;
    Ok(connection)
}

fn lock(path: &Path) -> io::Result<File> {
    let file = File::options().create(true).append(true).open(path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            eprintln!("Waiting for another process that prepares the database");
            file.lock()?;
        }
        Err(TryLockError::Error(error)) => return Err(error),
    }
    Ok(file)
}

fn build(path: &Path, tables: &[Table<'_>], old: Option<&Path>) -> Result<(), BoxError> {
    let partial = beside(path, "-partial");
    remove(&partial)?;
    import(&partial, tables, old)?;
    // The log of an old file says nothing about the new one.
    remove(&beside(path, LOG))?;
    remove(&beside(path, LOG_INDEX))?;
    fs::rename(&partial, path)?;
    Ok(())
}

/// Removes a file, if it is there.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn inspect(path: &Path, tables: &[Table<'_>]) -> Result<(), Fault> {
    let connection = open_read_only(path)?;
    if number(&connection, "PRAGMA application_id")? != i64::from(APPLICATION_ID) {
        return Err(Fault::Foreign);
    }
    if number(&connection, "PRAGMA user_version")? != i64::from(fingerprint(tables)) {
        return Err(Fault::Outdated);
    }
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(Fault::Damaged(verdict));
    }
    for table in tables {
        let rows = number(&connection, &format!("SELECT count(*) FROM {}", table.name))?;
        if u64::try_from(rows) != Ok(table.rows) {
            return Err(Fault::Incomplete(table.name.to_owned()));
        }
    }
    Ok(())
}

fn number(connection: &Connection, sql: &str) -> rusqlite::Result<i64> {
    connection.query_row(sql, [], |row| row.get(0))
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Self::Foreign,
            _ => Self::Damaged(error.to_string()),
        }
    }
}

/// The path with `suffix` added to its last part.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}
