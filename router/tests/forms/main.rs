//! What a handler and a page see of a submitted form.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

mod answers;
mod fields;
mod support;
