//! The example files of this folder at work: real nginx in front of real instances.
//!
//! nginx is looked for in `PATH` and in `/usr/sbin`. Where there is none, its tests say so and
//! check nothing.

mod client;
mod files;
mod instance;
mod nginx;
mod proxied;
mod restart;
