//! When things happen: the only crate that drives a page, and the only one that orders bytes.
//!
//! ```text
//! component -> commit point -> shell -> scheduler -> patches -> frames
//! ```
//!
//! [`render`] polls a page to its *commit point*, where its shell is complete and status and
//! headers are fixed, and returns a [`Rendered`] response. Its [`PageBody`] then drives the
//! boundaries that are left, as the server reads it.
//!
//! # Cancel safety
//! Dropping the future of [`render`], or the body, drops every component of the page that is
//! still running. No task of a response outlives it; the clock, one task per runtime, ends half a
//! second after the last response.
//!
//! # Layout
//! - `commit`: from a page's future to status, headers and shell.
//! - `scheduler`: which component is polled, and what its end means.
//! - `jobs`: the components that are running, and which of them were woken; `job`: one of them.
//! - `registry`: the open scope while components are polled; `spawned` relays it from a task.
//! - `tree`: the state of every boundary; who may be written when.
//! - `write`: shell and patches, as bytes.
//! - `head`: the page's head, early and late.
//! - `failure`: what shows in the place of what failed, and what the log says.
//! - `framing`: in debug builds, warns of HTML that breaks the page around it.
//! - `clock`: wakes responses for deadlines, grace and heartbeat; `drain`: ends them early;
//!   `connection`: whom a response goes to.
//! - `body`, `signal`, `stand_in`: who polls the scheduler, the server or a task that stands in
//!   for it.
//! - `monitor`, `meter`: what is known of a page from outside while it is sent; `observer`: what
//!   is known of each of its boundaries, for tests and tools.
//! - `settings`, `parts`, `audience`: what a page is told, and what it tells.

mod audience;
mod body;
mod clock;
mod commit;
mod connection;
mod drain;
mod failure;
mod framing;
mod head;
mod held_back;
mod job;
mod jobs;
mod meter;
mod monitor;
mod observer;
mod parts;
mod registry;
mod scheduler;
mod settings;
mod signal;
mod spawned;
mod stand_in;
mod tree;
mod write;

pub use audience::{Audience, is_bot};
pub use body::PageBody;
pub use commit::{Rendered, Visit, render};
pub use connection::{Connection, End};
pub use drain::Drain;
pub use monitor::{Cut, Monitor};
pub use observer::{Event, Gate, MARK_LEN, Observed, Observer, Span, View};
pub use parts::ResponseParts;
pub use registry::PAGE;
pub use settings::Settings;
