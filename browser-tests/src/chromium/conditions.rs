//! Under which conditions Chromium shows a page: what it emulates, and how.

use headless_chrome::Tab;
use headless_chrome::protocol::cdp::{Emulation, Network as NetworkDomain};

use super::Outcome;
use super::network::Network;

/// What Chromium emulates for one page.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Conditions<'a> {
    pub(super) without_scripts: bool,
    pub(super) user_agent: Option<&'a str>,
    pub(super) screen: Option<Screen>,
    pub(super) dark: bool,
    pub(super) still: bool,
    pub(super) network: Option<Network>,
    pub(super) slower_cpu: Option<f64>,
}

/// The size of the page in CSS pixels, and how many device pixels each of them has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Screen {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) scale: f64,
    /// Whether it is a phone's: viewport tag, touch, user agent.
    pub(super) mobile: bool,
}

impl Screen {
    pub(super) const PHONE: Self = Self {
        width: 390,
        height: 844,
        scale: 3.0,
        mobile: true,
    };
}

impl Conditions<'_> {
    /// Makes them hold for whatever the tab shows from now on.
    pub(super) fn apply(&self, tab: &Tab) -> Outcome<()> {
        if self.without_scripts {
            tab.call_method(Emulation::SetScriptExecutionDisabled { value: true })?;
        }
        if let Some(screen) = self.screen {
            tab.call_method(metrics(screen))?;
            if screen.mobile {
                tab.call_method(FINGERS)?;
                tab.call_method(user_agent(PHONE_USER_AGENT, Some(phone())))?;
            }
        }
        if let Some(name) = self.user_agent {
            tab.call_method(user_agent(name, None))?;
        }
        if self.dark || self.still {
            tab.call_method(self.media())?;
        }
        if let Some(network) = self.network {
            tab.call_method(throttle(network))?;
        }
        if let Some(rate) = self.slower_cpu {
            tab.call_method(Emulation::SetCPUThrottlingRate { rate })?;
        }
        Ok(())
    }

    fn media(&self) -> Emulation::SetEmulatedMedia {
        let wishes = [
            (self.dark, "prefers-color-scheme", "dark"),
            (self.still, "prefers-reduced-motion", "reduce"),
        ];
        let features = wishes.into_iter().filter(|(wished, ..)| *wished);
        Emulation::SetEmulatedMedia {
            media: None,
            features: Some(
                features
                    .map(|(_, name, value)| Emulation::MediaFeature {
                        name: name.to_owned(),
                        value: value.to_owned(),
                    })
                    .collect(),
            ),
        }
    }
}

/// Chromium on Android sends this shortened form, whatever the phone.
const PHONE_USER_AGENT: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 \
    (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36";

const FINGERS: Emulation::SetTouchEmulationEnabled = Emulation::SetTouchEmulationEnabled {
    enabled: true,
    max_touch_points: Some(5),
};

fn metrics(screen: Screen) -> Emulation::SetDeviceMetricsOverride {
    Emulation::SetDeviceMetricsOverride {
        width: screen.width,
        height: screen.height,
        device_scale_factor: screen.scale,
        mobile: screen.mobile,
        scale: None,
        screen_width: None,
        screen_height: None,
        position_x: None,
        position_y: None,
        dont_set_visible_size: None,
        screen_orientation: None,
        viewport: None,
        display_feature: None,
        device_posture: None,
    }
}

fn user_agent(
    name: &str,
    hints: Option<Emulation::UserAgentMetadata>,
) -> Emulation::SetUserAgentOverride {
    Emulation::SetUserAgentOverride {
        user_agent: name.to_owned(),
        accept_language: None,
        platform: None,
        user_agent_metadata: hints,
    }
}

/// What a phone says in `Sec-CH-UA-Mobile` and `Sec-CH-UA-Platform`.
fn phone() -> Emulation::UserAgentMetadata {
    Emulation::UserAgentMetadata {
        brands: None,
        full_version_list: None,
        full_version: None,
        platform: "Android".to_owned(),
        platform_version: String::new(),
        architecture: String::new(),
        model: String::new(),
        mobile: true,
        bitness: None,
        wow_64: None,
        form_factors: None,
    }
}

fn throttle(network: Network) -> NetworkDomain::EmulateNetworkConditions {
    // The browser counts in bytes per second.
    let bytes = |kilobits: u32| f64::from(kilobits) * 1_000.0 / 8.0;
    NetworkDomain::EmulateNetworkConditions {
        offline: false,
        latency: network.latency.as_secs_f64() * 1_000.0,
        download_throughput: bytes(network.download),
        upload_throughput: bytes(network.upload),
        connection_Type: None,
        packet_loss: None,
        packet_queue_length: None,
        packet_reordering: None,
    }
}
