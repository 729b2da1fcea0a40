//! The names that a boundary goes by in a test.

/// Whether a boundary goes by the name `called`: its own, or the end of its call site, with or
/// without the column.
pub(crate) fn is_called(name: Option<&str>, call_site: &str, called: &str) -> bool {
    let line = call_site
        .rsplit_once(':')
        .map_or(call_site, |(line, _)| line);
    name == Some(called)
        || [call_site, line].into_iter().any(|site| {
            site.strip_suffix(called)
                .is_some_and(|before| before.is_empty() || before.ends_with(['/', '\\']))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = "app/sales/page.rs:12:9";

    #[test]
    fn a_boundary_is_known_by_its_name_and_by_the_end_of_its_call_site() {
        for called in ["sales", "page.rs:12", "sales/page.rs:12:9", SITE] {
            assert!(is_called(Some("sales"), SITE, called), "{called}");
        }
        for called in [
            "",
            "sale",
            "age.rs:12",
            "page.rs:1",
            "page.rs",
            "12:9",
            "12",
        ] {
            assert!(!is_called(Some("sales"), SITE, called), "{called}");
        }
        assert!(!is_called(None, SITE, "sales"));
    }
}
