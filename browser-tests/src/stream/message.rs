//! What the message of a failed test shows: the response up to there.

use std::fmt;
use std::panic::Location;

use super::{End, StreamTest};
use crate::evidence::Evidence;

/// How much of a frame is shown.
const LENGTH: usize = 1_000;

/// How many frames are shown of the beginning, and of the end.
const ENDS: usize = 10;

impl StreamTest {
    /// Fails the test that called at `at`.
    #[track_caller]
    pub(super) fn fail(&self, at: &Location<'_>, what: impl fmt::Display) -> ! {
        let message = format!("{what}\n  at {at}");
        let evidence = Evidence {
            message: &message,
            timeline: Some(&self.to_string()),
            screenshot: None,
            frames: Some(self.frames().collect::<Vec<_>>().join("\n\n--- frame\n")),
        };
        let left = match evidence.leave() {
            Ok(folder) => format!("All frames: {}", folder.display()),
            Err(error) => format!("No evidence could be left: {error}"),
        };
        panic!("{message}\n\n{self}{left}\n")
    }

    /// What it can mean that no boundary goes by this name.
    pub(super) fn why_not_rendered(&self, name: &str) -> String {
        let why = format!(
            "{name:?} was not rendered: no such boundary was in the shell. The page awaited it \
             before its shell, which it blocks then, or never placed it"
        );
        match self.record.holds.held().is_empty() {
            true => why,
            false => why + ", or it stands inside of one that is held",
        }
    }
}

/// The response as far as it was read, frame by frame, and the state of every boundary.
impl fmt::Display for StreamTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.request, self.status)?;
        let count = self.frames.len();
        for (number, frame) in self.frames.iter().enumerate() {
            if number >= ENDS && number + ENDS < count {
                if number == ENDS {
                    writeln!(f, "… {} frames more …", count - 2 * ENDS)?;
                }
                continue;
            }
            let (what, text) = match number {
                0 => (", the shell", &*self.shell),
                _ => ("", &self.wire.text()[frame.clone()]),
            };
            writeln!(f, "frame {}{what}: {}", number + 1, shortened(text))?;
        }
        match &self.end {
            End::Open => writeln!(f, "The response is open."),
            End::Ended => writeln!(f, "The response has ended."),
            End::Broken(error) => writeln!(f, "The response was cut: {error}"),
        }?;
        for boundary in self.record.all() {
            writeln!(f, "- {boundary}")?;
        }
        Ok(())
    }
}

fn shortened(text: &str) -> String {
    let text = text.trim_end();
    let end = text.floor_char_boundary(LENGTH);
    match text.len() - end {
        0 => text.to_owned(),
        more => format!("{}… and {more} bytes more", &text[..end]),
    }
}
