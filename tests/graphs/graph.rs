//! What a random page is, as data: components, the work they share, and the order of events.

use std::fmt;

use crate::html::Context;

/// Index of a component. The page is number 0.
pub(crate) type Id = usize;

/// Number of a gate.
pub(crate) type Gate = usize;

#[derive(Clone, Debug)]
pub(crate) struct Graph {
    pub(crate) seed: u64,
    /// The page, then its boundaries, parents first.
    pub(crate) components: Vec<Component>,
    pub(crate) shared: Vec<SharedWork>,
    /// How many gates there are.
    pub(crate) gates: usize,
    /// Whether the page renders a head for late ones to go to.
    pub(crate) has_head: bool,
    /// Whether the page leaves out its closing tags.
    pub(crate) unclosed: bool,
    pub(crate) grace: bool,
    pub(crate) bridge_threshold: usize,
    pub(crate) events: Vec<Event>,
}

#[derive(Clone, Debug)]
pub(crate) struct Component {
    /// What may stand where this component's content goes.
    pub(crate) context: Context,
    pub(crate) steps: Vec<Step>,
    pub(crate) ending: Ending,
    pub(crate) loading: Loading,
    pub(crate) has_error_view: bool,
    /// In seconds.
    pub(crate) deadline: Option<u64>,
    pub(crate) spawn: bool,
    /// Renders all of its boundaries before its first step.
    pub(crate) eager: bool,
}

/// What a component does, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Text(String),
    /// Places a boundary.
    Place(Id),
    /// Renders a boundary and does not place it.
    Stray(Id),
    Head {
        title: Option<String>,
        meta: Option<String>,
    },
    Wait(Gate),
    /// In seconds.
    Sleep(u64),
    /// Awaits shared work and writes its value.
    Await(usize),
    /// Polls shared work once and drops it: a first poller that goes.
    Touch(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Ending {
    Content,
    Fails(Failure),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Failure {
    Error,
    Panic,
    NotFound,
    Redirect,
    /// Never ends, so that a deadline is missed.
    Timeout,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loading {
    Nothing,
    Made,
    Lazy,
}

#[derive(Clone, Debug)]
pub(crate) struct SharedWork {
    pub(crate) gate: Option<Gate>,
    /// Other shared work that it awaits, of a lower number.
    pub(crate) needs: Option<usize>,
    pub(crate) value: String,
    pub(crate) ending: Ending,
}

/// What happens to a response, in order. When all has happened the client reads to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
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
    pub(crate) fn outcome(&self, id: Id) -> Ending {
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
    pub(crate) fn placed(&self) -> Vec<(Id, usize)> {
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
