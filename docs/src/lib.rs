//! The guide to Anabranch, in the order in which a reader needs it.
//!
//! The chapters are Markdown files beside this crate. They are modules here so that every code
//! block compiles as a doctest.

#[doc = include_str!("../getting-started.md")]
pub mod getting_started {}

#[doc = include_str!("../boundaries.md")]
pub mod boundaries {}

#[doc = include_str!("../errors.md")]
pub mod errors {}

#[doc = include_str!("../heads.md")]
pub mod heads {}

#[doc = include_str!("../csp.md")]
pub mod csp {}

#[doc = include_str!("../settings.md")]
pub mod settings {}

#[doc = include_str!("../serving.md")]
pub mod serving {}

#[doc = include_str!("../wire.md")]
pub mod wire {}
