//! Which boundaries may start: a set of names, and what holds of all others.

use crate::name::is_called;

/// Which boundaries may start.
#[derive(Debug, Default)]
pub(super) struct Released {
    everything: bool,
    /// What was said of single names, open or shut, the latest last: a boundary goes by several.
    named: Vec<(String, bool)>,
}

impl Released {
    pub(super) fn everything() -> Self {
        Self {
            everything: true,
            named: Vec::new(),
        }
    }

    pub(super) fn open(&mut self, name: &str) {
        self.say(name, true);
    }

    pub(super) fn shut(&mut self, name: &str) {
        self.say(name, false);
    }

    fn say(&mut self, name: &str, open: bool) {
        self.named.retain(|(known, _)| known != name);
        self.named.push((name.to_owned(), open));
    }

    pub(super) fn lets_through(&self, name: Option<&str>, call_site: &str) -> bool {
        let mut said = self.named.iter().rev();
        let said = said.find(|(known, _)| is_called(name, call_site, known));
        said.map_or(self.everything, |(_, open)| *open)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: &str = "app/sales/page.rs:12:9";

    #[test]
    fn what_was_said_of_a_name_goes_before_what_holds_of_all() {
        let mut released = Released::default();
        assert!(!released.lets_through(Some("a"), SITE));
        released.open("a");
        assert!(released.lets_through(Some("a"), SITE));
        assert!(!released.lets_through(Some("b"), SITE));
        let mut released = Released::everything();
        released.shut("page.rs:12");
        assert!(!released.lets_through(None, SITE));
        assert!(released.lets_through(None, "app/page.rs:120:9"));
    }

    #[test]
    fn of_the_names_of_a_boundary_the_one_that_was_named_last_counts() {
        let mut released = Released::everything();
        for name in ["page.rs:12", "sales", "page.rs:12"] {
            released.shut("page.rs:12");
            released.shut("sales");
            assert!(!released.lets_through(Some("sales"), SITE));
            released.open(name);
            assert!(released.lets_through(Some("sales"), SITE), "{name}");
        }
    }
}
