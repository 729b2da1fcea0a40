//! How a page is opened in Chromium: who asks for it, and under which conditions it is shown.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use headless_chrome::Browser;
use headless_chrome::protocol::cdp::Network::{CookieParam, SetCookies};
use headless_chrome::protocol::cdp::Target;

use super::Outcome;
use super::conditions::{Conditions, Screen};
use super::network::Network;
use super::tab::ChromiumTab;
use crate::{Error, Page, Result};

/// How a page is opened.
#[derive(Clone, Copy)]
pub struct PageBuilder<'a> {
    browser: &'a Arc<Browser>,
    conditions: Conditions<'a>,
    /// Those of a page that shares none with others.
    cookies: Option<&'a [CookieParam]>,
}

impl<'a> PageBuilder<'a> {
    pub(crate) fn new(browser: &'a Arc<Browser>) -> Self {
        Self {
            browser,
            conditions: Conditions::default(),
            cookies: None,
        }
    }

    /// Turns JavaScript off. Paints are still seen; violations and the errors of scripts are not.
    #[must_use]
    pub fn without_scripts(mut self) -> Self {
        self.conditions.without_scripts = true;
        self
    }

    /// Sends another `User-Agent`, such as a crawler's.
    #[must_use]
    pub fn user_agent(mut self, user_agent: &'a str) -> Self {
        self.conditions.user_agent = Some(user_agent);
        self
    }

    /// Gives the page a size in CSS pixels, at two device pixels each.
    #[must_use]
    pub fn viewport(mut self, width: u32, height: u32) -> Self {
        self.conditions.screen = Some(Screen {
            width,
            height,
            scale: 2.0,
            mobile: false,
        });
        self
    }

    /// Shows the page as a phone does: 390 by 844 CSS pixels at three device pixels each, touch,
    /// the viewport tag in force, and a phone's user agent.
    #[must_use]
    pub fn phone(mut self) -> Self {
        self.conditions.screen = Some(Screen::PHONE);
        self
    }

    /// Prefers dark colours.
    #[must_use]
    pub fn dark(mut self) -> Self {
        self.conditions.dark = true;
        self
    }

    /// Prefers reduced motion, so that frames differ by content and not by animation.
    #[must_use]
    pub fn still(mut self) -> Self {
        self.conditions.still = true;
        self
    }

    /// Slows the network down, such as to [`Network::FAST_3G`].
    #[must_use]
    pub fn network(mut self, network: Network) -> Self {
        self.conditions.network = Some(network);
        self
    }

    /// Lets the page's processor be `times` slower than it is: 4 for a phone of the middle class.
    #[must_use]
    pub fn slow_cpu(mut self, times: f64) -> Self {
        self.conditions.slower_cpu = Some(times);
        self
    }

    /// Gives the page these cookies, and none of the browser's. What it keeps is forgotten with
    /// the browser.
    #[must_use]
    pub(crate) fn only_cookies(mut self, cookies: &'a [CookieParam]) -> Self {
        self.cookies = Some(cookies);
        self
    }

    /// Opens the URL and returns as soon as its first bytes are there.
    ///
    /// # Errors
    /// When the browser does not answer or the navigation fails.
    pub fn open(self, url: &str) -> Result<Page> {
        let tab = self
            .try_open(url)
            .map_err(|error| Error::because(format!("cannot open {url}"), error))?;
        Ok(Page::new(tab))
    }

    /// Opens the URL and returns as soon as its first bytes are there, or the time is over: the
    /// page is blank then.
    pub(crate) fn open_within(self, url: &str, limit: Duration) -> Result<Page> {
        let tab = self
            .try_open_within(url, limit)
            .map_err(|error| Error::because(format!("cannot open {url}"), error))?;
        Ok(Page::new(tab))
    }

    fn try_open(&self, url: &str) -> Outcome<ChromiumTab> {
        let tab = self.blank()?;
        tab.inner().navigate_to(url)?;
        Ok(tab)
    }

    fn try_open_within(&self, url: &str, limit: Duration) -> Outcome<ChromiumTab> {
        let mut tab = self.blank()?;
        let (navigating, url) = (tab.inner().clone(), url.to_owned());
        let (tell, told) = mpsc::channel();
        let arrived = tab.arrives_later();
        // The browser answers when the first bytes are there. If that is never, the thread ends
        // with the tab.
        thread::spawn(move || {
            let navigated = navigating.navigate_to(&url).map(drop);
            arrived.store(true, Ordering::Release);
            // Nobody listens any more when the time was over.
            let _ = tell.send(navigated);
        });
        match told.recv_timeout(limit) {
            Ok(navigated) => navigated?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err("the browser is gone".into()),
        }
        Ok(tab)
    }

    fn blank(&self) -> Outcome<ChromiumTab> {
        let mut window = window();
        if self.cookies.is_some() {
            let context = self.browser.new_context()?;
            window.browser_context_id = Some(context.get_id().to_owned());
        }
        let tab = self.browser.new_tab_with_options(window)?;
        if let Some(cookies) = self.cookies {
            let cookies = cookies.to_vec();
            tab.call_method(SetCookies { cookies })?;
        }
        let scripts = !self.conditions.without_scripts;
        let tab = ChromiumTab::observe(self.browser, tab, scripts)?;
        self.conditions.apply(tab.inner())?;
        Ok(tab)
    }
}

impl fmt::Debug for PageBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageBuilder")
            .field("conditions", &self.conditions)
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
