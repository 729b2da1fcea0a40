//! What stands in the way of the app, as the browser shows it.

use serde::Serialize;

/// Why there is no app, or only the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Trouble {
    pub(super) title: String,
    pub(super) items: Vec<Item>,
}

/// One thing to mend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Item {
    /// File, line and column.
    pub(super) place: Option<String>,
    /// As the compiler says it, without colours.
    pub(super) text: String,
}

impl Trouble {
    pub(super) fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            items: Vec::new(),
        }
    }

    /// Adds something to mend, in which colours may be.
    pub(super) fn item(mut self, place: Option<String>, text: &str) -> Self {
        let text = anstream::adapter::strip_str(text).to_string();
        self.items.push(Item {
            place,
            text: text.trim_end().to_owned(),
        });
        self
    }

    /// All of it as plain text.
    pub(super) fn text(&self) -> String {
        let items = self.items.iter().map(|item| format!("\n\n{}", item.text));
        format!("{}{}\n", self.title, items.collect::<String>())
    }
}
