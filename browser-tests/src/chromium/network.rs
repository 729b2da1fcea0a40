//! How slow a network is.

use std::time::Duration;

/// A slow network, as Chromium emulates it: what a request costs, and how fast bytes pass.
///
/// The presets are those of Chrome's developer tools.
///
/// ```
/// use std::time::Duration;
/// use anabranch_paint::Network;
///
/// let train = Network { latency: Duration::from_secs(1), ..Network::FAST_3G };
/// # assert!(train.latency > Network::FAST_3G.latency);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// The least time from a request to its response.
    pub latency: Duration,
    /// Kilobits per second that arrive.
    pub download: u32,
    /// Kilobits per second that leave.
    pub upload: u32,
}

impl Network {
    /// 2,000 ms, 400 kbit/s both ways: "3G" in the developer tools, once "Slow 3G".
    pub const SLOW_3G: Self = Self {
        latency: Duration::from_millis(2_000),
        download: 400,
        upload: 400,
    };

    /// 563 ms, 1,440 kbit/s down, 675 kbit/s up: "Slow 4G" in the developer tools, once "Fast 3G".
    pub const FAST_3G: Self = Self {
        latency: Duration::from_millis(563),
        download: 1_440,
        upload: 675,
    };
}
