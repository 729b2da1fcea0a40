//! The out-of-order wire of the peers that have no library for it: markers that browsers with
//! `<template for>` know, and a short script for the others.

use std::fmt::Write;

use maud::{Markup, PreEscaped};

/// Defines the swap for browsers where a marker is only a comment. Stands in the head of a
/// streamed page.
pub const SWAP_SCRIPT: PreEscaped<&str> = PreEscaped(include_str!("swap.html"));

/// Runs the swap. Follows the templates of one flush.
pub const TRIGGER: &str = "<script>self.swap&&swap()</script>";

/// Where the content of boundary `name` will stand, showing `loading` until then.
#[must_use]
pub fn placeholder(name: usize, loading: &Markup) -> Markup {
    PreEscaped(format!(r#"<?start name="{name}">{}<?end>"#, loading.0))
}

/// Appends the patch that carries `content` to the placeholder of `name`.
pub fn write_patch(frame: &mut String, name: usize, content: &Markup) {
    write!(frame, r#"<template for="{name}">{}</template>"#, content.0)
        .expect("writing to a string cannot fail");
}
