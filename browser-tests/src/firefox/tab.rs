//! A tab of Firefox.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use headless_chrome::protocol::cdp::Network::CookieParam;
use serde_json::{Value, json};

use super::connection::Connection;
use crate::page::{OBSERVE, RENDERED, Tab, cookies};
use crate::{Error, Result};

/// A tab in a window of its own. It is closed when this is dropped.
#[derive(Debug)]
pub(super) struct FirefoxTab {
    connection: &'static Connection,
    context: String,
}

impl FirefoxTab {
    /// Starts to load the URL.
    pub(super) fn open(connection: &'static Connection, url: &str) -> Result<Self> {
        let created = connection.call("browsingContext.create", &json!({ "type": "window" }))?;
        let context = created["context"]
            .as_str()
            .ok_or_else(|| Error::new("a tab without a name"))?;
        let tab = Self {
            connection,
            context: context.to_owned(),
        };
        tab.call(
            "script.addPreloadScript",
            &json!({
                "functionDeclaration": format!("() => {{ {OBSERVE} {RENDERED} }}"),
                "contexts": [tab.context],
            }),
        )?;
        let navigation = json!({ "context": tab.context, "url": url, "wait": "none" });
        tab.lead(|| tab.call("browsingContext.navigate", &navigation).map(drop))?;
        Ok(tab)
    }

    fn call(&self, method: &str, params: &Value) -> Result<Value> {
        self.connection.call(method, params)
    }
}

impl Tab for FirefoxTab {
    fn eval(&self, expression: &str) -> Result<Value> {
        // Values come back in a notation of their own, but for JSON there is a better one.
        let function = format!("async () => JSON.stringify(await ({expression})) ?? 'null'");
        let evaluated = self.call(
            "script.callFunction",
            &json!({
                "functionDeclaration": function,
                "target": { "context": self.context },
                "awaitPromise": true,
            }),
        )?;
        if evaluated["type"] == "exception" {
            let thrown = &evaluated["exceptionDetails"]["text"];
            return Err(Error::because(
                format!("{expression} throws"),
                thrown.as_str().unwrap_or_default(),
            ));
        }
        let json = evaluated["result"]["value"].as_str().unwrap_or("null");
        serde_json::from_str(json)
            .map_err(|error| Error::because(format!("{expression} has no value"), error))
    }

    fn screenshot(&self) -> Result<Vec<u8>> {
        let context = json!({ "context": self.context });
        let picture = self.call("browsingContext.captureScreenshot", &context)?;
        BASE64_STANDARD
            .decode(picture["data"].as_str().unwrap_or_default())
            .map_err(|error| Error::because("a screenshot that is none", error))
    }

    fn log(&self) -> Result<Vec<String>> {
        Ok(self.connection.log(&self.context))
    }

    fn cookies(&self) -> Result<Vec<CookieParam>> {
        let partition = json!({ "type": "context", "context": self.context });
        let mut told = self.call("storage.getCookies", &json!({ "partition": partition }))?;
        let told = told["cookies"].as_array_mut().map(std::mem::take);
        // A value that is no text is told in another form, and refused.
        cookies(told.into_iter().flatten().map(|mut cookie| {
            cookie["value"] = cookie["value"]["value"].take();
            cookie
        }))
    }
}

impl Drop for FirefoxTab {
    fn drop(&mut self) {
        // A tab that cannot be closed is gone with its browser.
        let _ = self.call("browsingContext.close", &json!({ "context": self.context }));
        self.connection.forget(&self.context);
    }
}
