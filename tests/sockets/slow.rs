//! A client that stops reading holds up nothing: what was started comes to its end, gives back
//! what it holds, and waits as bytes.

use std::sync::Arc;

use anabranch::prelude::{Markup, PreEscaped, Result, boundary, html};
use anabranch::{TRIGGER, page};
use anabranch_paint::Gates;
use axum::Router;
use axum::routing::get;
use tokio::sync::Semaphore;

use crate::client::Client;
use crate::pages::{document, gated, soon, until};
use crate::server::Server;

/// A page whose shell is larger than what lies between two sockets. One of its boundaries takes
/// the only connection of a pool for a query that ends when the test says so. Another completes
/// before, because a server of HTTP/2 takes one frame more than it can send.
#[derive(Clone)]
pub(crate) struct Stuck {
    pub(crate) gates: Gates,
    pub(crate) pool: Arc<Semaphore>,
}

const SHELL: usize = 8 << 20;

impl Stuck {
    pub(crate) fn new() -> Self {
        Self {
            gates: Gates::new(),
            pool: Arc::new(Semaphore::new(1)),
        }
    }

    pub(crate) fn app(&self) -> Router {
        let stuck = self.clone();
        Router::new().route("/", get(page(move || stuck.clone().page())))
    }

    async fn page(self) -> Result {
        let first = gated(self.gates.clone(), "first");
        Ok(document(Self::body(html! {
            (boundary(first).loading(html! { p { "waiting" } }))
            (boundary(self.query()).loading(html! { p { "asking" } }))
        })))
    }

    async fn query(self) -> Result {
        let connection = self.pool.acquire().await?;
        self.gates.wait("query").await;
        drop(connection);
        Ok(html! { p { "answer" } })
    }

    fn body(before: Markup) -> Markup {
        let filler = "water ".repeat(SHELL / 6);
        html! { (before) pre { (PreEscaped(filler)) } }
    }

    /// Ends the query and waits for its connection to come back. The client reads nothing.
    pub(crate) async fn end_query(&self) {
        let waiting = |gate| move || self.gates.waiting(gate) > 0;
        until(waiting("first")).await;
        until(waiting("query")).await;
        assert_eq!(self.pool.available_permits(), 0);
        self.gates.open("first");
        until(|| self.gates.waiting("first") == 0).await;
        self.gates.open("query");
        drop(soon(self.pool.acquire()).await.unwrap());
    }

    /// Asserts that the page is complete and right. It is compared as bytes: the document of
    /// eight megabytes would say no more.
    pub(crate) fn assert_complete(body: &str) {
        let places =
            "<?start name=\"0\"><p>waiting</p><?end><?start name=\"1\"><p>asking</p><?end>";
        let shell = document(Self::body(html! { (PreEscaped(places)) })).0;
        let shell = shell.strip_suffix("</body></html>").unwrap();
        let rest = body.strip_prefix(shell).expect("the shell is complete");
        let (bridge, patches) = rest.split_once("</script>").unwrap();
        assert!(bridge.starts_with("<script data-w="));
        let trigger = format!("<script>{TRIGGER}</script>");
        assert_eq!(
            patches.replace(&trigger, ""),
            "<template for=\"0\"><p>content first</p></template>\
             <template for=\"1\"><p>answer</p></template></body></html><!--$a-->"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_returns_to_its_pool_though_the_client_does_not_read() {
    let stuck = Stuck::new();
    let server = Server::start(stuck.app()).await;
    let mut client = Client::get(server.address, "/").await;
    soon(client.read_to("<body>")).await;
    stuck.end_query().await;
    let reply = soon(client.reply()).await;
    assert_eq!(reply.status(), "200");
    Stuck::assert_complete(&reply.body);
}
