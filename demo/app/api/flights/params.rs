//! The query string of the API, read strictly: a parameter that is unknown, given twice or out of
//! bounds is refused by name, so that nobody takes a misspelt question for an answered one.

use std::ops::RangeInclusive;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::date::{Date, NoSuchDay};

const LIMITS: RangeInclusive<u16> = 1..=500;
const DEFAULT_LIMIT: u16 = 50;

/// What is asked for.
#[derive(Debug)]
pub(super) struct Params {
    pub(super) date: Option<Date>,
    pub(super) limit: u16,
    pub(super) after: Option<u32>,
}

impl Params {
    /// Reads the names and values of a query string.
    pub(super) fn read(pairs: Vec<(String, String)>) -> Result<Self, Refusal> {
        let (mut date, mut limit, mut after) = (None, None, None);
        for (name, value) in pairs {
            let is_first = match name.as_str() {
                "date" => match value.parse::<Date>() {
                    // The API knows one spelling of a date.
                    Ok(day) if day.iso() == value => date.replace(day).is_none(),
                    _ => return Err(Refusal::new(&name, value, NoSuchDay.to_string())),
                },
                "limit" => match value.parse() {
                    Ok(number) if LIMITS.contains(&number) => limit.replace(number).is_none(),
                    _ => {
                        let (least, most) = LIMITS.into_inner();
                        let allowed = format!("a whole number from {least} to {most}");
                        return Err(Refusal::new(&name, value, allowed));
                    }
                },
                "after" => match value.parse() {
                    Ok(id) => after.replace(id).is_none(),
                    Err(_) => return Err(Refusal::new(&name, value, AFTER)),
                },
                _ => return Err(Refusal::new(&name, value, "only date, limit and after")),
            };
            if !is_first {
                return Err(Refusal::new(&name, value, "given once"));
            }
        }
        Ok(Self {
            date,
            limit: limit.unwrap_or(DEFAULT_LIMIT),
            after,
        })
    }
}

/// Where `after` comes from.
const AFTER: &str = "the `next` of a page of the same list";

/// A parameter that cannot be answered, as a 400.
#[derive(Debug, Serialize)]
pub(super) struct Refusal {
    error: Reason,
}

#[derive(Debug, Serialize)]
struct Reason {
    parameter: String,
    value: String,
    allowed: String,
}

impl Refusal {
    /// `after` is no flight of the list.
    pub(super) fn after(id: u32) -> Self {
        Self::new("after", id.to_string(), AFTER)
    }

    fn new(parameter: &str, value: String, allowed: impl Into<String>) -> Self {
        Self {
            error: Reason {
                parameter: parameter.to_owned(),
                value,
                allowed: allowed.into(),
            },
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(self)).into_response()
    }
}
