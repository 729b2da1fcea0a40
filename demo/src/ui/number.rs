//! Numbers as people read them.

/// With a comma between the thousands: 336,776.
pub(crate) fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// With `digits` after the point and a true minus sign; never a minus before zero.
pub(crate) fn decimal(number: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", number.abs());
    let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if number < 0.0 && !is_zero {
        format!("\u{2212}{text}")
    } else {
        text
    }
}

/// Minutes with one digit after the point, or a dash where there are none.
pub(crate) fn minutes(minutes: Option<f64>) -> String {
    minutes.map_or_else(|| "–".to_owned(), |minutes| decimal(minutes, 1))
}

/// The number with the word for it: "1 note", "2 notes".
pub(crate) fn count(number: u32, one: &str, many: &str) -> String {
    let word = if number == 1 { one } else { many };
    format!("{} {word}", thousands(number))
}

/// `part` of `whole` in percent.
pub(crate) fn percent(part: u32, whole: u32) -> f64 {
    100.0 * f64::from(part) / f64::from(whole.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let texts = [0, 999, 1_000, 65_536, 336_776, 1_234_567].map(thousands);
        let expected = ["0", "999", "1,000", "65,536", "336,776", "1,234,567"];
        assert_eq!(texts, expected);
    }

    #[test]
    fn zero_has_no_sign() {
        assert_eq!(decimal(-0.04, 1), "0.0");
        assert_eq!(decimal(-0.4, 0), "0");
        assert_eq!(decimal(-9.93, 1), "−9.9");
        assert_eq!(decimal(12.64, 1), "12.6");
    }
}
