//! An app without a build script.

anabranch_router::app!();

fn main() {}
