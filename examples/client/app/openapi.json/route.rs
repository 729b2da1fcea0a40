//! `/openapi.json`: what the handlers take and answer.

use anabranch::openapi::Document;

pub async fn get() -> Document {
    crate::app::openapi()
}
