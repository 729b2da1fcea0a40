//! Middleware that takes no request, and middleware that returns text.

use anabranch_router::app::{Leaf, Request};

async fn without_request() -> Result<Request, http::StatusCode> {
    Err(http::StatusCode::FORBIDDEN)
}

async fn returns_text(_: Request) -> String {
    "no".to_owned()
}

async fn fails_with_text(_: Request) -> Result<Request, String> {
    Err("no".to_owned())
}

fn main() {
    let leaf = Leaf::<()>::new();
    let leaf = leaf.middleware(0, without_request);
    let leaf = leaf.middleware(0, returns_text);
    let _ = leaf.middleware(0, fails_with_text);
}
