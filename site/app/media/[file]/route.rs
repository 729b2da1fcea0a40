//! Pictures of the guide, which lie beside its chapters.

use std::sync::LazyLock;

use anabranch::Public;
use anabranch::prelude::*;
use axum::response::Response;

use crate::guide::PICTURES;

/// The picture.
pub async fn get(request: axum::extract::Request) -> RouteResult<Response> {
    static FILES: LazyLock<Public> = LazyLock::new(|| Public::embedded(PICTURES));
    let path = request.uri().path().to_owned();
    let found = FILES
        .answer(request.method(), &path, request.headers())
        .await;
    Ok(found.or_not_found()?)
}
