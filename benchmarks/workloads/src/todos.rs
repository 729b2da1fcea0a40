//! The data of the todos app.

use serde::Serialize;

/// What is to be done.
#[derive(Clone, Debug, Serialize)]
pub struct Todo {
    /// Its number, counted from 1.
    pub id: u32,
    /// What it says, some of which has to be escaped.
    pub title: String,
    /// Whether it is done.
    pub done: bool,
}

impl Todo {
    /// How the page says whether it is done.
    #[must_use]
    pub fn state(&self) -> &'static str {
        if self.done { "done" } else { "open" }
    }
}

/// Twenty of them, every third done.
#[must_use]
pub fn todos() -> Vec<Todo> {
    let todo = |id| Todo {
        id,
        title: format!("Todo {id}: bread & <butter>, \"twice\""),
        done: id % 3 == 0,
    };
    (1..=20).map(todo).collect()
}
