//! Days of the year 2013.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// The year of all the data.
pub const YEAR: u16 = 2013;

const MONTHS: [(&str, u8); 12] = [
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

const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// The first of January 2013 was a Tuesday.
const FIRST_WEEKDAY: u16 = 1;

/// A day of 2013, shown as "Fri 8 March".
///
/// Its text in addresses is `2013-03-08`. A date of another year, or of no year, is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Date {
    month: u8,
    day: u8,
}

impl Date {
    /// The date of a month from 1 to 12 and a day that this month has.
    #[must_use]
    pub fn new(month: u8, day: u8) -> Option<Self> {
        let (_, days) = MONTHS.get(usize::from(month).checked_sub(1)?)?;
        (1..=*days).contains(&day).then_some(Self { month, day })
    }

    /// All days, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=12).flat_map(Self::of_month)
    }

    /// The days of a month from 1 to 12, in order.
    pub fn of_month(month: u8) -> impl Iterator<Item = Self> {
        (1..=31).filter_map(move |day| Self::new(month, day))
    }

    /// 1 to 12
    #[must_use]
    pub fn month(self) -> u8 {
        self.month
    }

    /// 1 to 31
    #[must_use]
    pub fn day(self) -> u8 {
        self.day
    }

    /// "March"
    #[must_use]
    pub fn month_name(self) -> &'static str {
        MONTHS[usize::from(self.month) - 1].0
    }

    /// The day before, unless that was in another year.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        match self.day {
            1 => Self::of_month(self.month - 1).last(),
            day => Self::new(self.month, day - 1),
        }
    }

    /// The day after, unless that was in another year.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::new(self.month, self.day + 1).or_else(|| Self::new(self.month + 1, 1))
    }

    /// Week of the year from 0, and day of the week from 0 for Monday.
    #[must_use]
    pub fn week_and_weekday(self) -> (u16, u16) {
        let months = &MONTHS[..usize::from(self.month) - 1];
        let before: u16 = months.iter().map(|(_, days)| u16::from(*days)).sum();
        let days = FIRST_WEEKDAY + before + u16::from(self.day) - 1;
        (days / 7, days % 7)
    }

    /// "2013-03-08"
    #[must_use]
    pub fn iso(self) -> String {
        format!("{YEAR}-{:02}-{:02}", self.month, self.day)
    }

    /// The date without its weekday: "8 March".
    #[must_use]
    pub fn short(self) -> String {
        format!("{} {}", self.day, self.month_name())
    }

    /// "Friday, 8 March 2013"
    #[must_use]
    pub fn long(self) -> String {
        format!("{}, {} {YEAR}", self.weekday(), self.short())
    }

    fn weekday(self) -> &'static str {
        let (_, weekday) = self.week_and_weekday();
        WEEKDAYS[usize::from(weekday)]
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", &self.weekday()[..3], self.short())
    }
}

/// A text that is no day of 2013.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoSuchDay;

impl fmt::Display for NoSuchDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a day of 2013, such as 2013-07-04")
    }
}

impl std::error::Error for NoSuchDay {}

/// Reads `2013-03-08`, and `2013/03/08` as well.
impl FromStr for Date {
    type Err = NoSuchDay;

    fn from_str(text: &str) -> Result<Self, NoSuchDay> {
        let read = || {
            let (year, rest) = text.split_at_checked(4)?;
            let (separator, rest) = rest.split_at_checked(1)?;
            let (month, day) = rest.split_once(separator)?;
            let known = year == "2013" && matches!(separator, "-" | "/");
            Self::new(
                two_digits(month)?,
                known.then_some(day).and_then(two_digits)?,
            )
        };
        read().ok_or(NoSuchDay)
    }
}

impl TryFrom<String> for Date {
    type Error = NoSuchDay;

    fn try_from(text: String) -> Result<Self, NoSuchDay> {
        text.parse()
    }
}

/// `parse` alone would take "+7".
fn two_digits(text: &str) -> Option<u8> {
    let are_digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    are_digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(month: u8, day: u8) -> Date {
        Date::new(month, day).unwrap()
    }

    #[test]
    fn dates_have_their_weekdays() {
        assert_eq!(date(1, 1).to_string(), "Tue 1 January");
        assert_eq!(date(3, 8).to_string(), "Fri 8 March");
        assert_eq!(date(3, 8).long(), "Friday, 8 March 2013");
        assert_eq!(date(12, 31).to_string(), "Tue 31 December");
        assert_eq!(date(12, 31).week_and_weekday(), (52, 1));
    }

    #[test]
    fn a_year_has_365_days_one_after_the_other() {
        let days: Vec<_> = Date::all().collect();
        assert_eq!(days.len(), 365);
        for pair in days.windows(2) {
            assert_eq!(pair[0].next(), Some(pair[1]));
            assert_eq!(pair[1].previous(), Some(pair[0]));
        }
        assert_eq!(days[0].previous(), None);
        assert_eq!(days[364].next(), None);
    }

    #[test]
    fn every_day_is_read_as_it_is_written() {
        for day in Date::all() {
            assert_eq!(day.iso().parse(), Ok(day));
        }
        assert_eq!("2013/07/04".parse(), Ok(date(7, 4)));
    }

    #[test]
    fn what_is_no_day_of_the_year_is_refused() {
        let texts = [
            "",
            "2013",
            "2013-",
            "2013-07",
            "2013-7-4",
            "2013-02-29",
            "2013-02-30",
            "2013-00-01",
            "2013-13-01",
            "2013-01-00",
            "2013-01-32",
            "2014-01-01",
            "2012-12-31",
            "2013-07/04",
            "2013/07-04",
            "20130704",
            "2013-07-04T00:00",
            "2013-07-04 ",
            "2013-+7-04",
            "2013é07é04",
            "２０１３-07-04",
            "garbage",
        ];
        for text in texts {
            assert_eq!(text.parse::<Date>(), Err(NoSuchDay), "{text}");
        }
    }
}
