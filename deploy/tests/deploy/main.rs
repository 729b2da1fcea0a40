//! The example files of this folder at work: real nginx in front of real instances, and the app with
//! nothing but what its image has.
//!
//! nginx is looked for in `PATH` and in `/usr/sbin`. Where there is none, its tests say so and
//! check nothing.

mod client;
mod files;
mod image;
mod instance;
mod nginx;
mod proxied;
mod restart;
