//! What a page needs of the browser that shows it.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::Result;

/// A tab of some browser, with [`OBSERVE`](super::OBSERVE) at work in it. Dropping it closes it.
pub(crate) trait Tab: fmt::Debug + Send + Sync {
    /// The value of a JavaScript expression, awaited when it is a promise.
    fn eval(&self, expression: &str) -> Result<Value>;

    /// What is visible, as PNG.
    fn screenshot(&self) -> Result<Vec<u8>>;

    /// What the browser itself reported as a problem.
    fn log(&self) -> Result<Vec<String>>;

    /// Whether the page can watch itself.
    fn runs_scripts(&self) -> bool {
        true
    }

    /// Chromium's tab, for what no other browser offers.
    fn chromium(&self) -> Option<&Arc<headless_chrome::Tab>> {
        None
    }
}
