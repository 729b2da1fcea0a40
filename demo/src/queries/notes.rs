//! What people write about flights.

use std::fmt;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension, Row, Transaction};

use crate::date::Date;
use crate::db::Db;
use crate::queries::Flight;
use crate::queries::flights::flight;

/// A note about a flight.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Note {
    /// Its number.
    pub id: i64,
    /// What it is about.
    pub kind: Kind,
    /// What it says.
    pub text: String,
    /// Name of who wrote it.
    pub author: String,
    /// The flight.
    pub flight: Flight,
}

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Why a flight was late or did not leave.
    Delay,
    /// The weather at either end.
    Weather,
    /// The plane.
    Aircraft,
    /// Anything else.
    Other,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Delay, Self::Weather, Self::Aircraft, Self::Other];

    /// The kind with this value.
    #[must_use]
    pub fn from_value(value: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.value() == value)
    }

    /// How forms and the database write it.
    #[must_use]
    pub fn value(self) -> &'static str {
        match self {
            Self::Delay => "delay",
            Self::Weather => "weather",
            Self::Aircraft => "aircraft",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Delay => "Delay",
            Self::Weather => "Weather",
            Self::Aircraft => "Aircraft",
            Self::Other => "Other",
        })
    }
}

impl ToSql for Kind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.value().to_sql()
    }
}

impl FromSql for Kind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::from_value(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}

/// A note that is not yet written, or what an edited one is to say.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// What it is about.
    pub kind: Kind,
    /// What it says.
    pub text: String,
}

/// The columns of a note and of its flight, whose own `notes` are not counted here.
const NOTES: &str = "
    SELECT notes.id AS note, kind, text, author, flights.*, 0 AS notes
    FROM notes JOIN flights ON flights.id = notes.flight";

impl Db {
    /// The newest notes, up to `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn newest_notes(&self, limit: u16) -> rusqlite::Result<Vec<Note>> {
        let sql = format!("{NOTES} ORDER BY notes.id DESC LIMIT ?1");
        self.rows(sql, (limit,), note).await
    }

    /// The notes about the flights of a day, by the time of departure.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notes_of_day(&self, date: Date) -> rusqlite::Result<Vec<Note>> {
        let sql = format!(
            "{NOTES} WHERE month = ?1 AND day = ?2 ORDER BY sched_dep_time, flights.id, notes.id"
        );
        self.rows(sql, (date.month(), date.day()), note).await
    }

    /// The notes about a flight, in the order in which they were written.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notes_of_flight(&self, flight: u32) -> rusqlite::Result<Vec<Note>> {
        let sql = format!("{NOTES} WHERE flights.id = ?1 ORDER BY notes.id");
        self.rows(sql, (flight,), note).await
    }

    /// The note with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn note(&self, id: i64) -> rusqlite::Result<Option<Note>> {
        self.row(format!("{NOTES} WHERE notes.id = ?1"), (id,), note)
            .await
    }

    /// Writes a note about a flight that exists.
    ///
    /// # Errors
    /// When the database cannot be written, or has no such flight or author.
    pub async fn add_note(
        &self,
        flight: u32,
        author: String,
        draft: Draft,
    ) -> rusqlite::Result<()> {
        self.write(move |connection| {
            connection.execute(
                "INSERT INTO notes (flight, kind, text, author, written)
                 VALUES (?1, ?2, ?3, ?4, unixepoch())",
                (flight, draft.kind, draft.text, author),
            )?;
            Ok(())
        })
        .await
    }

    /// Changes a note. Returns its flight, or `None` when there is no such note any more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn edit_note(&self, id: i64, draft: Draft) -> rusqlite::Result<Option<u32>> {
        self.change_note(id, move |transaction| {
            let update = "UPDATE notes SET kind = ?2, text = ?3 WHERE id = ?1";
            transaction.execute(update, (id, draft.kind, draft.text))
        })
        .await
    }

    /// Deletes a note. Returns its flight, or `None` when there is no such note any more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn delete_note(&self, id: i64) -> rusqlite::Result<Option<u32>> {
        self.change_note(id, move |transaction| {
            transaction.execute("DELETE FROM notes WHERE id = ?1", (id,))
        })
        .await
    }

    async fn change_note(
        &self,
        id: i64,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<usize> + Send + 'static,
    ) -> rusqlite::Result<Option<u32>> {
        self.write(move |connection| {
            let transaction = connection.transaction()?;
            let flight = "SELECT flight FROM notes WHERE id = ?1";
            let flight = transaction
                .query_row(flight, (id,), |row| row.get(0))
                .optional()?;
            change(&transaction)?;
            transaction.commit()?;
            Ok(flight)
        })
        .await
    }
}

fn note(row: &Row<'_>) -> rusqlite::Result<Note> {
    Ok(Note {
        id: row.get("note")?,
        kind: row.get("kind")?,
        text: row.get("text")?,
        author: row.get("author")?,
        flight: flight(row)?,
    })
}
