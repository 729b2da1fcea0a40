//! What a page needs of the browser that shows it.

use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use serde_json::Value;

use super::LIMIT;
use crate::{Error, Result};

/// A tab of some browser, with [`OBSERVE`](super::OBSERVE) at work in it. Dropping it closes it.
pub(crate) trait Tab: fmt::Debug + Send + Sync {
    /// The value of a JavaScript expression, awaited when it is a promise.
    fn eval(&self, expression: &str) -> Result<Value>;

    /// What is visible, as PNG.
    fn screenshot(&self) -> Result<Vec<u8>>;

    /// What the browser itself reported as a problem.
    fn log(&self) -> Result<Vec<String>>;

    /// Leads the tab somewhere else by `navigate`, and waits until it shows something of that.
    fn lead(&self, navigate: impl FnOnce() -> Result) -> Result
    where
        Self: Sized,
    {
        // What it shows so far answers until then, or goes in the middle of an answer.
        self.eval("self.left = true")?;
        navigate()?;
        let start = Instant::now();
        loop {
            let arrived = self.eval("!self.left && location.href !== 'about:blank'");
            match arrived {
                Ok(Value::Bool(true)) => return Ok(()),
                _ if start.elapsed() < LIMIT => thread::yield_now(),
                Ok(_) => return Err(Error::new("there is no response")),
                Err(error) => return Err(error),
            }
        }
    }

    /// Whether the page can watch itself.
    fn runs_scripts(&self) -> bool {
        true
    }

    /// Whether the first byte of the page is there.
    fn has_arrived(&self) -> bool {
        true
    }

    /// Chromium's tab, for what no other browser offers.
    fn chromium(&self) -> Option<&Arc<headless_chrome::Tab>> {
        None
    }
}
