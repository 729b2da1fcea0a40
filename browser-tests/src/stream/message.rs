//! What the message of a failed test shows: the response up to there.

use std::fmt;
use std::panic::Location;

use super::{End, StreamTest};

/// How much of a frame is shown.
const LENGTH: usize = 1_000;

impl StreamTest {
    /// Fails the test that called at `at`.
    #[track_caller]
    pub(super) fn fail(&self, at: &Location<'_>, what: impl fmt::Display) -> ! {
        panic!("{what}\n  at {at}\n\n{self}")
    }
}

/// The response as far as it was read, frame by frame, and the state of every boundary.
impl fmt::Display for StreamTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.request, self.status)?;
        for (number, frame) in self.frames.iter().enumerate() {
            let shown = match number {
                0 => self.shell.clone(),
                _ => self.wire.text()[frame.clone()].to_owned(),
            };
            let is_shell = if number == 0 { ", the shell" } else { "" };
            writeln!(
                f,
                "frame {}{is_shell}: {}",
                number + 1,
                shortened(shown.trim_end())
            )?;
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
    let end = text.floor_char_boundary(LENGTH);
    match text.len() - end {
        0 => text.to_owned(),
        more => format!("{}… and {more} bytes more", &text[..end]),
    }
}
