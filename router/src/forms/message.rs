//! What is wrong with a form, for the person who filled it in; and as an error of serde.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

/// A text about one field, or about the form as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) field: Option<String>,
    pub(super) text: String,
}

pub(super) const REQUIRED: &str = "Please fill in this field.";

/// What is wrong with the fields, in one line, for who reads logs.
pub(super) fn of_fields(messages: &[Message]) -> String {
    let of_field = |message: &Message| {
        let name = message.field.as_ref()?;
        Some(format!("{name}: {}", message.text))
    };
    let lines: Vec<_> = messages.iter().filter_map(of_field).collect();
    lines.join(" ")
}

/// Why a form did not become a value.
#[derive(Debug)]
pub(super) enum Error {
    /// The type wants a field that is not there.
    Missing(&'static str),
    /// A field is there, and does not fit.
    Field { name: String, text: String },
    /// Somebody's text, without a field until [`at`](Error::at) names one.
    Text(String),
}

impl Error {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Says which field was being read.
    pub(super) fn at(self, name: &str) -> Self {
        match self {
            Self::Text(text) => Self::Field {
                name: name.to_owned(),
                text,
            },
            placed => placed,
        }
    }
}

impl de::StdError for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(name) => write!(f, "{name}: {REQUIRED}"),
            Self::Field { name, text } => write!(f, "{name}: {text}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Serde's own wordings quote what was submitted, which may be a password; these do not.
impl de::Error for Error {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self::Text(text.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Text(format!("Please enter {expected}."))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Text(format!("Please enter {expected}."))
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::Text(format!("Please enter {expected}."))
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::text("Please choose one of the options.")
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::text("The form has a field that does not belong to it.")
    }

    fn missing_field(name: &'static str) -> Self {
        Self::Missing(name)
    }
}
