//! How the paint of a marked element is seen: as the browser reports it, else by its pixels.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use headless_chrome::protocol::cdp::Page as PageDomain;
use serde_json::Value;

use super::super::Page;
use crate::mark::Mark;
use crate::timeline::What;
use crate::{Error, Result};

impl Page {
    /// When the element of a mark was painted. `since` is what has put it there, for one that the
    /// browser does not report.
    pub(super) fn see(&self, mark: &Mark, since: What, boundary: &str) -> Result<f64> {
        let Some(name) = mark.name() else {
            return Err(Error::new("it has no element"));
        };
        if let Some(at) = self.paint_of(name)? {
            return Ok(at);
        }
        if !self.tab.runs_scripts() {
            self.wait_painted(name)?;
            return Ok(self.paint_of(name)?.unwrap_or_default());
        }
        let quoted = Value::from(name);
        let reported = format!("__anabranch_paint.paints.some(entry => entry.name === {quoted})");
        let in_sight = self.wait_for(&format!("{reported} || __anabranch_paint.box({quoted})"));
        if in_sight.is_ok() {
            self.eval("__anabranch_paint.settled()")?;
            if let Some(at) = self.paint_of(name)? {
                return Ok(at);
            }
            if self.shows_pixels(name)? {
                let placed = self.timeline()?.when(since, boundary);
                let now = || self.eval("performance.now()").ok()?.as_f64();
                let at = placed.or_else(now).unwrap_or_default();
                // Remembered, because it may be gone when it is asked for again.
                self.eval(&format!("__anabranch_paint.painted({quoted}, {at})"))?;
                return Ok(at);
            }
            if self.wait_for(&reported).is_ok() {
                return Ok(self.paint_of(name)?.unwrap_or_default());
            }
        }
        let why = self.eval(&format!("__anabranch_paint.invisible({quoted})"))?;
        let nowhere = "it is not in the document any more, and the browser has not reported it: \
                       what is seen by its pixels must be asked for while it is there";
        Err(Error::new(why.as_str().unwrap_or(nowhere)))
    }

    /// When an element of this name was first painted, if it was.
    pub(super) fn paint_of(&self, name: &str) -> Result<Option<f64>> {
        let mut paints = self.paints()?.into_iter();
        Ok(paints
            .find(|paint| paint.name == name)
            .map(|paint| paint.at))
    }

    /// Whether what is visible of an element's box changes when the element is transparent.
    fn shows_pixels(&self, name: &str) -> Result<bool> {
        let name = Value::from(name);
        let area = self.eval(&format!("__anabranch_paint.box({name})"))?;
        if area.is_null() {
            return Ok(false);
        }
        let with = self.clip(&area)?;
        self.eval(&format!(
            "__anabranch_paint.hide({name}), __anabranch_paint.settled()"
        ))?;
        let without = self.clip(&area);
        self.eval("__anabranch_paint.show(), __anabranch_paint.settled()")?;
        Ok(with != without?)
    }

    /// A picture of a part of the page, as PNG.
    fn clip(&self, area: &Value) -> Result<Vec<u8>> {
        let side = |name: &str| area[name].as_f64().unwrap_or_default();
        let clip = PageDomain::Viewport {
            x: side("x"),
            y: side("y"),
            width: side("width"),
            height: side("height"),
            scale: 1.0,
        };
        let png = PageDomain::CaptureScreenshotFormatOption::Png;
        self.chromium()?
            .capture_screenshot(png, None, Some(clip), true)
            .map_err(|error| Error::because("cannot look at a part of the page", error))
    }

    /// A picture of what is visible, unless the page is one of which none can be taken: while a
    /// style sheet of its head is pending, the browser does not answer.
    pub(super) fn screenshot_soon(&self) -> Option<Vec<u8>> {
        let tab = self.chromium().ok()?.clone();
        if !self.tab.has_arrived() {
            return None;
        }
        let (tell, told) = mpsc::channel();
        thread::spawn(move || {
            let png = PageDomain::CaptureScreenshotFormatOption::Png;
            let _ = tell.send(tab.capture_screenshot(png, None, None, true).ok());
        });
        told.recv_timeout(Duration::from_secs(10)).ok().flatten()
    }
}
