//! Which component is polled, and when; what its end means is in [`ending`].
//!
//! A *turn* polls the components that were woken, starts what they rendered, and settles what
//! completed, until nothing is left to do at once.

use std::borrow::Cow;
use std::sync::Arc;
use std::task::Waker;

use anabranch_boundaries::token::Key;
use anabranch_boundaries::{Error, Registration, Result, scope};
use tokio::time::Instant;
use tracing::Span;

use crate::clock::Alarm;
use crate::commit::Visit;
use crate::drain::Drain;
use crate::held_back::HeldBack;
use crate::job::Job;
use crate::jobs::{FEW, Jobs, drop_quietly};
use crate::meter::{Meter, Outcome};
use crate::monitor::Monitor;
use crate::registry::{PAGE, Registry};
use crate::settings::Settings;
use crate::signal::Signal;
use crate::spawned;
use crate::tree::Tree;
use crate::write::Writer;

mod ending;
mod time;

use time::after;

/// One response: its components and what is known of them.
pub(crate) struct Scheduler {
    settings: Settings,
    pub(crate) tree: Tree,
    pub(crate) writer: Writer,
    jobs: Jobs,
    /// The open scope, while no component is polled.
    registry: Option<Box<Registry>>,
    held_back: HeldBack,
    alarm: Alarm,
    /// No running component has a deadline before this.
    next_deadline: Instant,
    response_deadline: Instant,
    /// By which the server ends the response early.
    drain: Option<Drain>,
    monitor: Option<Monitor>,
    meter: Meter,
    /// When the client is next owed a sign of life.
    next_beat: Option<Instant>,
    /// Whether something has been sent since that was last decided.
    beat_restarts: bool,
    /// Whether it is owed one now.
    beat_is_due: bool,
    /// When a complete shell stops waiting for boundaries.
    grace_end: Option<Instant>,
    /// Whether the shell has been written.
    committed: bool,
    page_error: Option<Error>,
    signal: Arc<Signal>,
    /// What logs call the page.
    name: Option<Cow<'static, str>>,
    /// That of the page, inside of the one that was open when it was rendered.
    span: Span,
}

/// Where the first poll of a page ended.
pub(crate) enum First {
    Complete(Result),
    /// With the waker it was polled with.
    Pending(Job, Waker),
}

/// How often a turn looks for components that were woken by others in the same turn, so that
/// what is ready together leaves together.
const ROUNDS: usize = 3;

impl Scheduler {
    /// A scheduler of a page that has been polled with `signal` and `registry`. It takes over
    /// what only it needs of `visit`.
    pub(crate) fn new(
        visit: &mut Visit,
        writer: Writer,
        signal: Arc<Signal>,
        registry: Box<Registry>,
        span: Span,
    ) -> Self {
        let now = Instant::now();
        let values = visit.settings.values();
        let deadline = after(now, values.deadline);
        // Often the page has rendered all that there will be.
        let room = FEW.max(1 + registry.boundaries.len());
        Self {
            tree: Tree::new(visit.call_site, deadline, room),
            writer,
            jobs: Jobs::new(signal.clone(), room),
            registry: Some(registry),
            held_back: HeldBack::default(),
            alarm: Alarm::default(),
            next_deadline: deadline,
            response_deadline: after(now, values.response_deadline),
            drain: visit.drain.take(),
            monitor: visit.monitor.take(),
            meter: Meter::new(),
            next_beat: None,
            beat_restarts: false,
            beat_is_due: false,
            grace_end: None,
            committed: false,
            page_error: None,
            signal,
            name: visit.name.clone(),
            span,
            settings: visit.settings.clone(),
        }
    }

