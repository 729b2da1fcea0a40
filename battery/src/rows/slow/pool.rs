//! B6: a client that does not read holds no database connection.

use std::sync::Arc;

use anabranch::prelude::{PreEscaped, Result, boundary, html, page};
use anabranch_paint::Gates;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use tokio::sync::Semaphore;

use crate::client::Client;
use crate::http2::{Http2, read_all, read_to};
use crate::local::Local;
use crate::page::{assembled, document, gated};
use crate::row::failed;
use crate::wait::{PATIENCE, soon, until};
use crate::{Form, Outcome, Tried, check};

/// More than what lies between two sockets, or fits into a window.
const SHELL: usize = 8 << 20;

/// A page whose boundary takes the only connection of a pool. Another boundary completes before:
/// what is sent for it waits for the client already.
#[derive(Clone)]
struct Stuck {
    gates: Gates,
    pool: Arc<Semaphore>,
}

async fn stuck(State(stuck): State<Stuck>) -> Result {
    let first = gated(
        stuck.gates.clone(),
        "first".to_owned(),
        html! { p { "first" } },
    );
    Ok(document(html! {
        (boundary(first))
        (boundary(stuck.query()))
        p { "shell" }
        pre { (PreEscaped("water ".repeat(SHELL / 6))) }
    }))
}

impl Stuck {
    fn new() -> Self {
        Self {
            gates: Gates::new(),
            pool: Arc::new(Semaphore::new(1)),
        }
    }

    async fn serve(&self) -> Tried<Local> {
        let app = Router::new().route("/", get(page(stuck)));
        Local::start(app.with_state(self.clone())).await
    }

    async fn query(self) -> Result {
        let connection = self.pool.acquire().await?;
        self.gates.wait("query").await;
        drop(connection);
        Ok(html! { p { "answer" } })
    }

    /// Ends the query and waits for its connection to come back. The client reads nothing.
    async fn end_query(&self) -> Tried {
        let waiting = |gate| self.gates.waiting(gate) > 0;
        until(PATIENCE, "both boundaries", || {
            Ok(waiting("first") && waiting("query"))
        })
        .await?;
        check!(
            self.pool.available_permits() == 0,
            "nobody took the connection"
        );
        self.gates.open("first");
        until(PATIENCE, "the first boundary", || Ok(!waiting("first"))).await?;
        self.gates.open("query");
        let back = soon("the connection back in its pool", self.pool.acquire()).await?;
        drop(back.map_err(failed)?);
        Ok(())
    }
}

pub(super) async fn run(_: Form) -> Outcome {
    let stuck = Stuck::new();
    let local = stuck.serve().await?;
    let mut client = Client::small(local.address).await?;
    client.get("/").await?;
    client.read_to("shell").await?;
    stuck.end_query().await?;
    let reply = client.reply().await?.expect(200)?;
    complete(&reply.body)?;

    let stuck = Stuck::new();
    let local = stuck.serve().await?;
    let mut client = Http2::open(local.address).await?;
    let mut body = client.get("/").await?.into_body();
    let mut read = read_to(&mut body, "shell").await?;
    stuck.end_query().await?;
    read.extend(read_all(body).await?);
    complete(&read)?;
    Ok(
        "back in the pool while the client does not read; both pages complete afterwards"
            .to_owned(),
    )
}

fn complete(body: &[u8]) -> Tried {
    let page = assembled(body)?;
    for text in ["\"first\"", "\"answer\"", "\"shell\""] {
        check!(page.contains(text), "no {text} in the page");
    }
    Ok(())
}
