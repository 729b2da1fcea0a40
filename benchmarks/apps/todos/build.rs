//! Wires `app/`.

fn main() {
    anabranch_build::app("app");
}
