//! The page of one browser.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use headless_chrome::protocol::cdp::Network::CookieParam;
use serde_json::{Value, json};

use super::{Browser, idle};
use crate::page::{OBSERVE, RENDERED, Tab, cookies};
use crate::{Error, Result};

/// A page that has a browser for itself, until this is dropped.
#[derive(Debug)]
pub(super) struct WebKitTab {
    // None only while it is dropped.
    browser: Option<Browser>,
}

impl WebKitTab {
    /// Starts to load the URL.
    pub(super) fn open(browser: Browser, url: &str) -> Result<Self> {
        let tab = Self {
            browser: Some(browser),
        };
        tab.lead(|| tab.go(url))?;
        Ok(tab)
    }

    /// Does not wait for the response, because of the session's `pageLoadStrategy`.
    fn go(&self, url: &str) -> Result {
        let url = json!({ "url": url });
        self.browser()?.session.post("/url", &url).map(drop)
    }

    fn browser(&self) -> Result<&Browser> {
        let browser = self.browser.as_ref();
        browser.ok_or_else(|| Error::new("the page is closed"))
    }
}

impl Tab for WebKitTab {
    fn eval(&self, expression: &str) -> Result<Value> {
        // An answer that is a promise is awaited. Undefined and NaN have no JSON, so they are null.
        let script = format!(
            "if (!self.__anabranch_paint) {{ {OBSERVE} {RENDERED} }}
             return (async () => JSON.stringify(await ({expression})) ?? 'null')();"
        );
        let script = json!({ "script": script, "args": [] });
        let json = self.browser()?.session.post("/execute/sync", &script)?;
        serde_json::from_str(json.as_str().unwrap_or("null"))
            .map_err(|error| Error::because(format!("{expression} has no value"), error))
    }

    fn screenshot(&self) -> Result<Vec<u8>> {
        let picture = self.browser()?.session.get("/screenshot")?;
        BASE64_STANDARD
            .decode(picture.as_str().unwrap_or_default())
            .map_err(|error| Error::because("a screenshot that is none", error))
    }

    /// The driver has no log.
    fn log(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    fn cookies(&self) -> Result<Vec<CookieParam>> {
        let told = self.browser()?.session.get("/cookie")?;
        cookies(told.as_array().cloned().into_iter().flatten())
    }
}

impl Drop for WebKitTab {
    fn drop(&mut self) {
        // A browser that cannot leave the page is of no use to the next one.
        let left = self.go("about:blank").is_ok();
        if let Some(browser) = self.browser.take()
            && left
        {
            idle().push(browser);
        }
    }
}
