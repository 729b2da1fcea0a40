//! A tab of Chromium.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use headless_chrome::protocol::cdp::{Page as PageDomain, Runtime};
use headless_chrome::{Browser, Tab as CdpTab};
use serde_json::Value;

use super::Outcome;
use super::console::Console;
use crate::page::{OBSERVE, Tab};
use crate::{Error, Result};

/// A tab, and what the browser reports of it. It is closed when this is dropped.
pub(super) struct ChromiumTab {
    tab: Arc<CdpTab>,
    /// Weak, because a browser does not outlive its [`Chromium`](crate::Chromium).
    browser: Weak<Browser>,
    console: Console,
    scripts: bool,
    /// Whether the first byte of the page is there. Until then the browser answers nothing.
    arrived: Arc<AtomicBool>,
}

impl ChromiumTab {
    /// Observes a tab that has not been navigated yet.
    pub(super) fn observe(
        browser: &Arc<Browser>,
        tab: Arc<CdpTab>,
        scripts: bool,
    ) -> Outcome<Self> {
        let console = Console::default();
        console.listen(&tab)?;
        if scripts {
            tab.call_method(before_scripts(OBSERVE))?;
        }
        Ok(Self {
            tab,
            browser: Arc::downgrade(browser),
            console,
            scripts,
            arrived: Arc::new(AtomicBool::new(true)),
        })
    }

    /// The page is opened by another thread, which sets this when its first byte is there.
    pub(super) fn arrives_later(&mut self) -> Arc<AtomicBool> {
        self.arrived = Arc::default();
        self.arrived.clone()
    }

    pub(super) fn inner(&self) -> &Arc<CdpTab> {
        &self.tab
    }
}

impl Tab for ChromiumTab {
    fn eval(&self, expression: &str) -> Result<Value> {
        if !self.has_arrived() {
            return Err(Error::new("no byte of the page has arrived"));
        }
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

    fn screenshot(&self) -> Result<Vec<u8>> {
        let png = PageDomain::CaptureScreenshotFormatOption::Png;
        self.tab
            .capture_screenshot(png, None, None, true)
            .map_err(|error| Error::because("cannot take a screenshot", error))
    }

    fn log(&self) -> Result<Vec<String>> {
        self.console.entries(|probe| self.eval(probe).map(drop))
    }

    fn runs_scripts(&self) -> bool {
        self.scripts
    }

    fn has_arrived(&self) -> bool {
        self.arrived.load(Ordering::Acquire)
    }

    fn chromium(&self) -> Option<&Arc<CdpTab>> {
        Some(&self.tab)
    }

    fn browser(&self) -> Option<Arc<Browser>> {
        self.browser.upgrade()
    }
}

impl Drop for ChromiumTab {
    fn drop(&mut self) {
        // A tab that cannot be closed is gone with its browser.
        let _ = self.tab.close_target();
    }
}

impl fmt::Debug for ChromiumTab {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChromiumTab")
            .field("url", &self.tab.get_url())
            .finish_non_exhaustive()
    }
}

/// The text of what was thrown.
fn description(thrown: Runtime::ExceptionDetails) -> String {
    let object = thrown.exception;
    object
        .and_then(|object| object.description)
        .unwrap_or(thrown.text)
}

/// A script that runs in every document from now on, before those of the document.
pub(crate) fn before_scripts(source: &str) -> PageDomain::AddScriptToEvaluateOnNewDocument {
    PageDomain::AddScriptToEvaluateOnNewDocument {
        source: source.to_owned(),
        world_name: None,
        include_command_line_api: None,
        run_immediately: None,
    }
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
