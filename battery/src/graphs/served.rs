//! Random pages behind a server: each is asked for under a path of its own.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anabranch::{Page, PageRequest};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use tokio::sync::Notify;

use crate::graphs::graph::{Event, Graph};
use crate::graphs::page::{Gates, World, page, settings, silence_deliberate_panics};

/// The longest deadline of a graph is a thousand of its seconds.
const SECOND: Duration = Duration::from_millis(5);

/// The pages. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Served {
    // std's Mutex, because nothing is awaited while it is held.
    visits: Arc<Mutex<Vec<Visit>>>,
}

/// One page, which is asked for once.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Where.
    pub path: String,
    graph: Graph,
    gates: Gates,
    asked: Arc<Notify>,
}

impl Served {
    /// The app that serves them.
    pub fn app(&self) -> Router {
        Router::new()
            .route("/graphs/{number}", get(serve))
            .with_state(self.clone())
    }

    /// Adds a page.
    #[must_use]
    pub fn add(&self, graph: &Graph) -> Visit {
        let mut visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        let visit = Visit {
            path: format!("/graphs/{}", visits.len()),
            graph: graph.clone(),
            gates: Gates::new(graph.gates),
            asked: Arc::default(),
        };
        visits.push(visit.clone());
        visit
    }

    fn visit(&self, number: usize) -> Option<Visit> {
        let visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        visits.get(number).cloned()
    }
}

async fn serve(
    State(served): State<Served>,
    Path(number): Path<usize>,
    request: PageRequest,
) -> Result<Page, StatusCode> {
    // Not earlier: the server's own hook, inside of which this one has to be, is there now.
    silence_deliberate_panics();
    let visit = served.visit(number).ok_or(StatusCode::NOT_FOUND)?;
    let request = request.settings(settings(&visit.graph, SECOND));
    visit.asked.notify_one();
    let world = World::new(visit.graph, visit.gates, SECOND);
    Ok(request.render(page(world)).await)
}

impl Visit {
    /// Opens the gates in the order of the graph's events, from when the page is asked for. Time
    /// passes and others run between them.
    pub async fn play(self) {
        self.asked.notified().await;
        for event in &self.graph.events {
            match event {
                Event::Open(gate) => self.gates.open(*gate),
                Event::Read(count) => {
                    let count = u32::try_from(*count).unwrap_or(u32::MAX);
                    tokio::time::sleep(SECOND * count).await;
                }
                Event::Yield => tokio::task::yield_now().await,
                Event::Tick(time) => {
                    let time = u32::try_from(*time).unwrap_or(u32::MAX);
                    tokio::time::sleep(SECOND * time / 1000).await;
                }
            }
        }
    }
}
