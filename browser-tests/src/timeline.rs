//! What happened to a page, by time.

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum What {
    /// The browser has sent the request.
    Requested,
    /// The first byte of the response has arrived.
    FirstByte,
    /// The browser has painted anything.
    FirstPaint,
    /// The browser has painted text or an image.
    FirstContentfulPaint,
    /// The browser has painted a marked element.
    Painted,
    /// What was visible has moved, without the reader's doing.
    LayoutShift {
        /// How much of the window moved, times how far, from 0 to 1.
        score: f64,
    },
    /// The browser's main thread was busy for more than 50 ms.
    LongTask {
        /// How long.
        ms: f64,
    },
    /// The app has rendered the boundary.
    Rendered,
    /// The app has polled it for the first time.
    Started,
    /// Its content is complete.
    Complete,
    /// It has failed, and its error view is its content.
    Failed,
    /// It was dropped.
    Cancelled,
    /// Its loading view was written.
    Shown,
    /// Its content was written; of the page: its shell.
    Sent,
    /// The page's last byte was written.
    Finished,
    /// The browser has parsed the start of its loading view.
    Placed,
    /// Its content is in the place of its loading view.
    Swapped,
}
