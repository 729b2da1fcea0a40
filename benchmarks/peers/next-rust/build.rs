//! Wires `app/`.

fn main() {
    next_rust_build::generate();
}
