//! The modes in which a page must work: engines, and conditions in Chromium.
//!
//! Needs the feature `browser`.

use std::env;
use std::io::{self, Write as _};
use std::sync::Once;

use crate::chromium::PageBuilder;
use crate::{Chromium, Error, Firefox, Network, Page, Result, Swap, firefox, webkit};

/// In which browser a page is opened, and under which conditions.
///
/// A test that must hold in all of them is a loop:
///
/// ```no_run
/// use anabranch_paint::{Mode, Site};
/// # fn router() -> axum::Router { axum::Router::new() }
///
/// # fn main() -> anabranch_paint::Result {
/// for mode in Mode::available() {
///     let site = Site::start(router())?;
///     let page = site.open_mode(mode, "/")?;
///     page.shows_loading("revenue");
///     page.release("revenue");
///     page.painted("revenue").while_open();
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Chromium, which swaps by itself.
    Native,
    /// Chromium without the native swap, so that the bridge swaps.
    Bridge,
    /// Chromium with JavaScript off.
    WithoutScripts,
    /// Chromium on [`Network::FAST_3G`].
    SlowNetwork,
    /// Chromium with a processor four times slower.
    SlowCpu,
    /// Chromium as on a phone.
    Phone,
    /// Chromium that prefers dark colours.
    Dark,
    /// Chromium that prefers reduced motion.
    Still,
    /// [`Firefox`], where the bridge swaps.
    Firefox,
    /// WebKitGTK, where the bridge swaps.
    WebKit,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 10] = [
        Self::Native,
        Self::Bridge,
        Self::WithoutScripts,
        Self::SlowNetwork,
        Self::SlowCpu,
        Self::Phone,
        Self::Dark,
        Self::Still,
        Self::Firefox,
        Self::WebKit,
    ];

    /// Every mode whose browser is installed.
    pub fn available() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|mode| mode.is_available())
    }

    /// Whether the mode's browser is installed. If it is not, standard error says so, once, past
    /// what captures the output of tests.
    ///
    /// Chromium is never skipped, and others are not if the environment variable
    /// `ANABRANCH_BROWSERS` names them, such as `firefox,webkit`: opening a page then fails.
    #[must_use]
    pub fn is_available(self) -> bool {
        static FIREFOX: Once = Once::new();
        static WEBKIT: Once = Once::new();
        let (name, said, found) = match self {
            Self::Firefox => ("firefox", &FIREFOX, firefox::find().map(drop)),
            Self::WebKit => ("webkit", &WEBKIT, webkit::find()),
            _ => return true,
        };
        let Err(missing) = found else {
            return true;
        };
        if is_wanted(name, &env::var("ANABRANCH_BROWSERS").unwrap_or_default()) {
            return true;
        }
        said.call_once(|| skip(&missing));
        false
    }

    /// Opens the URL and returns as soon as its first bytes are there.
    ///
    /// # Errors
    /// When the browser is missing or does not answer, or the navigation fails.
    pub fn open(self, url: &str) -> Result<Page> {
        match (self.chromium()?, self) {
            (Some(builder), _) => builder.open(url),
            (None, Self::WebKit) => webkit::open(url),
            (None, _) => Firefox::shared()?.open(url),
        }
    }

    /// The conditions of a mode in Chromium, none for one that is another browser.
    pub(crate) fn chromium(self) -> Result<Option<PageBuilder<'static>>> {
        let with = |swap| Chromium::shared(swap).map(Chromium::page);
        let builder = match self {
            Self::Native => with(Swap::Native)?,
            Self::Bridge => with(Swap::Bridge)?,
            Self::WithoutScripts => with(Swap::Native)?.without_scripts(),
            Self::SlowNetwork => with(Swap::Native)?.network(Network::FAST_3G),
            Self::SlowCpu => with(Swap::Native)?.slow_cpu(4.0),
            Self::Phone => with(Swap::Native)?.phone(),
            Self::Dark => with(Swap::Native)?.dark(),
            Self::Still => with(Swap::Native)?.still(),
            Self::Firefox | Self::WebKit => return Ok(None),
        };
        Ok(Some(builder))
    }
}

fn is_wanted(browser: &str, browsers: &str) -> bool {
    browsers.split(',').any(|wanted| wanted.trim() == browser)
}

fn skip(missing: &Error) {
    // Without a standard error nobody reads it.
    let _ = writeln!(io::stderr(), "skipped: {missing}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_wanted_by_name() {
        assert!(is_wanted("firefox", "webkit, firefox"));
        assert!(!is_wanted("firefox", "webkit"));
        assert!(!is_wanted("firefox", ""));
    }
}
