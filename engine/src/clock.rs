//! Wakes responses when their time has come: one clock per runtime, one alarm per response.
//!
//! Most responses end long before their first deadline. A timer of the runtime's own for each
//! would cost a system call, because arming the earliest timer interrupts the runtime's wait for
//! sockets; setting an [`Alarm`] costs an uncontended lock. The clock's task rests between
//! ticks, and ends when a tick finds no alarm.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use slab::Slab;
use tokio::runtime::{Handle, Id};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::signal::Signal;

/// Longest rest of a clock. Alarms are exact all the same: an earlier one cuts the rest short.
const TICK: Duration = Duration::from_millis(500);

/// The clocks of all runtimes that have alarms.
static CLOCKS: Mutex<Vec<(Id, Arc<Clock>)>> = Mutex::new(Vec::new());

struct Clock {
    state: Mutex<State>,
    /// An alarm was set for before the end of the clock's rest.
    earlier: Notify,
}

struct State {
    alarms: Slab<Entry>,
    /// When the clock's rest ends.
    rests_until: Instant,
}

struct Entry {
    /// `None` once it has rung.
    due: Option<Instant>,
    signal: Arc<Signal>,
}

/// Wakes one response at one time after the other.
#[derive(Default)]
pub(crate) struct Alarm {
    set: Option<Set>,
}

struct Set {
    clock: Arc<Clock>,
    key: usize,
    due: Instant,
}

impl Alarm {
    /// Ready if `due` has passed by `now`, or a time set before that. Else it rings `signal` then.
    ///
    /// An alarm that is set for earlier stays so: to ring early is cheaper than to be moved with
    /// every frame.
    pub(crate) fn poll(&mut self, due: Instant, now: Instant, signal: &Arc<Signal>) -> Poll<()> {
        let earliest = self.set.as_ref().map_or(due, |set| set.due.min(due));
        match &mut self.set {
            _ if earliest <= now => {
                self.set = None;
                return Poll::Ready(());
            }
            Some(set) if set.due <= due => {}
            Some(set) => {
                set.due = due;
                set.clock.state().alarms[set.key].due = Some(due);
                set.clock.hurry(due);
            }
            None => {
                let entry = Entry {
                    due: Some(due),
                    signal: signal.clone(),
                };
                let (clock, key) = insert(entry);
                clock.hurry(due);
                self.set = Some(Set { clock, key, due });
            }
        }
        Poll::Pending
    }
}

impl Drop for Set {
    fn drop(&mut self) {
        let entry = self.clock.state().alarms.try_remove(self.key);
        drop(entry);
    }
}

/// Rings every alarm, of all runtimes, before its time. Each keeps its time.
pub(crate) fn ring_all() {
    // Collected first, so that nobody is woken under the lock.
    let clocks: Vec<_> = {
        let clocks = CLOCKS.lock().unwrap_or_else(PoisonError::into_inner);
        clocks.iter().map(|(_, clock)| clock.clone()).collect()
    };
    for clock in clocks {
        let signals: Vec<_> = {
            let state = clock.state();
            state
                .alarms
                .iter()
                .map(|(_, entry)| entry.signal.clone())
                .collect()
        };
        signals.iter().for_each(|signal| signal.ring());
    }
}

impl Clock {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cuts the rest short if it would last beyond `due`.
    fn hurry(&self, due: Instant) {
        if due < self.state().rests_until {
            self.earlier.notify_one();
        }
    }

    async fn run(&self) {
        loop {
            let now = Instant::now();
            // Taken first, so that nobody is woken under the lock.
            let due = self.state().ring(now);
            for signal in due {
                signal.ring();
            }
            let rests_until = {
                let mut state = self.state();
                state.rests_until = state.next(now + TICK);
                state.rests_until
            };
            tokio::select! {
                () = sleep_until(rests_until) => {}
                () = self.earlier.notified() => {}
            }
            if self.retire() {
                return;
            }
        }
    }

    /// Takes the clock down if it has no alarm.
    fn retire(&self) -> bool {
        // Locked first, so that nobody finds a clock that is about to stop.
        let mut clocks = CLOCKS.lock().unwrap_or_else(PoisonError::into_inner);
        let idle = self.state().alarms.is_empty();
        if idle {
            clocks.retain(|(_, clock)| !std::ptr::eq(&**clock, self));
        }
        idle
    }
}

impl State {
    /// Takes the alarms that are due. It looks at all of them, but only twice a second unless
    /// one is due earlier.
    fn ring(&mut self, now: Instant) -> Vec<Arc<Signal>> {
        let due = self.alarms.iter_mut().filter_map(|(_, entry)| {
            let rings = entry.due.is_some_and(|due| due <= now);
            rings.then(|| {
                entry.due = None;
                entry.signal.clone()
            })
        });
        due.collect()
    }

    /// The next alarm, or `latest` if that comes first.
    fn next(&self, latest: Instant) -> Instant {
        let due = self.alarms.iter().filter_map(|(_, entry)| entry.due);
        due.fold(latest, Instant::min)
    }
}

/// Adds an alarm to the clock of the runtime that this thread is in.
fn insert(alarm: Entry) -> (Arc<Clock>, usize) {
    let runtime = Handle::current();
    let id = runtime.id();
    // Held until the alarm is in its clock, which will then not retire.
    let mut clocks = CLOCKS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, clock)) = clocks.iter().find(|(of, _)| *of == id) {
        let key = clock.state().alarms.insert(alarm);
        return (clock.clone(), key);
    }
    let mut alarms = Slab::new();
    let key = alarms.insert(alarm);
    let clock = Arc::new(Clock {
        state: Mutex::new(State {
            alarms,
            rests_until: Instant::now(),
        }),
        earlier: Notify::new(),
    });
    clocks.push((id, clock.clone()));
    // A runtime that is shutting down drops the task at once, which needs the lock.
    drop(clocks);
    let task = TakeDown(clock.clone());
    runtime.spawn(async move { task.0.run().await });
    (clock, key)
}

/// Takes a clock down with its task, also when the runtime ends.
struct TakeDown(Arc<Clock>);

impl Drop for TakeDown {
    fn drop(&mut self) {
        let mut clocks = CLOCKS.lock().unwrap_or_else(PoisonError::into_inner);
        clocks.retain(|(_, clock)| !Arc::ptr_eq(clock, &self.0));
    }
}
