//! A page in a real browser, whose response may stay open.
//!
//! Needs the feature `browser`.
//!
//! Nothing here waits for the end of the response, and nothing sleeps: a condition is checked
//! when the page changes, from inside of the page.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

pub use self::assertions::Painted;
pub(crate) use self::tab::{Tab, cookies};
use crate::{Error, Result, Stage};

mod assertions;
mod input;
mod tab;

/// What runs in every page before its own scripts.
pub(crate) const OBSERVE: &str = include_str!("page/observe.js");

/// What runs after [`OBSERVE`] in browsers that do not report paints.
pub(crate) const RENDERED: &str = include_str!("page/rendered.js");

/// How long a condition may take before it counts as missed.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);

/// One painted element: the value of its `elementtiming` attribute, and when it was painted.
#[derive(Clone, Debug, PartialEq)]
pub struct Paint {
    /// The value of the element's `elementtiming` attribute.
    pub name: String,
    /// Milliseconds after the start of the navigation.
    pub at: f64,
}

/// An open page. It is closed when this is dropped.
#[derive(Debug)]
pub struct Page {
    tab: Box<dyn Tab>,
    /// How long a condition may take.
    limit: Duration,
    /// Where it is from, if that is a [`Site`](crate::Site).
    origin: Option<Origin>,
}

/// Which page of a site it is.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) stage: Stage,
    pub(crate) path: String,
    /// Visits before this one were there before the page was opened.
    pub(crate) first_visit: usize,
}

impl Page {
    pub(crate) fn new(tab: impl Tab + 'static) -> Self {
        Self {
            tab: Box::new(tab),
            limit: LIMIT,
            origin: None,
        }
    }

    /// A page of a site, with the site's patience.
    pub(crate) fn of_site(self, origin: Origin, limit: Duration) -> Self {
        Self {
            limit,
            origin: Some(origin),
            ..self
        }
    }

    /// Chromium's tab, for what no other browser offers.
    pub(crate) fn chromium(&self) -> Result<&Arc<headless_chrome::Tab>> {
        self.tab
            .chromium()
            .ok_or_else(|| Error::new("only Chromium can do that"))
    }

    /// The value of a JavaScript expression, awaited when it is a promise.
    ///
    /// # Errors
    /// When the expression throws or the browser does not answer.
    pub fn eval(&self, expression: &str) -> Result<Value> {
        self.tab.eval(expression)
    }

    /// Waits until a JavaScript condition holds.
    ///
    /// # Errors
    /// When it does not hold in time; the message shows the page as it is then.
    pub fn wait_for(&self, condition: &str) -> Result {
        if !self.tab.runs_scripts() {
            return self.poll(condition);
        }
        let limit = self.limit.as_millis();
        let missed = self.eval(&format!(
            "__anabranch_paint.until(() => ({condition}), {limit})"
        ))?;
        match missed.as_str() {
            None => Ok(()),
            Some(instead) => Err(Error::because(format!("never saw {condition}"), instead)),
        }
    }

    /// With JavaScript off the page cannot watch itself, so it is asked again and again.
    fn poll(&self, condition: &str) -> Result {
        let start = Instant::now();
        while self.eval(&format!("!!({condition})"))? != true {
            if start.elapsed() > self.limit {
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
        let paints = self.paints_expression();
        self.wait_for(&format!("{paints}.some(entry => entry.name === {name})"))
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
        let entries = self.eval(self.paints_expression())?;
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
        self.strings("__anabranch_paint.violations")
    }

    /// Errors of scripts and resources, and everything the browser logged as a problem.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn errors(&self) -> Result<Vec<String>> {
        let mut errors = if self.tab.runs_scripts() {
            self.strings("__anabranch_paint.errors")?
        } else {
            Vec::new()
        };
        errors.extend(self.tab.log()?);
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
    /// When the browser does not answer.
    pub fn normal_form(&self) -> Result<String> {
        let lines = if self.tab.runs_scripts() {
            self.eval("__anabranch_paint.normal()")?
        } else {
            // Nothing was installed before the page.
            self.eval(&format!(
                "(() => {{ if (!self.__anabranch_paint) {{ {OBSERVE} }}
                    return __anabranch_paint.normal(); }})()"
            ))?
        };
        Ok(lines.as_str().unwrap_or_default().to_owned())
    }

    /// What a stream has left in the document: markers, patches, its scripts and the end marker,
    /// one entry for each. A page that was assembled to its end has none.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn left_over(&self) -> Result<Vec<String>> {
        self.strings(&format!("({LEFT_OVER})(true)"))
    }

    /// What is left over and should not be: with JavaScript off, the scripts of the stream and its
    /// end marker stay.
    fn not_taken_away(&self) -> Result<Vec<String>> {
        let runs_scripts = self.tab.runs_scripts();
        self.strings(&format!("({LEFT_OVER})({runs_scripts})"))
    }

    /// A picture of what is visible, as PNG. It forces a frame.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn screenshot(&self) -> Result<Vec<u8>> {
        self.tab.screenshot()
    }

    fn paints_expression(&self) -> &'static str {
        if self.tab.runs_scripts() {
            "__anabranch_paint.paints"
        } else {
            BUFFERED_PAINTS
        }
    }

    fn strings(&self, expression: &str) -> Result<Vec<String>> {
        let values = self.eval(expression)?;
        let strings = values.as_array().into_iter().flatten();
        Ok(strings
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect())
    }
}

/// With JavaScript off no callback runs, but the browser hands over what it has kept.
const BUFFERED_PAINTS: &str = "(() => {
    const observer = new PerformanceObserver(() => {});
    observer.observe({ type: 'element', buffered: true });
    return observer.takeRecords().map(entry => (
        { name: entry.identifier, at: entry.renderTime || entry.loadTime }
    ));
})()";

/// Markers, patches and, if asked, what scripts take away: the scripts of the stream, and its end
/// marker.
const LEFT_OVER: &str = "withScripts => {
    const scripts = [...document.scripts].filter(script =>
        script.dataset.w || script.text === 'self.$a&&$a()');
    const left = [
        ...document.querySelectorAll('template[for], template[data-for]'),
        ...(withScripts ? scripts : []),
    ].map(element => element.outerHTML);
    const nodes = document.createTreeWalker(document, 64 + 128);
    while (nodes.nextNode()) {
        const { nodeType, data } = nodes.currentNode;
        if (nodeType === 7 || /^\\?/.test(data) || (withScripts && /\\$a/.test(data))) left.push(data);
    }
    return left;
}";
