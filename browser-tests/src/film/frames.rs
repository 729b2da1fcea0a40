//! The frames that the browser showed.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use headless_chrome::Tab;
use headless_chrome::protocol::cdp::types::Event;
use headless_chrome::protocol::cdp::{Page as PageDomain, types::JsUInt};

use crate::chromium::Outcome;

/// One frame that differs from the one before.
#[derive(Clone)]
pub struct Frame {
    /// Milliseconds after the start of the navigation.
    pub at: f64,
    /// A PNG picture, in base64.
    pub png: String,
    /// The boundaries that it shows, and the frame before did not.
    pub shows: Vec<String>,
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("at", &self.at)
            .field("shows", &self.shows)
            .finish_non_exhaustive()
    }
}

/// Frames as they arrive, with their times since the epoch.
#[derive(Clone, Debug, Default)]
pub(super) struct Frames(Arc<Mutex<Vec<Frame>>>);

impl Frames {
    /// Keeps the frames that the browser sends from now on.
    pub(super) fn listen(&self, tab: &Arc<Tab>) -> Outcome<()> {
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
        Ok(())
    }

    /// Asks the browser for frames.
    pub(super) fn start(&self, tab: &Tab) -> Outcome<()> {
        let png = PageDomain::StartScreencastFormatOption::Png;
        tab.start_screencast(Some(png), None, None, None, None)?;
        Ok(())
    }

    /// Asks for no more frames.
    pub(super) fn stop(&self, tab: &Tab) -> Outcome<()> {
        tab.stop_screencast()?;
        Ok(())
    }

    /// The frames of a page whose navigation began at `origin`, from its `first` paint on.
    pub(super) fn since(&self, origin: f64, first: Option<f64>) -> Vec<Frame> {
        let mut frames = self.take();
        for frame in &mut frames {
            frame.at -= origin;
        }
        if let Some(first) = first {
            frames.retain(|frame| frame.at >= first);
        }
        // They arrive as they are encoded, which is not always as they were shown.
        frames.sort_by(|one, other| one.at.total_cmp(&other.at));
        frames.dedup_by(|later, earlier| later.png == earlier.png);
        frames
    }

    fn add(&self, at: f64, png: &str) {
        let mut frames = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        frames.push(Frame {
            at,
            png: png.to_owned(),
            shows: Vec::new(),
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
