//! What the browser itself reports of a page.

use std::sync::{Arc, Mutex, PoisonError};

use headless_chrome::Tab;
use headless_chrome::protocol::cdp::types::Event;

use super::Outcome;

/// The browser's log of one page.
#[derive(Clone, Debug, Default)]
pub(super) struct Console(Arc<Mutex<Vec<String>>>);

impl Console {
    /// Collects what is reported from now on.
    pub(super) fn listen(&self, tab: &Tab) -> Outcome<()> {
        let entries = Arc::clone(&self.0);
        tab.enable_log()?;
        tab.add_event_listener(Arc::new(move |event: &Event| {
            if let Event::LogEntryAdded(event) = event {
                let entry = &event.params.entry;
                let url = entry.url.as_deref().unwrap_or_default();
                // The browser asks for it by itself, whatever the page says.
                if url.ends_with("/favicon.ico") {
                    return;
                }
                let mut entries = entries.lock().unwrap_or_else(PoisonError::into_inner);
                entries.push(format!("{} {url}", entry.text));
            }
        }))?;
        Ok(())
    }

    /// What was reported so far.
    pub(super) fn entries(&self) -> Vec<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
