//! A page in a real browser, whose response may stay open.
//!
//! Nothing here waits for the end of the response, and nothing sleeps: a condition is checked
//! when the page changes, from inside of the page.

use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use headless_chrome::Tab;
use headless_chrome::protocol::cdp::{Page as PageDomain, Runtime};
use serde_json::Value;

use self::console::Console;
use crate::{Error, Result};

mod builder;
mod console;
mod input;

pub use builder::PageBuilder;

/// How long a condition may take before it counts as missed.
const LIMIT: Duration = Duration::from_secs(20);

/// What the browser library returns.
pub(crate) type Outcome<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// One painted element: the value of its `elementtiming` attribute, and when it was painted.
#[derive(Clone, Debug, PartialEq)]
pub struct Paint {
    /// The value of the element's `elementtiming` attribute.
    pub name: String,
    /// Milliseconds after the start of the navigation.
    pub at: f64,
}

/// An open page. It is closed when this is dropped.
pub struct Page {
    pub(crate) tab: Arc<Tab>,
    console: Console,
    scripts: bool,
}

impl Page {
    /// The value of a JavaScript expression, awaited when it is a promise.
    ///
    /// # Errors
    /// When the expression throws or the browser does not answer.
    pub fn eval(&self, expression: &str) -> Result<Value> {
        let evaluated = self
            .tab
            .call_method(evaluate(expression))
            .map_err(|error| Error::because(format!("cannot evaluate {expression}"), error))?;
        match evaluated.exception_details {
            None => Ok(evaluated.result.value.unwrap_or(Value::Null)),
            Some(thrown) => Err(Error::because(
                format!("{expression} throws"),
                description(thrown),
            )),
        }
    }

    /// Waits until a JavaScript condition holds.
    ///
    /// # Errors
    /// When it does not hold in time; the message shows the page as it is then.
    pub fn wait_for(&self, condition: &str) -> Result {
        if !self.scripts {
            return self.poll(condition);
        }
        let limit = LIMIT.as_millis();
        let missed = self.eval(&format!("paint.until(() => ({condition}), {limit})"))?;
        match missed.as_str() {
            None => Ok(()),
            Some(instead) => Err(Error::because(format!("never saw {condition}"), instead)),
        }
    }

    /// With JavaScript off the page cannot watch itself, so it is asked again and again.
    fn poll(&self, condition: &str) -> Result {
        let start = Instant::now();
        while self.eval(&format!("!!({condition})"))? != true {
            if start.elapsed() > LIMIT {
                return Err(Error::because(
                    format!("never saw {condition}"),
                    self.html()?,
                ));
            }
            thread::yield_now();
        }
        Ok(())
    }

    /// Waits until the element with this `elementtiming` attribute is painted.
    ///
    /// Only an element that owns text or an image is ever reported: mark those.
    ///
    /// # Errors
    /// When it is not painted in time.
    pub fn wait_painted(&self, name: &str) -> Result {
        let name = Value::from(name);
        self.wait_for(&format!(
            "paint.paints.some(entry => entry.name === {name})"
        ))
    }

    /// Waits until the response has ended and everything it needs is loaded.
    ///
    /// # Errors
    /// When that does not happen in time.
    pub fn wait_loaded(&self) -> Result {
        self.wait_for("document.readyState === 'complete'")
    }

    /// The marked elements in the order in which they were painted.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn paints(&self) -> Result<Vec<Paint>> {
        let entries = self.eval("paint.paints")?;
        let mut paints: Vec<Paint> = entries
            .as_array()
            .into_iter()
            .flatten()
            .map(|entry| Paint {
                name: entry["name"].as_str().unwrap_or_default().to_owned(),
                at: entry["at"].as_f64().unwrap_or_default(),
            })
            .collect();
        paints.sort_by(|a, b| a.at.total_cmp(&b.at));
        Ok(paints)
    }

    /// The violations of the page's Content-Security-Policy.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn violations(&self) -> Result<Vec<String>> {
        self.strings("paint.violations")
    }

    /// Errors of scripts and resources, and everything the browser logged as a problem.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn errors(&self) -> Result<Vec<String>> {
        let mut errors = if self.scripts {
            self.strings("paint.errors")?
        } else {
            Vec::new()
        };
        errors.extend(self.console.entries());
        Ok(errors)
    }

    /// The document as HTML, as it is now.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn html(&self) -> Result<String> {
        let html = self.eval("document.documentElement.outerHTML")?;
        Ok(html.as_str().unwrap_or_default().to_owned())
    }

    /// The document in the notation of [`crate::dom`], as it is now.
    ///
    /// # Errors
    /// When the browser does not answer, or JavaScript is off.
    pub fn normal_form(&self) -> Result<String> {
        let lines = self.eval("paint.normal()")?;
        Ok(lines.as_str().unwrap_or_default().to_owned())
    }

    /// What a stream has left in the document: markers, patches, scripts and the end marker, one
    /// entry for each. A page that was assembled to its end has none.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn left_over(&self) -> Result<Vec<String>> {
        self.strings(LEFT_OVER)
    }

    /// A picture of what is visible, as PNG. It forces a frame.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn screenshot(&self) -> Result<Vec<u8>> {
        self.tab
            .capture_screenshot(
                PageDomain::CaptureScreenshotFormatOption::Png,
                None,
                None,
                true,
            )
            .map_err(|error| Error::because("cannot take a screenshot", error))
    }

    fn strings(&self, expression: &str) -> Result<Vec<String>> {
        let values = self.eval(expression)?;
        let strings = values.as_array().into_iter().flatten();
        Ok(strings
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect())
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // A tab that cannot be closed is gone with its browser.
        let _ = self.tab.close_target();
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("url", &self.tab.get_url())
            .finish_non_exhaustive()
    }
}

const LEFT_OVER: &str = "(() => {
    const left = [...document.querySelectorAll('template[for], template[data-for], script')]
        .map(element => element.outerHTML);
    const nodes = document.createTreeWalker(document, 64 + 128);
    while (nodes.nextNode()) {
        const { nodeType, data } = nodes.currentNode;
        if (nodeType === 7 || /^\\?|\\$a/.test(data)) left.push(data);
    }
    return left;
})()";

/// The text of what was thrown.
fn description(thrown: Runtime::ExceptionDetails) -> String {
    let object = thrown.exception;
    object
        .and_then(|object| object.description)
        .unwrap_or(thrown.text)
}

fn evaluate(expression: &str) -> Runtime::Evaluate {
    Runtime::Evaluate {
        expression: expression.to_owned(),
        return_by_value: Some(true),
        await_promise: Some(true),
        object_group: None,
        include_command_line_api: None,
        silent: None,
        context_id: None,
        generate_preview: None,
        user_gesture: None,
        throw_on_side_effect: None,
        timeout: None,
        disable_breaks: None,
        repl_mode: None,
        allow_unsafe_eval_blocked_by_csp: None,
        unique_context_id: None,
        serialization_options: None,
    }
}
