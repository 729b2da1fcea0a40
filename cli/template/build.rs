//! Wires the folder `app/`.

fn main() {
    anabranch_build::app("app");
}
