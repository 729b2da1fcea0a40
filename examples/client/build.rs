//! Wires the folder `app/`, and describes the handlers in `app/api/`.

fn main() {
    anabranch_build::App::new().openapi("api").generate();
}
