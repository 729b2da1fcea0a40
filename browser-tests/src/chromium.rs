//! Chromium: found, started once, with the native swap or without it.
//!
//! Needs the feature `browser`.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use headless_chrome::{Browser, LaunchOptions};

use crate::program::{self, Reaper};
use crate::{Error, Result};

mod builder;
mod conditions;
mod console;
mod network;
mod tab;

pub use builder::PageBuilder;
pub use network::Network;
pub(crate) use tab::before_scripts;

/// What the browser library returns.
pub(crate) type Outcome<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Who swaps a patch into its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swap {
    /// The browser, by `<template for>`.
    Native,
    /// The bridge script: the browser parses markers as comments and patches as inert templates,
    /// as those do that lack the native swap.
    Bridge,
}

/// A running headless Chromium.
pub struct Chromium {
    // Fields are dropped in this order: the process ends before its profile is removed.
    browser: Arc<Browser>,
    _reaper: Reaper,
}

impl Chromium {
    /// The Chromium that all tests of this process share.
    ///
    /// # Errors
    /// When Chromium is not found or does not start; every caller gets the error.
    pub fn shared(swap: Swap) -> Result<&'static Self> {
        static NATIVE: OnceLock<std::result::Result<Chromium, String>> = OnceLock::new();
        static BRIDGE: OnceLock<std::result::Result<Chromium, String>> = OnceLock::new();
        let shared = match swap {
            Swap::Native => &NATIVE,
            Swap::Bridge => &BRIDGE,
        };
        shared
            .get_or_init(|| Self::start(swap).map_err(|error| format!("{error:?}")))
            .as_ref()
            .map_err(Error::new)
    }

    /// Starts a Chromium of one's own.
    ///
    /// # Errors
    /// When Chromium is not found, does not start, or does not swap as asked.
    pub fn start(swap: Swap) -> Result<Self> {
        let profile = program::fresh_folder();
        let args = FLAGS.iter().copied().chain(match swap {
            Swap::Native => None,
            Swap::Bridge => Some(WITHOUT_NATIVE_SWAP),
        });
        let browser = Browser::new(LaunchOptions {
            path: Some(find()?),
            user_data_dir: Some(profile.clone()),
            // The sandbox needs rights that containers do not give, and the pages are one's own.
            sandbox: false,
            window_size: Some((1000, 800)),
            idle_browser_timeout: ANSWER,
            args: args.map(OsStr::new).collect(),
            ..LaunchOptions::default()
        })
        .map_err(|error| Error::because("Chromium does not start", error))?;
        let process = browser.get_process_id();
        let process = process.ok_or_else(|| Error::new("Chromium has ended at once"))?;
        let reaper = Reaper::start(process, &profile)?;
        keep_talking(&browser)
            .map_err(|error| Error::because("Chromium does not answer", error))?;
        let chromium = Self {
            browser: Arc::new(browser),
            _reaper: reaper,
        };
        chromium.check(swap)?;
        Ok(chromium)
    }

    /// Prepares a page in a window of its own.
    #[must_use]
    pub fn page(&self) -> PageBuilder<'_> {
        PageBuilder::new(&self.browser)
    }

    /// A suite that runs with the wrong swap would prove nothing.
    fn check(&self, swap: Swap) -> Result {
        let native = self
            .page()
            .open("about:blank")?
            .eval("'htmlFor' in HTMLTemplateElement.prototype")?;
        match swap {
            Swap::Native if native != true => Err(Error::new(
                "this Chromium has no native swap (<template for>): version 150 or newer is needed",
            )),
            Swap::Bridge if native != false => Err(Error::new(format!(
                "this Chromium keeps its native swap in spite of {WITHOUT_NATIVE_SWAP}"
            ))),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Chromium {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chromium")
            .field("process", &self.browser.get_process_id())
            .finish()
    }
}

/// Finds Chromium: the environment variable `CHROME` first, then `PATH`.
///
/// # Errors
/// When there is none; the message says how to install it.
pub fn find() -> Result<PathBuf> {
    find_in(
        env::var_os("CHROME"),
        &env::var_os("PATH").unwrap_or_default(),
    )
}

fn find_in(chrome: Option<OsString>, path: &OsStr) -> Result<PathBuf> {
    if let Some(chrome) = chrome.map(PathBuf::from) {
        return if chrome.is_file() {
            Ok(chrome)
        } else {
            let chrome = chrome.display();
            Err(Error::new(format!(
                "CHROME names {chrome}, which is not a file"
            )))
        };
    }
    program::find(&NAMES, path).ok_or_else(|| {
        Error::new(
            "Chromium is not installed: run `apt-get install chromium` (or your system's \
             equivalent), or let CHROME name the executable",
        )
    })
}

const NAMES: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];

const FLAGS: [&str; 4] = [
    "--disable-quic",
    "--disable-component-update",
    "--hide-scrollbars",
    "--mute-audio",
];

/// The first feature is `<template for>`, the second the parsing of markers as nodes of their own.
const WITHOUT_NATIVE_SWAP: &str =
    "--disable-blink-features=DocumentPatching,HTMLProcessingInstruction";

/// How long the browser may take to answer a call, and how long it may rest between two.
const ANSWER: Duration = Duration::from_secs(300);

/// Lets a tab send a message every few milliseconds for as long as the browser runs.
///
/// The browser library reads for up to 100 ms with its connection locked and then rests for 100 ms,
/// unless messages arrive. A call would take that long, and a page is opened by ten of them.
fn keep_talking(browser: &Browser) -> Outcome<()> {
    let tab = browser.new_tab()?;
    tab.enable_runtime()?;
    tab.evaluate("setInterval(() => console.debug(''), 5); 0", false)?;
    // The library counts what the browser says apart from what its tabs say, and hangs up on either
    // when it rests for too long. That a tab goes elsewhere, the browser says.
    let news = format!(
        "setInterval(() => location.replace('#' + Date.now()), {}); 0",
        (ANSWER / 5).as_millis()
    );
    tab.evaluate(&news, false)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_browser_is_an_error_that_says_how_to_install_it() {
        let error = find_in(None, OsStr::new("/nowhere:/nowhere/else")).unwrap_err();
        assert!(error.to_string().contains("apt-get install chromium"));
    }

    #[test]
    fn a_wrong_chrome_variable_is_not_ignored() {
        let path = env::var_os("PATH").unwrap();
        let error = find_in(Some("/nowhere/chrome".into()), &path).unwrap_err();
        assert!(error.to_string().contains("/nowhere/chrome"));
    }
}
