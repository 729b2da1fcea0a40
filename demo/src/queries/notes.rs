//! What people write about flights.

use std::fmt;

use crate::date::Date;
use crate::db::{Db, FromValue, Query, Result, Row, Value, params};
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

impl From<Kind> for Value {
    fn from(kind: Kind) -> Self {
        kind.value().into()
    }
}

impl FromValue for Kind {
    fn from_value(value: &Value) -> Option<Self> {
        Self::from_value(&String::from_value(value)?)
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
    pub async fn newest_notes(&self, limit: u16) -> Result<Vec<Note>> {
        let sql = format!("{NOTES} ORDER BY notes.id DESC LIMIT $1");
        self.rows(sql, params![limit], note).await
    }

    /// The notes about the flights of a day, by the time of departure.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notes_of_day(&self, date: Date) -> Result<Vec<Note>> {
        let sql = format!(
            "{NOTES} WHERE month = $1 AND day = $2 ORDER BY sched_dep_time, flights.id, notes.id"
        );
        self.rows(sql, params![date.month(), date.day()], note)
            .await
    }

    /// The notes about a flight, in the order in which they were written.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn notes_of_flight(&self, flight: u32) -> Result<Vec<Note>> {
        let sql = format!("{NOTES} WHERE flights.id = $1 ORDER BY notes.id");
        self.rows(sql, params![flight], note).await
    }

    /// The note with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn note(&self, id: i64) -> Result<Option<Note>> {
        self.row(format!("{NOTES} WHERE notes.id = $1"), params![id], note)
            .await
    }

    /// Writes a note about a flight that exists.
    ///
    /// # Errors
    /// When the database cannot be written, or has no such flight or author.
    pub async fn add_note(&self, flight: u32, author: String, draft: Draft) -> Result<()> {
        let insert = Query::new(
            "INSERT INTO notes (flight, kind, text, author, written)
             VALUES ($1, $2, $3, $4, unixepoch())",
            params![flight, draft.kind, draft.text, author],
        );
        self.write([insert]).await?;
        Ok(())
    }

    /// Changes a note. Returns its flight, or `None` when there is no such note any more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn edit_note(&self, id: i64, draft: Draft) -> Result<Option<u32>> {
        let update = "UPDATE notes SET kind = $2, text = $3 WHERE id = $1 RETURNING flight";
        self.change_note(Query::new(update, params![id, draft.kind, draft.text]))
            .await
    }

    /// Deletes a note. Returns its flight, or `None` when there is no such note any more.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn delete_note(&self, id: i64) -> Result<Option<u32>> {
        let delete = "DELETE FROM notes WHERE id = $1 RETURNING flight";
        self.change_note(Query::new(delete, params![id])).await
    }

    async fn change_note(&self, change: Query) -> Result<Option<u32>> {
        let changed = self.write([change]).await?;
        changed.first().map(|row| row.get("flight")).transpose()
    }
}

fn note(row: &Row) -> Result<Note> {
    Ok(Note {
        id: row.get("note")?,
        kind: row.get("kind")?,
        text: row.get("text")?,
        author: row.get("author")?,
        flight: flight(row)?,
    })
}
