//! Who may write at the desk, and what a note needs.
//!
//! # Layout
//! * `account`: the account of the demo, and the check of a password
//! * `session`: a signed cookie, and the row it stands for
//! * [`note`]: the form of a note

mod account;
pub mod note;
mod session;

pub(crate) use account::create_account;
pub use account::{PASSWORD, USER};
pub use session::Session;
pub(crate) use session::signing_key;
