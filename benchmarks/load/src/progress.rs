//! Progress on a terminal, for what takes minutes.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar of `steps` steps. Nothing is drawn where nobody looks.
pub(crate) fn bar(name: impl Into<String>, steps: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix:24} {bar:32} {pos}/{len} {msg} {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(steps as u64)
        .with_style(style)
        .with_prefix(name.into());
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}
