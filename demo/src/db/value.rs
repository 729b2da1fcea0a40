//! What goes into a query and comes out of it, whichever store answers.

use std::sync::Arc;

use super::{Error, Result};

/// A value of a parameter or of a column.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// None.
    Null,
    /// A whole number; 0 or 1 for a truth value.
    Integer(i64),
    /// Any other number.
    Real(f64),
    /// A text.
    Text(String),
    /// Bytes that are no text.
    Bytes(Vec<u8>),
}

/// The values for the parameters of a query, in their order.
macro_rules! params {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Value::from($value)),*] };
}
pub(crate) use params;

/// A row that a query yields.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    // Shared by the rows of an answer.
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    /// A row with as many values as columns.
    pub(super) fn new(columns: &Arc<[String]>, values: Vec<Value>) -> Self {
        let columns = Arc::clone(columns);
        Self { columns, values }
    }

    /// The value of the first column with this name.
    ///
    /// # Errors
    /// When there is no such column, or its value is of another type.
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T> {
        let mut cells = self.columns.iter().zip(&self.values);
        let cell = cells.find(|(name, _)| *name == column);
        let value = cell.and_then(|(_, value)| T::from_value(value));
        value.ok_or_else(|| Error::column(column))
    }
}

/// A type that a column may be read as.
pub trait FromValue: Sized {
    /// The value as this type, if it is one of it.
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! integers {
    ($($integer:ty),*) => { $(
        impl From<$integer> for Value {
            fn from(number: $integer) -> Self {
                Self::Integer(number.into())
            }
        }

        impl FromValue for $integer {
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    Value::Integer(number) => Self::try_from(*number).ok(),
                    _ => None,
                }
            }
        }
    )* };
}
integers!(u8, u16, u32, i32, i64);

impl FromValue for bool {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(*number != 0),
            _ => None,
        }
    }
}

impl FromValue for f64 {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Real(number) => Some(*number),
            // A sum of nothing.
            Value::Integer(number) => Some(*number as Self),
            _ => None,
        }
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => Some(bytes.clone()),
            _ => None,
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_owned())
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, T::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: impl Into<Value>) -> Row {
        let columns = Arc::from(["n".to_owned()]);
        Row::new(&columns, vec![value.into()])
    }

    #[test]
    fn a_column_is_read_as_what_it_is() {
        assert_eq!(row(7_u8).get::<u32>("n").unwrap(), 7);
        assert_eq!(row(7_u8).get::<f64>("n").unwrap(), 7.0);
        assert!(row(1_u8).get::<bool>("n").unwrap());
        assert_eq!(row("x").get::<Option<String>>("n").unwrap().unwrap(), "x");
        assert_eq!(row(None::<u8>).get::<Option<String>>("n").unwrap(), None);
    }

    #[test]
    fn any_other_type_is_an_error_that_names_the_column() {
        assert!(row("7").get::<u32>("n").is_err());
        assert!(row(-1).get::<u32>("n").is_err());
        assert!(row(256).get::<u8>("n").is_err());
        assert!(row(None::<u8>).get::<u8>("n").is_err());
        let error = row(7_u8).get::<u8>("m").unwrap_err();
        assert_eq!(error.to_string(), "column m has no such value");
    }
}
