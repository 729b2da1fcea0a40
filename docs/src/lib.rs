//! The guide to Anabranch. `README.md` orders its chapters.
//!
//! The chapters are Markdown files beside this crate. They are modules here so that every code
//! block compiles as a doctest. The first chapter is not: its blocks are the files of a package.

#[doc = include_str!("../cli.md")]
pub mod cli {}

#[doc = include_str!("../conventions.md")]
pub mod conventions {}

#[doc = include_str!("../boundaries.md")]
pub mod boundaries {}

#[doc = include_str!("../client.md")]
pub mod client {}

#[doc = include_str!("../fragments.md")]
pub mod fragments {}

#[doc = include_str!("../errors.md")]
pub mod errors {}

#[doc = include_str!("../data.md")]
pub mod data {}

#[doc = include_str!("../forms.md")]
pub mod forms {}

#[doc = include_str!("../static-files.md")]
pub mod static_files {}

#[doc = include_str!("../testing.md")]
pub mod testing {}

#[doc = include_str!("../filmstrip.md")]
pub mod filmstrip {}

#[cfg(unix)]
#[doc = include_str!("../deployment.md")]
pub mod deployment {}

#[doc = include_str!("../coming-from-nextjs.md")]
pub mod coming_from_nextjs {}

#[doc = include_str!("../navigation.md")]
pub mod navigation {}

#[doc = include_str!("../heads.md")]
pub mod heads {}

#[doc = include_str!("../settings.md")]
pub mod settings {}

#[doc = include_str!("../server.md")]
pub mod server {}

#[doc = include_str!("../csp.md")]
pub mod csp {}

#[doc = include_str!("../library.md")]
pub mod library {}

#[doc = include_str!("../inspector.md")]
pub mod inspector {}

#[doc = include_str!("../wire.md")]
pub mod wire {}