    /// Goes on where the first poll of the page ended.
    pub(crate) fn go_on(&mut self, page: First) {
        // Tasks that start here and failures belong to the page as much as what it polls later.
        let span = self.span.clone();
        let _entered = span.enter();
        self.adopt();
        match page {
            First::Complete(outcome) => self.settle(PAGE, outcome),
            First::Pending(job, waker) => self.jobs.keep(job, waker),
        }
        self.rounds();
        self.jobs.give_room();
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn signal(&self) -> &Arc<Signal> {
        &self.signal
    }

    /// What the page failed with, before its commit point.
    pub(crate) fn take_page_error(&mut self) -> Option<Error> {
        self.page_error.take()
    }

    /// Polls what was woken, and what follows from it. Call between the signal's `begin` and
    /// `end`.
    pub(crate) fn turn(&mut self) {
        // Whoever drives may have another span open, or none. Those of boundaries are of the level
        // DEBUG, so that most servers have this one alone.
        let span = self.span.clone();
        let _entered = span.enter();
        self.rounds();
    }

    fn rounds(&mut self) {
        for round in 0..ROUNDS {
            // A wake that stays untaken is one for the end of the turn.
            if round > 0 && (self.tree.running() == 0 || !self.signal.take_woken()) {
                break;
            }
            if !self.jobs.begin_round() && self.held_back.is_empty() {
                break;
            }
            self.run();
        }
    }

    pub(crate) fn page_is_running(&self) -> bool {
        self.tree.is_running(PAGE)
    }

    /// Starts to wait for boundaries with a complete shell. False if the settings want no wait.
    pub(crate) fn begin_grace(&mut self) -> bool {
        let grace = self.settings.values().grace;
        self.grace_end = (!grace.is_zero()).then(|| after(Instant::now(), grace));
        self.grace_end.is_some()
    }

    /// Whether a complete shell need not wait any longer.
    pub(crate) fn grace_is_over(&self) -> bool {
        self.grace_end.is_none()
    }

    /// The shell: whatever is complete, and placeholders for the rest.
    pub(crate) fn shell(&mut self) -> String {
        self.writer.key = self.key();
        let shell = self.writer.shell(&mut self.tree, self.settings.values());
        self.committed = true;
        self.written();
        shell
    }

    /// The page in one piece, when nothing is running any more.
    pub(crate) fn whole(&mut self) -> String {
        self.writer.whole(&mut self.tree, self.settings.values())
    }

    /// Everything that can be sent now, in one frame: patches in the order they were completed,
    /// else a sign of life if one is due.
    pub(crate) fn next_frame(&mut self) -> Option<String> {
        let frame = if self.has_patches() {
            self.writer.flush(&mut self.tree, self.settings.values())
        } else if self.beat_is_due {
            self.writer.heartbeat(self.settings.values())
        } else {
            return None;
        };
        self.written();
        Some(frame)
    }

    /// Whether the last frame has been written.
    pub(crate) fn is_finished(&self) -> bool {
        self.tree.running() == 0 && !self.has_patches()
    }

    /// Whether there is nothing to do and nothing to send before a component is woken or the
    /// alarm, which is set, rings.
    pub(crate) fn only_waits(&self) -> bool {
        self.tree.running() > 0
            && self.held_back.is_empty()
            && !self.has_patches()
            && !self.beat_is_due
            && !self.beat_restarts
    }

    fn has_patches(&self) -> bool {
        !self.tree.ready.is_empty() || self.writer.has_patches()
    }

    fn written(&mut self) {
        for (error, mut abandoned) in self.writer.take_abandoned() {
            // The first is the boundary whose loading view failed, the rest is below it.
            let below = abandoned.split_off(abandoned.len().min(1));
            for &id in &abandoned {
                self.note_failure(id, &error);
            }
            self.drop_jobs(abandoned);
            self.drop_cancelled(below);
            self.sweep();
            self.count();
        }
        self.beat_is_due = false;
        self.beat_restarts = self.settings.values().has_scripts();
    }

    /// Goes through the round that was begun.
    fn run(&mut self) {
        loop {
            let completed = self.poll_jobs();
            self.adopt();
            match completed {
                // At once, while its content is at hand.
                Some((id, outcome)) => {
                    self.jobs.drop_job(id);
                    self.settle(id, outcome);
                    // Only what completes takes room.
                    if !self.may_start() {
                        self.hold_back();
                    }
                }
                None if self.jobs.left_in_round() == 0 && !self.release() => break,
                // What was started is polled in the same round.
                None => {}
            }
        }
        self.sweep();
        self.count();
    }

    /// Holds back what has been started and not been polled.
    #[cold]
    fn hold_back(&mut self) {
        self.held_back.put_back(self.jobs.take_new());
    }

    /// Starts the first component that was held back, if there is room for what it makes. One by
    /// one: only when it has been polled it is known whether there is room for the next.
    fn release(&mut self) -> bool {
        !self.held_back.is_empty() && self.may_start() && self.release_first()
    }

    #[cold]
    fn release_first(&mut self) -> bool {
        let tree = &self.tree;
        let released = self.held_back.release(|id| tree.is_running(id));
        released.map(|job| self.jobs.start(job)).is_some()
    }

    /// Polls components that were woken or started, with the scope open, up to one that completes.
    fn poll_jobs(&mut self) -> Option<(u32, Result)> {
        let registry = self.registry.take()?;
        let (registry, completed) = scope::enter(registry, || self.jobs.poll_next());
        self.registry = Some(registry);
        completed
    }

    /// Takes over what components rendered.
    fn adopt(&mut self) {
        let Some(registry) = &mut self.registry else {
            return;
        };
        for (id, head) in registry.heads.drain(..) {
            self.tree.add_head(id, head);
        }
        if !registry.boundaries.is_empty() {
            let boundaries = std::mem::take(&mut registry.boundaries);
            self.add_all(boundaries);
        }
    }

    fn add_all(&mut self, mut boundaries: Vec<(u32, Box<Registration>)>) {
        // Deadlines run from when a boundary was rendered.
        let now = Instant::now();
        let deadline = after(now, self.settings.values().deadline);
        self.tree.reserve(boundaries[0].0, boundaries.len());
        self.jobs.reserve(self.tree.components(), boundaries.len());
        // Those that were held back before come first.
        let starts = self.held_back.is_empty() && self.may_start();
        for (parent, boundary) in boundaries.drain(..) {
            self.add(parent, boundary, now, deadline, starts);
        }
        if let Some(registry) = &mut self.registry
            && boundaries.capacity() <= FEW
        {
            // The room for what is rendered next. A larger one would lie idle.
            registry.boundaries = boundaries;
        }
    }

    /// Adds a boundary that was rendered `now`, with `deadline` if it has none of its own, and
    /// starts it or holds it back.
    fn add(
        &mut self,
        parent: u32,
        mut boundary: Box<Registration>,
        now: Instant,
        deadline: Instant,
        starts: bool,
    ) {
        let values = self.settings.values();
        let details = boundary.take_details();
        let spawn = details.spawn;
        let call_site = details.call_site;
        let options = details.options.as_ref();
        let own = options.and_then(|options| options.deadline);
        let deadline = own.map_or(deadline, |own| after(now, own));
        self.next_deadline = self.next_deadline.min(deadline);
        let id = self.tree.add(parent, details, deadline);
        let future = Box::into_pin(boundary);
        if self.tree.depth(id) > values.max_depth {
            let error = Error::msg(format!(
                "boundaries nest deeper than {} here (Settings::max_depth)",
                values.max_depth
            ));
            drop_quietly(future);
            self.fail(id, &error);
            return;
        }
        let mut future = self.writer.observers.rendered(&self.tree, id, future);
        let label = &self.tree.node(id).label;
        let span = tracing::debug_span!(parent: &self.span, "boundary", name = %label);
        if let (true, Some(key)) = (spawn, self.key()) {
            // A task has no span around it but this.
            let task = spawned::run(key, id, future, span.clone().or_current());
            future = Box::pin(Registration::new(task, call_site));
        }
        let job = Job::new(id, future, span).named(&self.tree.node(id).label);
        if starts {
            self.jobs.start(job);
        } else {
            self.held_back.push(job);
        }
    }

    /// Whether there is room for more content that waits for the client. Before the commit
    /// point nothing waits for it.
    fn may_start(&self) -> bool {
        let unsent = self.tree.unsent() + self.writer.unsent();
        !self.committed || unsent < self.settings.values().max_unsent
    }

    fn key(&self) -> Option<Key> {
        self.registry.as_ref()?.key()
    }
}

/// The response ends, in time or not.
impl Drop for Scheduler {
    fn drop(&mut self) {
        if self.tree.running() > 0 {
            for id in self.tree.running_where(|_| true) {
                self.note_end(id, Outcome::Cancelled);
            }
            if let Some(monitor) = &self.monitor {
                monitor.count(self.tree.boundaries(), 0);
            }
        }
    }
}
