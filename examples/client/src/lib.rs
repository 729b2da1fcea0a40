//! Handlers in `app/api/`, and in `client/` a TypeScript program whose types are theirs.
//!
//! ```sh
//! npm ci --prefix examples/client/client
//! cargo anabranch client -p client-example
//! (cd examples/client/client && npx tsc)
//! ```
//!
//! Rename a field of [`rivers::River`], and the second command makes the third one fail.

pub mod rivers;

anabranch::app!();
