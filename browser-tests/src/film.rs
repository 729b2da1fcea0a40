//! A page filling in, as the frames that were shown.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use headless_chrome::Tab;
use headless_chrome::protocol::cdp::types::Event;
use headless_chrome::protocol::cdp::{Page as PageDomain, types::JsUInt};

use crate::chromium::Outcome;
use crate::{Error, Page, Result};

/// One frame that differs from the one before.
#[derive(Clone)]
pub struct Frame {
    /// Milliseconds after the start of the navigation.
    pub at: f64,
    /// A PNG picture, in base64.
    pub png: String,
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// A film of a page, from now until [`stop`](Self::stop).
#[derive(Debug)]
pub struct Film<'a> {
    page: &'a Page,
    frames: Frames,
}

impl<'a> Film<'a> {
    /// Starts to film a page, as soon as there is something to film.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn start(page: &'a Page) -> Result<Self> {
        // The browser refuses while it is still showing what was there before.
        page.wait_for("document.body")?;
        let frames = Frames::default();
        frames
            .listen(page.chromium()?)
            .map_err(|error| Error::because("cannot film the page", error))?;
        Ok(Self { page, frames })
    }

    /// Ends the film after the frame that is being made, and returns it from the first frame on
    /// that shows anything.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn stop(self) -> Result<Vec<Frame>> {
        // A callback of the second frame runs when the first has been drawn.
        self.page.eval(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))",
        )?;
        self.page
            .chromium()?
            .stop_screencast()
            .map_err(|error| Error::because("cannot stop the film", error))?;
        let start = self.number("performance.timeOrigin")?;
        let first =
            self.number("performance.getEntriesByName('first-contentful-paint')[0]?.startTime")?;
        let mut frames = self.frames.take();
        for frame in &mut frames {
            frame.at -= start;
        }
        frames.retain(|frame| frame.at >= first);
        // They arrive as they are encoded, which is not always as they were shown.
        frames.sort_by(|one, other| one.at.total_cmp(&other.at));
        frames.dedup_by(|later, earlier| later.png == earlier.png);
        Ok(frames)
    }

    fn number(&self, expression: &str) -> Result<f64> {
        Ok(self.page.eval(expression)?.as_f64().unwrap_or_default())
    }
}

/// Frames as they arrive, with their times since the epoch.
#[derive(Clone, Debug, Default)]
struct Frames(Arc<Mutex<Vec<Frame>>>);

impl Frames {
    fn listen(&self, tab: &Arc<Tab>) -> Outcome<()> {
        let frames = self.clone();
        // The tab keeps its listeners, so a strong handle here would keep the tab for ever.
        let listened: Weak<Tab> = Arc::downgrade(tab);
        tab.add_event_listener(Arc::new(move |event: &Event| {
            if let Event::PageScreencastFrame(event) = event {
                let params = &event.params;
                let at = params.metadata.timestamp.unwrap_or_default() * 1_000.0;
                frames.add(at, &params.data);
                acknowledge(&listened, params.session_id);
            }
        }))?;
        let png = PageDomain::StartScreencastFormatOption::Png;
        tab.start_screencast(Some(png), None, None, None, None)?;
        Ok(())
    }

    fn add(&self, at: f64, png: &str) {
        let mut frames = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        frames.push(Frame {
            at,
            png: png.to_owned(),
        });
    }

    fn take(&self) -> Vec<Frame> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Asks for the next frame. When that fails the tab is closing, and no frame will follow.
fn acknowledge(tab: &Weak<Tab>, session: JsUInt) {
    if let Some(tab) = tab.upgrade() {
        let _ = tab.ack_screencast(session);
    }
}
