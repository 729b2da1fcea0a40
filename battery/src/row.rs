//! What a row of the battery is.

use std::fmt::{self, Display};

use futures_util::future::BoxFuture;

/// One row: a property, and the program that tries to break it.
#[derive(Clone, Copy)]
pub struct Row {
    /// What the battery calls it, such as `L1`.
    pub id: &'static str,
    /// What is done, in a few words.
    pub what: &'static str,
    /// Does it. A panic counts as a failure too.
    pub run: fn(Form) -> BoxFuture<'static, Outcome>,
}

/// How much of a row is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As a test: with fewer clients, and with shortened limits.
    Short,
    /// In full.
    Long,
}

/// The figure that a row found, or what failed.
pub type Outcome = Tried<String>;

/// What a step of a row returns: its value, or what failed.
pub type Tried<T = ()> = Result<T, String>;

impl Form {
    /// The value for this form.
    pub fn pick<T>(self, short: T, long: T) -> T {
        match self {
            Self::Short => short,
            Self::Long => long,
        }
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, self.what)
    }
}

/// Any error as what failed.
pub fn failed(error: impl Display) -> String {
    error.to_string()
}

/// Returns a failure with this message unless the condition holds.
#[macro_export]
macro_rules! check {
    ($condition:expr, $($message:tt)+) => {{
        // A binding, because a negated comparison of floats reads as a mistake to clippy.
        let holds: bool = $condition;
        if !holds {
            return Err(format!($($message)+));
        }
    }};
}
