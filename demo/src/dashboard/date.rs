//! Days of the year 2013.

use std::fmt;

const MONTHS: [(&str, u16); 12] = [
    ("January", 31),
    ("February", 28),
    ("March", 31),
    ("April", 30),
    ("May", 31),
    ("June", 30),
    ("July", 31),
    ("August", 31),
    ("September", 30),
    ("October", 31),
    ("November", 30),
    ("December", 31),
];

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The first of January 2013 was a Tuesday.
const FIRST_WEEKDAY: u16 = 1;

/// A day of 2013, shown as "Fri 8 March".
#[derive(Clone, Copy, Debug)]
pub(super) struct Date {
    month: usize,
    day: u16,
}

impl Date {
    /// The date of a month from 1 to 12 and a day from 1 to 31.
    pub(super) fn new(month: u8, day: u8) -> Self {
        Self {
            month: usize::from(month.clamp(1, 12)) - 1,
            day: u16::from(day),
        }
    }

    /// Week of the year from 0, and day of the week from 0 for Monday.
    pub(super) fn week_and_weekday(self) -> (u16, u16) {
        let before: u16 = MONTHS[..self.month].iter().map(|(_, days)| days).sum();
        let days = FIRST_WEEKDAY + before + self.day.saturating_sub(1);
        (days / 7, days % 7)
    }

    /// The date without its weekday: "8 March".
    pub(super) fn short(self) -> String {
        format!("{} {}", self.day, MONTHS[self.month].0)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, weekday) = self.week_and_weekday();
        write!(f, "{} {}", WEEKDAYS[usize::from(weekday)], self.short())
    }
}

/// The first day of each month with the month's short name.
pub(super) fn months() -> impl Iterator<Item = (&'static str, Date)> {
    MONTHS
        .iter()
        .enumerate()
        .map(|(month, (name, _))| (&name[..3], Date { month, day: 1 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_their_weekdays() {
        assert_eq!(Date::new(1, 1).to_string(), "Tue 1 January");
        assert_eq!(Date::new(3, 8).to_string(), "Fri 8 March");
        assert_eq!(Date::new(12, 31).to_string(), "Tue 31 December");
        assert_eq!(Date::new(12, 31).week_and_weekday(), (52, 1));
    }
}
