//! A minimal todos app: a page, and the same list as JSON. It is served as `anabranch::serve`
//! serves any app, with its layers.

use std::{io, sync::Arc};

use bench_workloads::{
    server::listener,
    todos::{Todo, todos},
};

anabranch::app!(Todos);

/// What the app serves.
type Todos = Arc<[Todo]>;

#[tokio::main]
async fn main() -> io::Result<()> {
    let todos: Todos = todos().into();
    anabranch::serve(listener().await?, app::router().with_state(todos)).await
}
