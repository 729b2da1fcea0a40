//! What a page needs of the browser that shows it.

use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use headless_chrome::Browser;
use headless_chrome::protocol::cdp::Network::CookieParam;
use serde_json::{Value, json};

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
        let start = Instant::now();
        // What it shows so far answers until then, or goes in the middle of an answer: this one
        // too, since the page before may still be on its way out.
        while let Err(error) = self.eval("self.left = true") {
            if start.elapsed() >= LIMIT {
                return Err(error);
            }
            thread::yield_now();
        }
        navigate()?;
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

    /// Chromium, while it runs.
    fn browser(&self) -> Option<Arc<Browser>> {
        None
    }

    /// The cookies of the page in any other browser, and perhaps those of other pages.
    fn cookies(&self) -> Result<Vec<CookieParam>> {
        Err(Error::new("the browser does not tell its cookies"))
    }
}

/// Cookies as they stand in an answer: one that lacks anything is an error.
pub(crate) fn cookies(told: impl IntoIterator<Item = Value>) -> Result<Vec<CookieParam>> {
    let cookie = |told: Value| {
        serde_json::from_value(json!({
            "name": told["name"],
            "value": told["value"],
            "domain": told["domain"],
            "path": told["path"],
            "secure": told["secure"],
            "httpOnly": told["httpOnly"],
        }))
        .map_err(|error| Error::because(format!("not a cookie: {told}"), error))
    };
    told.into_iter().map(cookie).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::{Mutex, PoisonError};

    use super::*;

    /// Gives the answers that it was given, one to each question.
    #[derive(Debug)]
    struct Scripted(Mutex<VecDeque<Result<Value>>>);

    impl Tab for Scripted {
        fn eval(&self, _: &str) -> Result<Value> {
            let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            answers.pop_front().expect("no question after the last")
        }

        fn screenshot(&self) -> Result<Vec<u8>> {
            Ok(Vec::new())
        }

        fn log(&self) -> Result<Vec<String>> {
            Ok(Vec::new())
        }
    }

    #[test]
    fn a_page_that_goes_in_the_middle_of_an_answer_is_asked_again() {
        let gone = || Err(Error::new("no such frame"));
        let answers = [
            gone(),
            Ok(json!(true)),
            gone(),
            Ok(json!(false)),
            Ok(json!(true)),
        ];
        let tab = Scripted(Mutex::new(answers.into()));
        let mut navigations = 0;

        tab.lead(|| {
            navigations += 1;
            Ok(())
        })
        .unwrap();

        assert_eq!(navigations, 1);
        assert!(tab.0.into_inner().unwrap().is_empty(), "a question is left");
    }
}
