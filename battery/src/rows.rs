//! All rows of the battery.

pub mod faults;
pub mod hostile;
pub mod load;
pub mod protocols;
pub mod shutdown;
pub mod slow;
pub mod truth;

use crate::Row;

/// All rows, in the order of the battery.
pub fn all() -> impl Iterator<Item = &'static Row> {
    [
        load::ROWS,
        slow::ROWS,
        faults::ROWS,
        truth::ROWS,
        shutdown::ROWS,
        protocols::ROWS,
        hostile::ROWS,
    ]
    .into_iter()
    .flatten()
}

/// The row of that name, in capitals or not.
#[must_use]
pub fn find(id: &str) -> Option<&'static Row> {
    all().find(|row| row.id.eq_ignore_ascii_case(id))
}
