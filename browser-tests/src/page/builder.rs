//! How a page is opened: who asks for it, and what it is allowed.

use std::fmt;

use headless_chrome::protocol::cdp::{Emulation, Page as PageDomain, Target};
use headless_chrome::{Browser, Tab};

use super::console::Console;
use super::{Outcome, Page};
use crate::{Error, Result};

/// How a page is opened.
#[derive(Clone, Copy)]
pub struct PageBuilder<'a> {
    browser: &'a Browser,
    scripts: bool,
    user_agent: Option<&'a str>,
    viewport: Option<(u32, u32)>,
    media: [Option<(&'static str, &'static str)>; 2],
}

impl<'a> PageBuilder<'a> {
    pub(crate) fn new(browser: &'a Browser) -> Self {
        Self {
            browser,
            scripts: true,
            user_agent: None,
            viewport: None,
            media: [None; 2],
        }
    }

    /// Turns JavaScript off. Paints and violations are then not recorded.
    #[must_use]
    pub fn without_scripts(mut self) -> Self {
        self.scripts = false;
        self
    }

    /// Sends another `User-Agent`, such as a crawler's.
    #[must_use]
    pub fn user_agent(mut self, user_agent: &'a str) -> Self {
        self.user_agent = Some(user_agent);
        self
    }

    /// Gives the page a size in CSS pixels, at two device pixels each.
    #[must_use]
    pub fn viewport(mut self, width: u32, height: u32) -> Self {
        self.viewport = Some((width, height));
        self
    }

    /// Prefers dark colours.
    #[must_use]
    pub fn dark(mut self) -> Self {
        self.media[0] = Some(("prefers-color-scheme", "dark"));
        self
    }

    /// Prefers reduced motion, so that frames differ by content and not by animation.
    #[must_use]
    pub fn still(mut self) -> Self {
        self.media[1] = Some(("prefers-reduced-motion", "reduce"));
        self
    }

    /// Opens the URL and returns as soon as its first bytes are there.
    ///
    /// # Errors
    /// When the browser does not answer or the navigation fails.
    pub fn open(self, url: &str) -> Result<Page> {
        self.try_open(url)
            .map_err(|error| Error::because(format!("cannot open {url}"), error))
    }

    fn try_open(&self, url: &str) -> Outcome<Page> {
        let tab = self.browser.new_tab_with_options(window())?;
        let console = Console::default();
        console.listen(&tab)?;
        self.prepare_scripts(&tab)?;
        if let Some(user_agent) = self.user_agent {
            tab.set_user_agent(user_agent, None, None)?;
        }
        if let Some((width, height)) = self.viewport {
            tab.call_method(viewport(width, height))?;
        }
        if self.media.iter().any(Option::is_some) {
            tab.call_method(prefer(&self.media))?;
        }
        tab.navigate_to(url)?;
        Ok(Page {
            tab,
            console,
            scripts: self.scripts,
        })
    }

    fn prepare_scripts(&self, tab: &Tab) -> Outcome<()> {
        if !self.scripts {
            tab.call_method(Emulation::SetScriptExecutionDisabled { value: true })?;
            return Ok(());
        }
        tab.call_method(PageDomain::AddScriptToEvaluateOnNewDocument {
            source: include_str!("observe.js").to_owned(),
            world_name: None,
            include_command_line_api: None,
            run_immediately: None,
        })?;
        Ok(())
    }
}

impl fmt::Debug for PageBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageBuilder")
            .field("scripts", &self.scripts)
            .finish_non_exhaustive()
    }
}

/// A window of its own stays visible beside those of tests that run at the same time; a tab behind
/// another one is hidden, and what is hidden is not painted.
fn window() -> Target::CreateTarget {
    Target::CreateTarget {
        url: "about:blank".to_owned(),
        new_window: Some(true),
        left: None,
        top: None,
        width: None,
        height: None,
        window_state: None,
        browser_context_id: None,
        enable_begin_frame_control: None,
        background: None,
        for_tab: None,
        hidden: None,
    }
}

fn viewport(width: u32, height: u32) -> Emulation::SetDeviceMetricsOverride {
    Emulation::SetDeviceMetricsOverride {
        width,
        height,
        device_scale_factor: 2.0,
        mobile: false,
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

fn prefer(features: &[Option<(&str, &str)>]) -> Emulation::SetEmulatedMedia {
    let features = features.iter().flatten();
    Emulation::SetEmulatedMedia {
        media: None,
        features: Some(
            features
                .map(|(name, value)| Emulation::MediaFeature {
                    name: (*name).to_owned(),
                    value: (*value).to_owned(),
                })
                .collect(),
        ),
    }
}
