//! A component in a task of its own, for work that would hold up its neighbours.
//!
//! The task opens a scope that relays what the component renders over a channel; the receiver
//! that the scheduler polls renders it anew in the real one. Order is kept, so the numbers in
//! the tokens are the same on both sides.

use anabranch_boundaries::scope::{self, Component, Scope};
use anabranch_boundaries::token::{Key, Token};
use anabranch_boundaries::{Error, Head, Registration, Result};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use tracing::{Instrument, Span};

use crate::job::{ComponentFuture, Job};
use crate::jobs::drop_quietly;

/// What a spawned component sends to its receiver.
enum Message {
    Boundary(Box<Registration>),
    Head(Head),
    Done(Result),
}

/// Runs `future` as component `id` in a task that ends when this receiver is dropped.
pub(crate) async fn run(key: Key, id: u32, future: ComponentFuture, span: Span) -> Result {
    // Unbounded, but bounded by the component itself: it sends each of its boundaries once.
    let (sender, mut receiver) = unbounded_channel();
    let relay = Box::new(Relay {
        key,
        sender: sender.clone(),
    });
    let job = Job::spawned(id, future);
    let work = async move {
        let outcome = in_scope(relay, job).await;
        // Without a receiver the response is gone, and nobody waits for the outcome.
        let _ = sender.send(Message::Done(outcome));
    };
    let _task = AbortOnDrop(tokio::spawn(work.instrument(span)));
    loop {
        match receiver.recv().await {
            Some(Message::Boundary(boundary)) => {
                // The scheduler opens a scope around every poll, so there is always one.
                let _ = scope::with(|scope| scope.register(boundary));
            }
            Some(Message::Head(head)) => {
                let _ = scope::with(|scope| scope.head(head));
            }
            Some(Message::Done(outcome)) => return outcome,
            None => return Err(Error::msg("the task of a spawned boundary was shut down")),
        }
    }
}

/// Polls `job` with `relay` open.
async fn in_scope(relay: Box<Relay>, mut job: Job) -> Result {
    let mut relay = Some(relay);
    let outcome = std::future::poll_fn(|cx| {
        let open = relay.take().expect("it is put back after every poll");
        let (closed, polled) = scope::enter(open, || job.poll(cx));
        relay = Some(closed);
        polled
    })
    .await;
    drop_quietly(job);
    outcome
}

/// The scope of a spawned component.
#[derive(Debug)]
struct Relay {
    key: Key,
    sender: UnboundedSender<Message>,
}

impl Scope for Relay {
    fn register(&mut self, boundary: Box<Registration>) -> Token {
        let Component { id, boundaries } = scope::component();
        scope::set_component(Component {
            id,
            boundaries: boundaries + 1,
        });
        let token = Token {
            key: self.key,
            component: id,
            index: boundaries,
        };
        // Without a receiver the response is gone, and this task is about to end.
        let _ = self.sender.send(Message::Boundary(boundary));
        token
    }

    fn head(&mut self, head: Head) -> Option<Token> {
        let _ = self.sender.send(Message::Head(head));
        None
    }
}

struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
