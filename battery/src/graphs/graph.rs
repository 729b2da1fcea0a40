//! What a random page is, as data: components, the work they share, and the order of events.

use std::fmt;

use crate::graphs::html::Context;

/// Index of a component. The page is number 0.
pub type Id = usize;

/// Number of a gate.
pub type Gate = usize;

/// A random page.
#[derive(Clone, Debug)]
pub struct Graph {
    /// What it was generated from.
    pub seed: u64,
    /// The page, then its boundaries, parents first.
    pub components: Vec<Component>,
    /// What several components await.
    pub shared: Vec<SharedWork>,
    /// How many gates there are.
    pub gates: usize,
    /// Whether the page renders a head for late ones to go to.
    pub has_head: bool,
    /// Whether the page leaves out its closing tags.
    pub unclosed: bool,
    /// Whether the shell waits a little for boundaries.
    pub grace: bool,
    /// Above how many loading views the bridge swaps.
    pub bridge_threshold: usize,
    /// What happens to the response.
    pub events: Vec<Event>,
}

/// The page, or the content of a boundary.
#[derive(Clone, Debug)]
pub struct Component {
    /// What may stand where this component's content goes.
    pub context: Context,
    /// What it does.
    pub steps: Vec<Step>,
    /// What comes after the last step.
    pub ending: Ending,
    /// How its loading view is given.
    pub loading: Loading,
    /// Whether its boundary has one of its own.
    pub has_error_view: bool,
    /// In seconds.
    pub deadline: Option<u64>,
    /// Whether it is a task of its own.
    pub spawn: bool,
    /// Renders all of its boundaries before its first step.
    pub eager: bool,
}

/// What a component does, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Writes text.
    Text(String),
    /// Places a boundary.
    Place(Id),
    /// Renders a boundary and does not place it.
    Stray(Id),
    /// Renders a late head.
    Head {
        /// Its title.
        title: Option<String>,
        /// The name of a tag.
        meta: Option<String>,
    },
    /// Waits until the gate is open.
    Wait(Gate),
    /// In seconds.
    Sleep(u64),
    /// Awaits shared work and writes its value.
    Await(usize),
    /// Polls shared work once and drops it: a first poller that goes.
    Touch(usize),
}

/// How a component or shared work ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// With what it has written.
    Content,
    /// Not.
    Fails(Failure),
}

/// How it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// With an error.
    Error,
    /// By a panic.
    Panic,
    /// By `not_found()`.
    NotFound,
    /// By `redirect()`.
    Redirect,
    /// Never ends, so that a deadline is missed.
    Timeout,
}

/// How a loading view is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loading {
    /// There is none.
    Nothing,
    /// As markup.
    Made,
    /// As a closure.
    Lazy,
}

/// A shared future.
#[derive(Clone, Debug)]
pub struct SharedWork {
    /// What it waits for.
    pub gate: Option<Gate>,
    /// Other shared work that it awaits, of a lower number.
    pub needs: Option<usize>,
    /// What those who await it get.
    pub value: String,
    /// Whether they do.
    pub ending: Ending,
}

/// What happens to a response, in order. When all has happened the client reads to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A gate opens, and stays open.
    Open(Gate),
    /// The client reads up to this many frames, of those that are ready.
    Read(usize),
    /// Other tasks run.
    Yield,
    /// Milliseconds pass.
    Tick(u64),
}

impl Graph {
    /// How `id` ends: by the first step that fails, else by its ending.
    pub fn outcome(&self, id: Id) -> Ending {
        let component = &self.components[id];
        let awaited = component.steps.iter().filter_map(|step| match step {
            Step::Await(work) => Some(self.shared_outcome(*work)),
            _ => None,
        });
        awaited
            .into_iter()
            .find(|ending| *ending != Ending::Content)
            .unwrap_or(component.ending)
    }

    fn shared_outcome(&self, work: usize) -> Ending {
        let work = &self.shared[work];
        let needed = work.needs.map(|needed| self.shared_outcome(needed));
        needed
            .filter(|ending| *ending != Ending::Content)
            .unwrap_or(work.ending)
    }

    /// Components that show if nothing fails, each with its depth, parents first.
    pub fn placed(&self) -> Vec<(Id, usize)> {
        let mut placed = vec![(0, 0)];
        let mut next = 0;
        while let Some(&(id, depth)) = placed.get(next) {
            let children = self.components[id].steps.iter();
            placed.extend(children.filter_map(|step| match step {
                Step::Place(child) => Some((*child, depth + 1)),
                _ => None,
            }));
            next += 1;
        }
        placed
    }

    fn describe(&self, f: &mut fmt::Formatter<'_>, id: Id, depth: usize) -> fmt::Result {
        let indent = "  ".repeat(depth);
        let component = &self.components[id];
        write!(f, "{indent}#{id} {:?}", component.context)?;
        write!(f, " {:?} loading {:?}", component.ending, component.loading)?;
        for (flag, name) in [
            (component.has_error_view, "error view"),
            (component.spawn, "spawned"),
            (component.eager, "eager"),
        ] {
            if flag {
                write!(f, ", {name}")?;
            }
        }
        if let Some(seconds) = component.deadline {
            write!(f, ", deadline {seconds} s")?;
        }
        writeln!(f)?;
        for step in &component.steps {
            match step {
                Step::Place(child) => self.describe(f, *child, depth + 1)?,
                Step::Stray(child) => {
                    writeln!(f, "{indent}  not placed:")?;
                    self.describe(f, *child, depth + 1)?;
                }
                Step::Text(text) => writeln!(f, "{indent}  {} bytes of text", text.len())?,
                other => writeln!(f, "{indent}  {other:?}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "head {}, unclosed {}, grace {}, bridge above {}",
            self.has_head, self.unclosed, self.grace, self.bridge_threshold
        )?;
        for (number, work) in self.shared.iter().enumerate() {
            writeln!(f, "shared {number}: {work:?}")?;
        }
        self.describe(f, 0, 0)?;
        writeln!(f, "events: {:?}", self.events)
    }
}
