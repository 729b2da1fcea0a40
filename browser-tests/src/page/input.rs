//! What a reader does with the keyboard.

use headless_chrome::Tab;
use headless_chrome::protocol::cdp::Emulation;

use super::Page;
use crate::chromium::Outcome;
use crate::{Error, Result};

impl Page {
    /// Types text, key by key, where the focus is. A line break is the Enter key.
    ///
    /// # Errors
    /// When the browser does not answer, or is not Chromium.
    pub fn type_text(&self, text: &str) -> Result {
        type_in(self.chromium()?, text)
            .map_err(|error| Error::because(format!("cannot type {text:?}"), error))
    }
}

fn type_in(tab: &Tab, text: &str) -> Outcome<()> {
    // Of several windows only one has the focus, and keys do nothing in the others.
    tab.call_method(Emulation::SetFocusEmulationEnabled { enabled: true })?;
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            tab.press_key("Enter")?;
        }
        tab.type_str(line)?;
    }
    Ok(())
}
