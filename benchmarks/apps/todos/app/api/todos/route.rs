//! The list as JSON.

use anabranch::prelude::*;
use axum::{
    Json,
    response::{IntoResponse, Response},
};

use crate::Todos;

pub async fn get(State(todos): State<Todos>) -> Response {
    Json(&todos[..]).into_response()
}
