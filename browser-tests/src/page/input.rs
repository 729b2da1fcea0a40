//! What a reader does with the keyboard.

use headless_chrome::protocol::cdp::Emulation;

use super::{Outcome, Page};
use crate::{Error, Result};

impl Page {
    /// Types text, key by key, where the focus is. A line break is the Enter key.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn type_text(&self, text: &str) -> Result {
        self.try_type(text)
            .map_err(|error| Error::because(format!("cannot type {text:?}"), error))
    }

    fn try_type(&self, text: &str) -> Outcome<()> {
        // Of several windows only one has the focus, and keys do nothing in the others.
        self.tab
            .call_method(Emulation::SetFocusEmulationEnabled { enabled: true })?;
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.tab.press_key("Enter")?;
            }
            self.tab.type_str(line)?;
        }
        Ok(())
    }
}
