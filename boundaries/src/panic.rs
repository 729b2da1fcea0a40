//! Panics that become errors, and the hook that says where they happened.
//!
//! A payload knows the message of a panic and not its place; only the panic hook does. So
//! [`install_hook`] has the hook make the id of the error that [`catch`] will return, and leave
//! it with the place for the thread: what the hook prints, the log, and the page then carry one
//! id.

use std::cell::Cell;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Once;

use crate::error::{Error, ErrorId};

/// Where a panic happened, and the id of its error.
pub(crate) struct Site {
    pub(crate) id: ErrorId,
    pub(crate) location: String,
}

/// What is known of panics on this thread. It has no destructor, so that looking at it, twice for
/// each poll, costs next to nothing.
#[derive(Clone, Copy)]
struct Zone {
    /// How many calls of [`catch`] are under way: in one, a panic becomes an error.
    depth: u32,
    /// Whether the hook has left a [`Site`].
    has_site: bool,
}

thread_local! {
    static ZONE: Cell<Zone> = const { Cell::new(Zone { depth: 0, has_site: false }) };
    static SITE: Cell<Option<Box<Site>>> = const { Cell::new(None) };
}

/// Runs `work`. Its panic is an error, which knows its place if the hook is installed.
///
/// # Errors
/// `work` panicked.
pub fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Error> {
    let depth = ZONE.get().depth;
    // What is left of a panic that someone else has caught is not of this one.
    take_site();
    set_depth(depth + 1);
    let result = catch_unwind(AssertUnwindSafe(work));
    set_depth(depth);
    result.map_err(|payload| {
        let error = Error::from_panic_at(&*payload, take_site());
        // Whose own destructor may panic too.
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
            std::mem::forget(payload);
        }
        error
    })
}

fn set_depth(depth: u32) {
    ZONE.set(Zone {
        depth,
        ..ZONE.get()
    });
}

fn take_site() -> Option<Site> {
    let zone = ZONE.get();
    if !zone.has_site {
        return None;
    }
    ZONE.set(Zone {
        has_site: false,
        ..zone
    });
    // Not there while the thread ends.
    let site = SITE.try_with(Cell::take).ok().flatten();
    site.map(|site| *site)
}

/// Installs a panic hook in front of the one there is, once per process.
///
/// Of a panic that becomes an error it prints the error's id, by which the page names it, and
/// leaves the rest to the hook that was there: the default one prints message, place and, if
/// `RUST_BACKTRACE` asks for it, the backtrace. The log line of the error then has id, message and
/// place. Other panics are left to that hook entirely.
pub fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            note(panic);
            previous(panic);
        }));
    });
}

/// Leaves the place of a panic for whoever catches it.
fn note(panic: &PanicHookInfo<'_>) {
    let zone = ZONE.get();
    if zone.depth == 0 {
        return;
    }
    let site = Site {
        id: ErrorId::random(),
        location: panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default(),
    };
    // Not eprintln!, which panics where nobody reads stderr, and a panic in this hook aborts.
    let _ = writeln!(io::stderr(), "error {} is this panic:", site.id);
    // Not there while the thread ends.
    if SITE
        .try_with(|place| place.set(Some(Box::new(site))))
        .is_ok()
    {
        ZONE.set(Zone {
            has_site: true,
            ..zone
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_that_knows_its_place() {
        install_hook();
        let error = catch(|| panic!("on purpose")).unwrap_err();
        let chain = error.chain();
        assert!(
            chain.starts_with("panic: on purpose, at boundaries/src/panic.rs:"),
            "{chain}"
        );
        assert_eq!(error.to_string(), "panic: on purpose");
    }

    #[test]
    fn a_panic_that_someone_else_caught_is_not_taken_for_another() {
        install_hook();
        let error = catch(|| {
            let caught = catch_unwind(|| panic!("caught"));
            // Goes on without the hook.
            std::panic::resume_unwind(caught.unwrap_err());
        })
        .unwrap_err();
        assert!(error.chain().starts_with("panic: caught, at "));
        assert_eq!(catch(|| 5).unwrap(), 5);
        let quiet = catch(|| std::panic::resume_unwind(Box::new("quiet"))).unwrap_err();
        assert_eq!(quiet.chain(), "panic: quiet");
    }

    #[test]
    fn a_payload_may_panic_when_it_is_dropped() {
        struct Bomb;

        impl Drop for Bomb {
            fn drop(&mut self) {
                panic!("on purpose");
            }
        }

        let error = catch(|| std::panic::panic_any(Bomb)).unwrap_err();
        assert!(error.is_panic());
    }
}
