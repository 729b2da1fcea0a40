//! A page of an app in a browser, and what a test holds of both.

use std::thread;
use std::time::{Duration, Instant};

use anabranch_paint::{Chromium, Error, Gates, Page, Result, Server, Swap};
use axum::Router;

/// How long a navigation may take before it counts as missed.
const LIMIT: Duration = Duration::from_secs(30);

/// A page of an app in a browser.
pub(crate) struct Open {
    pub(crate) gates: Gates,
    pub(crate) server: Server,
    pub(crate) page: Page,
}

impl Open {
    /// Serves the app and opens one of its pages.
    pub(crate) fn new(swap: Swap, app: fn(Gates) -> Router, path: &str) -> Result<Self> {
        let (gates, server) = serve(app)?;
        let page = Chromium::shared(swap)?.page().open(&server.url(path))?;
        Ok(Self {
            gates,
            server,
            page,
        })
    }

    /// Opens the gates, waits for the end of the response, and looks for errors.
    pub(crate) fn finish(&self, gates: &[&str]) -> Result {
        for gate in gates {
            self.gates.open(gate);
        }
        self.page.wait_loaded()?;
        assert_eq!(self.page.errors()?, [""; 0]);
        Ok(())
    }

    /// Waits until so many futures wait at the gate.
    pub(crate) fn wait_waiting(&self, gate: &str, count: usize) -> Result {
        wait_until(&format!("{count} waiting at {gate}"), || {
            self.gates.waiting(gate) == count
        })
    }
}

/// Serves the app.
pub(crate) fn serve(app: fn(Gates) -> Router) -> Result<(Gates, Server)> {
    let gates = Gates::new();
    let server = Server::start(app(gates.clone()), &gates)?;
    Ok((gates, server))
}

/// Waits until a condition holds in whatever document the page shows by then. While one document
/// replaces another it cannot be asked.
pub(crate) fn arrive(page: &Page, condition: &str) -> Result {
    let condition = format!("!!({condition})");
    wait_until(&condition, || {
        page.eval(&condition).is_ok_and(|holds| holds == true)
    })
}

fn wait_until(what: &str, holds: impl Fn() -> bool) -> Result {
    let started = Instant::now();
    while !holds() {
        if started.elapsed() > LIMIT {
            return Err(Error::new(format!("never saw {what}")));
        }
        thread::yield_now();
    }
    Ok(())
}
