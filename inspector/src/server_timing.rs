//! What a page waited for before its commit point, as the header `Server-Timing`.

use std::fmt::Write;
use std::time::Duration;

use http::{HeaderName, HeaderValue};

use crate::record::Record;

pub(crate) const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// Proxies refuse headers of some kilobytes; what does not fit is left out.
const MOST_BYTES: usize = 2048;

/// The header of a page that is at its commit point: the shell, then what it waited for.
pub(crate) fn header(record: &Record) -> Option<HeaderValue> {
    let mut value = format!("shell;dur={}", ms(record.committed?.0));
    for wait in &record.waits {
        let mut metric = format!(", {};desc=\"", wait.what);
        // A quoted string of printable ASCII.
        for c in wait.place.chars() {
            match c {
                '"' | '\\' => metric.extend(['\\', c]),
                ' '..='~' => metric.push(c),
                _ => metric.push('?'),
            }
        }
        // Writing to a String cannot fail.
        let _ = write!(
            metric,
            "\";dur={}",
            ms(wait.to.0.saturating_sub(wait.from.0))
        );
        if value.len() + metric.len() > MOST_BYTES {
            break;
        }
        value.push_str(&metric);
    }
    HeaderValue::try_from(value).ok()
}

/// Milliseconds with one digit.
fn ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use anabranch_engine::Span;
    use tokio::time::Instant;

    use super::*;

    fn header_of(places: &[&str]) -> String {
        let began = Instant::now();
        let mut record = Record::new(began);
        for place in places {
            record.awaited(&Span::ending_now("page", place, began));
        }
        record.commit();
        header(&record).unwrap().to_str().unwrap().to_owned()
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_is_a_quoted_string() {
        assert_eq!(
            header_of(&["app/[id]/page.rs", "a\"b\\c", "ä\r\n"]),
            "shell;dur=0, page;desc=\"app/[id]/page.rs\";dur=0, \
             page;desc=\"a\\\"b\\\\c\";dur=0, page;desc=\"???\";dur=0"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn its_length_is_bounded() {
        let place = "x".repeat(500);
        let header = header_of(&[place.as_str(); 20]);
        assert!(header.len() <= MOST_BYTES);
        assert_eq!(header.matches("desc").count(), 3);
        assert!(header.ends_with(";dur=0"));
    }
}
