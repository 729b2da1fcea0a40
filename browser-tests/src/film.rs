//! A page filling in: the frames that were shown, and what took how long.
//!
//! Needs the feature `browser`.
//!
//! ```no_run
//! use anabranch_paint::film::Film;
//! use anabranch_paint::{Chromium, Swap};
//! use std::time::Duration;
//!
//! # fn main() -> anabranch_paint::Result {
//! let chromium = Chromium::start(Swap::Native)?;
//! let page = chromium.page().viewport(1000, 800).open("about:blank")?;
//! let mut film = Film::start(&page, "http://127.0.0.1:3000/")?;
//! while let Some(step) = film.next(Duration::from_secs(60))? {
//!     eprintln!("{step}");                         // "1420 ms  painted Weather against delay"
//! }
//! let footage = film.finish()?;
//! println!("{} frames, {}", footage.frames.len(), footage.waterfall.svg());
//! # Ok(())
//! # }
//! ```
//!
//! Any page can be filmed. Of one that Anabranch sent, each boundary is told apart, by the markers
//! that come and go in the document; and if the inspector is on, the server's times are known too.
//!
//! # Layout
//! - here: the film, from the navigation to the last paint
//! - `frames`: pictures, as the browser shows them
//! - `network`: the response, as it arrives in parts
//! - `recording`: what the page says of itself, made into a waterfall
//! - `step`: what happens, while it happens

use std::time::Duration;

use serde_json::Value;

use self::frames::Frames;
use self::network::Network;
use self::recording::Recording;
use crate::chromium::{Outcome, before_scripts};
use crate::{Error, Page, Result, Waterfall};

mod frames;
mod network;
mod recording;
mod step;

pub use frames::Frame;
pub use step::{Happened, Step};

/// A film of a page, from the navigation until [`finish`](Self::finish).
#[derive(Debug)]
pub struct Film<'a> {
    page: &'a Page,
    url: String,
    frames: Frames,
    network: Network,
    steps: usize,
    ended: bool,
}

/// What a film has on it.
#[derive(Clone, Debug)]
pub struct Footage {
    /// The frames that differ from the one before, from the first that shows anything.
    pub frames: Vec<Frame>,
    /// What took how long.
    pub waterfall: Waterfall,
}

impl<'a> Film<'a> {
    /// Navigates an open page, such as `about:blank`, to a URL, and films it from then on.
    ///
    /// # Errors
    /// When there is no page at the URL; the message says in words what is wrong. Only Chromium
    /// can be filmed.
    pub fn start(page: &'a Page, url: &str) -> Result<Self> {
        let film = Self {
            page,
            url: url.to_owned(),
            frames: Frames::default(),
            network: Network::default(),
            steps: 0,
            ended: false,
        };
        film.prepare()
            .map_err(|error| Error::because("cannot film the page", error))?;
        let navigated = page.chromium()?.navigate_to(url);
        navigated.map_err(|error| refusal(url, &error))?;
        let content = page.eval("document.contentType")?;
        match content.as_str() {
            Some("text/html" | "application/xhtml+xml") => Ok(film),
            content => {
                let content = content.unwrap_or("not a document");
                let message = format!("{url} is {content}; only an HTML page can be filmed");
                Err(Error::new(message))
            }
        }
    }

    fn prepare(&self) -> Outcome<()> {
        let tab = self.page.chromium()?;
        self.network.listen(tab)?;
        self.frames.listen(tab)?;
        tab.call_method(before_scripts(include_str!("film/watch.js")))?;
        Ok(())
    }

    /// Waits for what happens next: `None` when the page is complete, or when nothing has
    /// happened for as long as `patience`.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn next(&mut self, patience: Duration) -> Result<Option<Step>> {
        if self.ended {
            return Ok(None);
        }
        let (n, limit) = (self.steps, patience.as_millis());
        let step = Step::read(
            &self
                .page
                .eval(&format!("__anabranch_film.next({n}, {limit})"))?,
        );
        self.steps += 1;
        match &step {
            // Before, the browser still shows what was there before, and refuses.
            Some(step) if step.happened == Happened::Open => self
                .frames
                .start(self.page.chromium()?)
                .map_err(|error| Error::because("cannot film the page", error))?,
            Some(step) => self.ended = step.happened == Happened::Loaded,
            None => self.ended = true,
        }
        Ok(step)
    }

    /// Ends the film after the frame that is being made.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn finish(self) -> Result<Footage> {
        // A callback of the second frame runs when the first has been drawn.
        self.page.eval(
            "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))",
        )?;
        self.frames
            .stop(self.page.chromium()?)
            .map_err(|error| Error::because("cannot stop the film", error))?;
        let report: Value = self.page.eval("__anabranch_film.report()")?;
        let origin = report["origin"].as_f64().unwrap_or_default();
        let recording = Recording::read(&report, self.network.response(origin));
        let mut frames = self.frames.since(origin, recording.shell);
        recording.caption(&mut frames);
        Ok(Footage {
            frames,
            waterfall: recording.waterfall(self.url),
        })
    }
}

/// Why there is nothing to film, in words.
fn refusal(url: &str, error: &impl std::fmt::Display) -> Error {
    let code = error.to_string();
    let words = if code.contains("ERR_CONNECTION_REFUSED") {
        format!("nothing answers at {url}; is the server running?")
    } else if code.contains("ERR_NAME_NOT_RESOLVED") {
        format!("no machine has the name in {url}")
    } else if code.contains("ERR_ABORTED") {
        format!("{url} is a download or an empty response, not a page")
    } else if code.contains("invalid URL") {
        format!("{url} is not a URL")
    } else {
        format!("cannot open {url}")
    };
    Error::because(words, code)
}
