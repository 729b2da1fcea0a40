//! The core suite in every engine, and Chromium's modes.

mod modes;
mod pages;
