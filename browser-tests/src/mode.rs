//! The modes in which a page must work: engines, and conditions in Chromium.

use crate::{Chromium, Network, Page, Result, Swap};

/// In which browser a page is opened, and under which conditions.
///
/// A test that must hold in all of them is a loop:
///
/// ```no_run
/// use anabranch_paint::{Gates, Mode, Server};
/// # fn app(gates: Gates) -> axum::Router { axum::Router::new() }
///
/// # fn main() -> anabranch_paint::Result {
/// for mode in Mode::ALL {
///     let gates = Gates::new();
///     let server = Server::start(app(gates.clone()), &gates)?;
///     let page = mode.open(&server.url("/"))?;
///     page.wait_painted("loading")?;
///     gates.open("sales");
///     page.wait_painted("sales")?;
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
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 8] = [
        Self::Native,
        Self::Bridge,
        Self::WithoutScripts,
        Self::SlowNetwork,
        Self::SlowCpu,
        Self::Phone,
        Self::Dark,
        Self::Still,
    ];

    /// Opens the URL and returns as soon as its first bytes are there.
    ///
    /// # Errors
    /// When the browser is missing or does not answer, or the navigation fails.
    pub fn open(self, url: &str) -> Result<Page> {
        let swap = match self {
            Self::Bridge => Swap::Bridge,
            _ => Swap::Native,
        };
        let page = Chromium::shared(swap)?.page();
        let page = match self {
            Self::Native | Self::Bridge => page,
            Self::WithoutScripts => page.without_scripts(),
            Self::SlowNetwork => page.network(Network::FAST_3G),
            Self::SlowCpu => page.slow_cpu(4.0),
            Self::Phone => page.phone(),
            Self::Dark => page.dark(),
            Self::Still => page.still(),
        };
        page.open(url)
    }
}
