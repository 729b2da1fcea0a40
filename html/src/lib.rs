//! What the bytes of a streamed page look like.
//!
//! Everything here is a synchronous function from values to bytes: no I/O, no futures, no clock.
//! The wire is the out-of-order streaming of the HTML standard (`<template for>`), with one small
//! script, the *bridge*, for browsers that do not have it yet:
//!
//! ```html
//! … <?start name="0"> loading view <?end> …        a placeholder, inside the shell or a parent's patch
//! <template for="0"> content </template>           its patch, a child of <body>, later in the response
//! <script>self.$a&&$a()</script>                   the trigger: constant text, one per flush
//! ```
//!
//! # Layout
//! - [`marker`]: names, placeholders, patches, the markers in `<head>`.
//! - [`script`]: the bridge, the trigger, and how a page carries them.
//! - [`document`]: the held-back tail, the padding of a short first flush, the end marker.
//! - [`csp`]: hashes and nonces, and the header made of them.
//! - [`balance`]: whether a piece of HTML leaves all of this alone.

pub mod balance;
pub mod csp;
pub mod document;
pub mod marker;
pub mod script;
