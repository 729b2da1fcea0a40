//! Commands of classic WebDriver over HTTP.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::{Agent, Body, http};

use crate::{Error, Result};

/// How long the browser may take to answer. It only guards against hanging.
const ANSWER: Duration = Duration::from_secs(120);

/// The one session of a driver.
#[derive(Debug)]
pub(super) struct Session {
    agent: Agent,
    url: String,
}

impl Session {
    /// Starts a browser by its driver.
    pub(super) fn start(port: u16, browser: &Path) -> Result<Self> {
        let agent = Agent::config_builder()
            .timeout_global(Some(ANSWER))
            // Errors of the driver are answers too, and it is on this machine.
            .http_status_as_error(false)
            .proxy(None)
            .build();
        let mut session = Self {
            agent: agent.into(),
            url: format!("http://127.0.0.1:{port}"),
        };
        session.wait_for_driver()?;
        let started = session.post("/session", &capabilities(browser))?;
        let id = started["sessionId"]
            .as_str()
            .ok_or_else(|| Error::new("a session without a name"))?;
        session.url = format!("{}/session/{id}", session.url);
        Ok(session)
    }

    /// The result of a command with parameters.
    pub(super) fn post(&self, command: &str, parameters: &Value) -> Result<Value> {
        let request = self.agent.post(format!("{}{command}", self.url));
        let request = request.header("content-type", "application/json");
        value(command, request.send(parameters.to_string()))
    }

    /// The result of a command without parameters.
    pub(super) fn get(&self, command: &str) -> Result<Value> {
        let request = self.agent.get(format!("{}{command}", self.url));
        value(command, request.call())
    }

    /// The driver does not tell when it listens.
    fn wait_for_driver(&self) -> Result {
        let start = Instant::now();
        while let Err(error) = self.get("/status") {
            if start.elapsed() > ANSWER {
                return Err(error);
            }
            thread::yield_now();
        }
        Ok(())
    }
}

fn capabilities(browser: &Path) -> Value {
    json!({ "capabilities": { "alwaysMatch": {
        "pageLoadStrategy": "none",
        "timeouts": { "script": ANSWER.as_millis() },
        "webkitgtk:browserOptions": { "binary": browser, "args": ["--automation"] },
    } } })
}

fn value(
    command: &str,
    response: std::result::Result<http::Response<Body>, ureq::Error>,
) -> Result<Value> {
    let cannot = |why: String| Error::because(format!("{command} fails"), why);
    let mut response = response.map_err(|error| cannot(error.to_string()))?;
    let text = response.body_mut().read_to_string();
    let text = text.map_err(|error| cannot(error.to_string()))?;
    let mut reply: Value =
        serde_json::from_str(&text).map_err(|error| cannot(error.to_string()))?;
    let value = reply["value"].take();
    match value["error"].as_str() {
        None => Ok(value),
        Some(error) => Err(cannot(format!("{error}: {}", value["message"]))),
    }
}
