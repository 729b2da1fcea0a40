//! Metrics of pages, for the recorder that the app has installed. Without the feature `metrics`
//! everything here is empty.

use anabranch_boundaries::Error;

use crate::observer::Event;

pub(crate) use imp::{Meter, OpenStream, Stopwatch};

/// How a boundary ended, as a label.
#[derive(Clone, Copy)]
pub(crate) enum Outcome<'e> {
    Complete,
    Failed(&'e Error),
    /// Its parent failed or did not place it, or the client went.
    Cancelled,
}

impl<'e> Outcome<'e> {
    /// The same for observers.
    pub(crate) fn event(self) -> Event<'e> {
        match self {
            Self::Complete => Event::Complete,
            Self::Failed(error) => Event::Failed(error),
            Self::Cancelled => Event::Cancelled,
        }
    }
}

#[cfg(feature = "metrics")]
mod imp {
    use metrics::{counter, gauge, histogram};
    use tokio::time::Instant;

    use super::Outcome;
    use crate::tree::Label;

    /// Runs since it was made.
    #[derive(Clone, Copy)]
    pub(crate) struct Stopwatch(Instant);

    impl Stopwatch {
        pub(crate) fn start() -> Self {
            Self(Instant::now())
        }

        /// A page has reached its commit point.
        pub(crate) fn committed(self) {
            histogram!("anabranch_shell_seconds").record(self.0.elapsed());
        }

        /// A boundary has ended.
        pub(crate) fn ended(self, label: &Label, outcome: Outcome<'_>) {
            let labels = [
                ("boundary", label.to_string()),
                ("outcome", outcome.label().to_owned()),
            ];
            histogram!("anabranch_boundary_seconds", &labels).record(self.0.elapsed());
        }
    }

    impl Outcome<'_> {
        fn label(self) -> &'static str {
            match self {
                Self::Complete => "complete",
                Self::Cancelled => "cancelled",
                Self::Failed(error) if error.is_timeout() => "timed out",
                Self::Failed(error) if error.is_panic() => "panicked",
                Self::Failed(error) if error.is_not_found() => "not found",
                Self::Failed(error) if error.is_redirect() => "redirect",
                Self::Failed(_) => "failed",
            }
        }
    }

    /// One page's share of the boundaries that are pending.
    pub(crate) struct Meter {
        pending: usize,
    }

    impl Meter {
        pub(crate) fn new() -> Self {
            Self { pending: 0 }
        }

        pub(crate) fn set_pending(&mut self, pending: usize) {
            let before = std::mem::replace(&mut self.pending, pending);
            if before != pending {
                gauge!("anabranch_pending_boundaries").increment(pending as f64 - before as f64);
            }
        }
    }

    impl Drop for Meter {
        fn drop(&mut self) {
            self.set_pending(0);
        }
    }

    /// One stream that is open.
    pub(crate) struct OpenStream {
        ended: bool,
    }

    impl OpenStream {
        pub(crate) fn new() -> Self {
            gauge!("anabranch_open_streams").increment(1.0);
            Self { ended: false }
        }

        /// Its last frame was taken.
        pub(crate) fn end(&mut self) {
            self.ended = true;
        }
    }

    impl Drop for OpenStream {
        fn drop(&mut self) {
            gauge!("anabranch_open_streams").decrement(1.0);
            if !self.ended {
                counter!("anabranch_aborted_streams_total").increment(1);
            }
        }
    }
}

#[cfg(not(feature = "metrics"))]
mod imp {
    use super::Outcome;
    use crate::tree::Label;

    #[derive(Clone, Copy)]
    pub(crate) struct Stopwatch;

    impl Stopwatch {
        pub(crate) fn start() -> Self {
            Self
        }

        pub(crate) fn committed(self) {}

        pub(crate) fn ended(self, _: &Label, _: Outcome<'_>) {}
    }

    pub(crate) struct Meter;

    impl Meter {
        pub(crate) fn new() -> Self {
            Self
        }

        pub(crate) fn set_pending(&mut self, _: usize) {}
    }

    pub(crate) struct OpenStream;

    impl OpenStream {
        pub(crate) fn new() -> Self {
            Self
        }

        pub(crate) fn end(&mut self) {}
    }
}
