//! A graph as a page: its components as futures, its edges as shared ones.

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::{Arc, Once};
use std::task::Poll;
use std::time::Duration;

use anabranch::prelude::{
    Boundary, Error, Head, PreEscaped, Result, Settings, Shared, boundary, html, not_found,
    redirect, share,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::Semaphore;

use crate::graphs::graph::{Component, Ending, Failure, Gate, Graph, Id, Loading, Step};
use crate::graphs::html::{ELSEWHERE, document};

/// The text of every panic in a component.
const ON_PURPOSE: &str = "on purpose";

/// Where components wait until the driver opens the gate, once for all. Those at the same gate
/// go on in the order in which they came.
#[derive(Clone, Debug)]
pub struct Gates(Arc<[Semaphore]>);

impl Gates {
    /// So many gates, all shut.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self((0..count).map(|_| Semaphore::new(0)).collect())
    }

    /// Opens one.
    pub fn open(&self, gate: Gate) {
        // One for each that may wait, because one that is given to a future nobody polls any more
        // does not come back.
        self.0[gate].add_permits(1000);
    }

    async fn wait(&self, gate: Gate) {
        let pass = self.0[gate].acquire().await;
        drop(pass.expect("gates are never closed"));
    }
}

/// A graph that is being rendered.
#[derive(Debug)]
pub struct World {
    graph: Graph,
    /// How long a second of the graph takes.
    second: Duration,
    gates: Gates,
    shared: Vec<Shared<String>>,
}

impl World {
    /// The world of `graph`, in which a second takes as long as `second`.
    #[must_use]
    pub fn new(graph: Graph, gates: Gates, second: Duration) -> Arc<Self> {
        let mut shared: Vec<Shared<String>> = Vec::new();
        for work in &graph.shared {
            let work = work.clone();
            let needed = work.needs.map(|needed| shared[needed].clone());
            let gates = gates.clone();
            shared.push(share(async move {
                if let Some(gate) = work.gate {
                    gates.wait(gate).await;
                }
                if let Some(needed) = needed {
                    needed.await?;
                }
                end(work.ending, work.value).await
            }));
        }
        Arc::new(Self {
            graph,
            second,
            gates,
            shared,
        })
    }

    fn component(&self, id: Id) -> &Component {
        &self.graph.components[id]
    }

    fn seconds(&self, count: u64) -> Duration {
        seconds(self.second, count)
    }
}

/// The settings of the graph's page.
#[must_use]
pub fn settings(graph: &Graph, second: Duration) -> Settings {
    // No deadline but those of the boundaries that miss theirs is ever near.
    Settings::new()
        .deadline(seconds(second, 1000))
        .response_deadline(seconds(second, 5000))
        .bridge_threshold(graph.bridge_threshold)
        .grace(if graph.grace {
            second / 20
        } else {
            Duration::ZERO
        })
}

fn seconds(second: Duration, count: u64) -> Duration {
    second * u32::try_from(count).unwrap_or(u32::MAX)
}

/// The panics of the components are part of the plan: they are not printed.
pub fn silence_deliberate_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let default = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if info.payload().downcast_ref::<&str>() != Some(&ON_PURPOSE) {
                default(info);
            }
        }));
    });
}

/// The page.
///
/// # Errors
/// Never: the page itself does not fail.
pub async fn page(world: Arc<World>) -> Result {
    let body = component(world.clone(), 0).await?.0;
    let head = match world.graph.has_head {
        true => html! { (Head::title("page").meta("description", "random")) },
        false => html! { title { "page" } },
    };
    Ok(document(&head, body, world.graph.unclosed))
}

fn component(world: Arc<World>, id: Id) -> BoxFuture<'static, Result> {
    Box::pin(async move {
        let this = world.component(id);
        let mut rendered = HashMap::new();
        if this.eager {
            // Backwards, because the order of rendering is not that of the document.
            for child in this.steps.iter().rev().filter_map(placed) {
                rendered.insert(child, html! { (place(&world, child)) });
            }
        }
        let mut out = String::new();
        for step in &this.steps {
            match step {
                Step::Text(text) => out.push_str(&this.context.text(text).0),
                Step::Place(child) => {
                    let known = rendered.remove(child);
                    let child_context = world.component(*child).context;
                    let child = known.unwrap_or_else(|| html! { (place(&world, *child)) });
                    let (open, close) = this.context.around(child_context);
                    out.push_str(&html! { (PreEscaped(open)) (child) (PreEscaped(close)) }.0);
                }
                Step::Stray(child) => drop(html! { (place(&world, *child)) }),
                Step::Head { title, meta } => {
                    out.push_str(&html! { (head(title.as_deref(), meta.as_deref())) }.0);
                }
                Step::Wait(gate) => world.gates.wait(*gate).await,
                Step::Sleep(seconds) => tokio::time::sleep(world.seconds(*seconds)).await,
                Step::Await(work) => {
                    let value = world.shared[*work].clone().await?;
                    out.push_str(&this.context.text(&value).0);
                }
                Step::Touch(work) => touch(world.shared[*work].clone()).await,
            }
        }
        end(this.ending, PreEscaped(out)).await
    })
}

fn placed(step: &Step) -> Option<Id> {
    match step {
        Step::Place(child) => Some(*child),
        _ => None,
    }
}

fn place(world: &Arc<World>, id: Id) -> Boundary {
    let Component {
        context,
        loading,
        has_error_view,
        deadline,
        spawn,
        ..
    } = *world.component(id);
    let view = move || context.text(&format!("loading {id}"));
    let mut boundary = boundary(component(world.clone(), id)).name(id.to_string());
    boundary = match loading {
        Loading::Nothing => boundary,
        Loading::Made => boundary.loading(view()),
        Loading::Lazy => boundary.loading(view),
    };
    if has_error_view {
        boundary = boundary.error(move |error| context.error(failure_of(error)));
    }
    if let Some(seconds) = deadline {
        boundary = boundary.deadline(world.seconds(seconds));
    }
    if spawn {
        boundary = boundary.spawn();
    }
    boundary
}

fn head(title: Option<&str>, meta: Option<&str>) -> Head {
    let head = title.map_or_else(Head::new, Head::title);
    match meta {
        Some(name) => head.meta(name, "late"),
        None => head,
    }
}

/// Polls shared work once, as the component that it is polled in, and drops it.
async fn touch(mut work: Shared<String>) {
    poll_fn(|cx| {
        let _ = work.poll_unpin(cx);
        Poll::Ready(())
    })
    .await;
}

async fn end<T>(ending: Ending, content: T) -> Result<T> {
    match ending {
        Ending::Content => Ok(content),
        Ending::Fails(Failure::Error) => Err(Error::msg(ON_PURPOSE)),
        Ending::Fails(Failure::Panic) => panic!("on purpose"),
        Ending::Fails(Failure::NotFound) => Err(not_found()),
        Ending::Fails(Failure::Redirect) => Err(redirect(ELSEWHERE)),
        Ending::Fails(Failure::Timeout) => std::future::pending().await,
    }
}

fn failure_of(error: &Error) -> Failure {
    if error.is_panic() {
        Failure::Panic
    } else if error.is_timeout() {
        Failure::Timeout
    } else if error.is_not_found() {
        Failure::NotFound
    } else if error.is_redirect() {
        Failure::Redirect
    } else {
        Failure::Error
    }
}
