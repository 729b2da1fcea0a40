//! Wires the `app/` folder.

fn main() {
    anabranch_build::app("app");
}
