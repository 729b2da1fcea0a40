//! The list.

use anabranch::prelude::*;

use crate::Todos;

pub async fn head() -> Result<Head> {
    Ok(Head::title("Todos"))
}

pub async fn render(State(todos): State<Todos>) -> Result {
    let open = todos.iter().filter(|todo| !todo.done).count();
    Ok(html! {
        h1 { "What is to be done" }
        p { (open) " of " (todos.len()) " are open." }
        ul {
            @for todo in todos.iter() {
                li { b { (todo.title) } span { (todo.state()) } }
            }
        }
    })
}
