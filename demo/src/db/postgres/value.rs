//! Parameters and columns as PostgreSQL has them.

use std::error::Error;
use std::sync::Arc;

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::db::{Row, Value};

/// A parameter with its type. It is the value's own, so that a number too large for a column is
/// found nowhere instead of being an error; a null takes the type that the query gives it.
pub(super) fn typed(value: &Value) -> (&(dyn ToSql + Sync), Type) {
    let kind = match value {
        Value::Null => Type::UNKNOWN,
        Value::Integer(_) => Type::INT8,
        Value::Real(_) => Type::FLOAT8,
        Value::Text(_) => Type::TEXT,
        Value::Bytes(_) => Type::BYTEA,
    };
    (value, kind)
}

/// The rows of an answer.
pub(super) fn rows(rows: &[tokio_postgres::Row]) -> Result<Vec<Row>, tokio_postgres::Error> {
    let columns = rows.first().map_or(&[][..], |row| row.columns());
    let names = columns.iter().map(|column| column.name().to_owned());
    let names: Arc<[String]> = names.collect();
    let row = |row: &tokio_postgres::Row| {
        let values = (0..names.len()).map(|column| row.try_get(column));
        Ok(Row::new(&names, values.collect::<Result<_, _>>()?))
    };
    rows.iter().map(row).collect()
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(number) => number.to_sql(kind, out),
            Self::Real(number) => number.to_sql(kind, out),
            // No text of PostgreSQL has this character, so a text with it is equal to none. Nor is
            // one with the character that stands for what cannot be shown.
            Self::Text(text) => text.replace('\0', "\u{fffd}").to_sql(kind, out),
            Self::Bytes(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, bytes: &'a [u8]) -> Result<Self, BoxError> {
        Ok(match *kind {
            Type::BOOL => Self::Integer(bool::from_sql(kind, bytes)?.into()),
            Type::INT4 => Self::Integer(i32::from_sql(kind, bytes)?.into()),
            Type::INT8 => Self::Integer(i64::from_sql(kind, bytes)?),
            Type::FLOAT8 => Self::Real(f64::from_sql(kind, bytes)?),
            Type::TEXT => Self::Text(String::from_sql(kind, bytes)?),
            _ => Self::Bytes(Vec::from_sql(kind, bytes)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, BoxError> {
        Ok(Self::Null)
    }

    fn accepts(kind: &Type) -> bool {
        [
            Type::BOOL,
            Type::INT4,
            Type::INT8,
            Type::FLOAT8,
            Type::TEXT,
            Type::BYTEA,
        ]
        .contains(kind)
    }
}

type BoxError = Box<dyn Error + Sync + Send>;
