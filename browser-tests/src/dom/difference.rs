//! Where two documents differ, for the message of a failed test.

/// Lines shown before and after the first that differs.
const CONTEXT: usize = 3;

/// Describes the first line in which two documents in the notation of this module differ, or
/// `None` when they are equal.
///
/// ```
/// use anabranch_paint::dom::{first_difference, whole};
///
/// let page = |text: &[u8]| whole(text).expect("nothing of a stream");
/// assert_eq!(first_difference(&page(b"<p>a"), &page(b"<p>a</p>")), None);
/// assert!(first_difference(&page(b"<p>a"), &page(b"<p>b")).is_some());
/// ```
#[must_use]
pub fn first_difference(left: &str, right: &str) -> Option<String> {
    if left == right {
        return None;
    }
    let left: Vec<&str> = left.lines().collect();
    let right: Vec<&str> = right.lines().collect();
    let same = left.iter().zip(&right).take_while(|(l, r)| l == r).count();
    let around = |side: &[&str]| {
        let end = side.len().min(same + 1 + CONTEXT);
        let lines = side.get(same.saturating_sub(CONTEXT)..end);
        lines.unwrap_or_default().join("\n  ")
    };
    Some(format!(
        "line {}:\n  {}\ninstead of:\n  {}",
        same + 1,
        around(&left),
        around(&right)
    ))
}
