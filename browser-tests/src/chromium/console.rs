//! What the browser itself reports of a page.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use headless_chrome::Tab;
use headless_chrome::protocol::cdp::Runtime::ConsoleAPICalledEventTypeOption as Kind;
use headless_chrome::protocol::cdp::Runtime::RemoteObject;
use headless_chrome::protocol::cdp::types::Event;

use super::Outcome;

/// The browser's log of one page, and the errors of its console.
#[derive(Clone, Debug, Default)]
pub(super) struct Console(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    reported: Mutex<Reported>,
    /// Told of every probe.
    probed: Condvar,
}

#[derive(Debug, Default)]
struct Reported {
    entries: Vec<String>,
    /// The last probe that has come through.
    probe: u64,
}

impl Console {
    /// Collects what is reported from now on.
    pub(super) fn listen(&self, tab: &Tab) -> Outcome<()> {
        let console = self.clone();
        tab.enable_log()?;
        tab.enable_runtime()?;
        tab.add_event_listener(Arc::new(move |event: &Event| match event {
            Event::LogEntryAdded(event) => {
                let entry = &event.params.entry;
                let url = entry.url.as_deref().unwrap_or_default();
                // The browser asks for it by itself, whatever the page says.
                if !url.ends_with("/favicon.ico") {
                    console.add(format!("{} {url}", entry.text));
                }
            }
            Event::RuntimeConsoleAPICalled(event) => {
                let words: Vec<String> = event.params.args.iter().map(word).collect();
                match event.params.Type {
                    Kind::Error | Kind::Assert => console.add(words.join(" ")),
                    _ => console.probe(&words),
                }
            }
            _ => {}
        }))?;
        Ok(())
    }

    /// What was reported so far. Reports and answers of the browser take different ways, so
    /// `send` has the page log something, and what it had logged before is then here.
    pub(super) fn entries(
        &self,
        send: impl FnOnce(&str) -> crate::Result,
    ) -> crate::Result<Vec<String>> {
        let number = self.lock().probe + 1;
        send(&format!("console.debug('{PROBE}', {number})"))?;
        let reported = self
            .0
            .probed
            .wait_timeout_while(self.lock(), LIMIT, |reported| reported.probe < number);
        let (reported, _) = reported.unwrap_or_else(PoisonError::into_inner);
        Ok(reported.entries.clone())
    }

    fn add(&self, entry: String) {
        self.lock().entries.push(entry);
    }

    fn probe(&self, words: &[String]) {
        if let [probe, number] = words
            && probe == PROBE
            && let Ok(number) = number.parse()
        {
            self.lock().probe = number;
            self.0.probed.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Reported> {
        let reported = &self.0.reported;
        reported.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a probe says.
const PROBE: &str = "anabranch-paint";

/// How long a probe may take. A page that has overwritten its console never gives one back.
const LIMIT: Duration = Duration::from_secs(2);

/// An argument of the console, as text.
fn word(argument: &RemoteObject) -> String {
    let value = argument.value.as_ref().map(|value| match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.to_string(),
    });
    value
        .or_else(|| argument.description.clone())
        .unwrap_or_default()
}
