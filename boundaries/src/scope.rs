//! The open scope: how a boundary finds the page it is rendered in.
//!
//! While a component is polled, the scope of its page is installed for the thread; rendering a
//! [`Boundary`](crate::Boundary) registers there. It is swapped in before a poll and out after
//! it, so a future may move between threads from poll to poll, and nothing has to be passed
//! down by hand.

use std::any::Any;
use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::thread::LocalKey;

use crate::boundary::FallbackView;
use crate::token::Token;
use crate::{Head, Registration};

/// Takes what components render while they are polled. The engine implements it.
pub trait Scope: Any + Send {
    /// Takes a boundary that the current component renders, and returns the token for its text.
    fn register(&mut self, boundary: Box<Registration>) -> Token;

    /// Takes a head that the current component renders. `None` if it shows elsewhere than in
    /// the text of this component.
    fn head(&mut self, head: Head) -> Option<Token>;
}

/// Identity of a component while it is polled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Component {
    /// Number of the component in its response.
    pub id: u32,
    /// How many boundaries it has rendered so far.
    pub boundaries: u32,
}

#[derive(Default)]
enum Open {
    #[default]
    Nothing,
    Page(Box<dyn Scope>),
    /// A place that may hold no boundaries, and how to call it in a message.
    Masked(&'static str),
}

// Whoever changes one of these changes it back, so there is nothing left to drop at the end of a
// thread; and what has no destructor costs less to look at, several times for each boundary.
thread_local! {
    static OPEN: Cell<ManuallyDrop<Open>> =
        const { Cell::new(ManuallyDrop::new(Open::Nothing)) };

    /// View for the boundaries that are rendered now, if they have none of their own.
    static FALLBACK: Cell<ManuallyDrop<Option<FallbackView>>> =
        const { Cell::new(ManuallyDrop::new(None)) };

    /// Beside the scope and not in it, because it changes with every poll of a component, where
    /// the scope is opened once for many.
    static COMPONENT: Cell<Component> = const { Cell::new(Component { id: 0, boundaries: 0 }) };
}

/// Runs `poll` with `scope` open, and gives both back.
///
/// A panic in `poll` passes through and drops the scope; catch it inside to keep the scope.
///
/// # Panics
/// If `poll` leaves another scope open than it found, which safe use of this module cannot do.
pub fn enter<S: Scope, R>(scope: Box<S>, poll: impl FnOnce() -> R) -> (Box<S>, R) {
    let outer = Restore::replace(Open::Page(scope));
    let result = poll();
    let Open::Page(scope) = outer.restore() else {
        panic!("the open scope was not put back");
    };
    let scope = (scope as Box<dyn Any>)
        .downcast()
        .expect("every scope is put back where it was taken");
    (scope, result)
}

/// The component that is being polled on this thread.
#[must_use]
pub fn component() -> Component {
    COMPONENT.get()
}

/// Makes `component` the one that is being polled, and returns the one before.
pub fn set_component(component: Component) -> Component {
    COMPONENT.replace(component)
}

/// Runs `work` with `view` for every boundary that it renders: it shows what fails there, unless
/// the boundary has an error view of its own, or the view passes.
pub fn with_fallback<R>(view: FallbackView, work: impl FnOnce() -> R) -> R {
    struct Restore(Option<FallbackView>);

    impl Drop for Restore {
        fn drop(&mut self) {
            drop(replace(&FALLBACK, self.0.take()));
        }
    }

    let _outer = Restore(replace(&FALLBACK, Some(view)));
    work()
}

/// The view that boundaries are given here.
#[must_use]
pub fn fallback() -> Option<FallbackView> {
    let view = replace(&FALLBACK, None);
    if view.is_some() {
        replace(&FALLBACK, view.clone());
    }
    view
}

/// Runs `work` where no boundary may be rendered; one that is rendered there panics with a
/// message that calls the place `place`.
pub fn mask<R>(place: &'static str, work: impl FnOnce() -> R) -> R {
    let _outer = Restore::replace(Open::Masked(place));
    work()
}

/// Lends the open scope to `work`, or says why there is none.
///
/// # Errors
/// No scope is open, or it is masked.
pub fn with<R>(work: impl FnOnce(&mut dyn Scope) -> R) -> Result<R, Closed> {
    // While it is lent, it is not open; a panic in `work` puts it back too.
    let mut open = Restore(Some(replace(&OPEN, Open::Nothing)));
    match &mut open.0 {
        Some(Open::Page(scope)) => Ok(work(&mut **scope)),
        Some(Open::Masked(place)) => Err(Closed::Masked(place)),
        Some(Open::Nothing) | None => Err(Closed::NoPage),
    }
}

/// Why no scope could be lent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// No component is being polled on this thread.
    NoPage,
    /// The place, so named, may hold no boundaries.
    Masked(&'static str),
}

/// Puts the outer scope back, also when a panic passes.
struct Restore(Option<Open>);

impl Restore {
    fn replace(inner: Open) -> Self {
        Self(Some(replace(&OPEN, inner)))
    }

    /// Puts the outer scope back and returns the one that was open.
    fn restore(mut self) -> Open {
        replace(&OPEN, self.0.take().unwrap_or_default())
    }
}

impl Drop for Restore {
    fn drop(&mut self) {
        if let Some(outer) = self.0.take() {
            drop(replace(&OPEN, outer));
        }
    }
}

fn replace<T>(key: &'static LocalKey<Cell<ManuallyDrop<T>>>, value: T) -> T {
    ManuallyDrop::into_inner(key.replace(ManuallyDrop::new(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Page(u32);

    impl Scope for Page {
        fn register(&mut self, _: Box<Registration>) -> Token {
            unreachable!("these tests render no boundary")
        }

        fn head(&mut self, _: Head) -> Option<Token> {
            self.0 += 1;
            None
        }
    }

    /// Counts one more for the open page.
    fn count() -> Result<(), Closed> {
        with(|scope| assert_eq!(scope.head(Head::new()), None))
    }

    #[test]
    fn scopes_nest_and_come_back() {
        assert_eq!(count(), Err(Closed::NoPage));
        let (outer, ()) = enter(Box::new(Page(0)), || {
            let (inner, seen) = enter(Box::new(Page(10)), count);
            assert_eq!((inner.0, seen), (11, Ok(())));
            assert_eq!(
                mask("a shared future", count),
                Err(Closed::Masked("a shared future"))
            );
            assert_eq!(count(), Ok(()));
        });
        assert_eq!(outer.0, 1);
        assert_eq!(count(), Err(Closed::NoPage));
        mask("nothing", || ());
        assert_eq!(count(), Err(Closed::NoPage));
    }

    #[test]
    fn a_panic_leaves_the_outer_scope_open() {
        let (outer, seen) = enter(Box::new(Page(0)), || {
            let inner = || enter(Box::new(Page(0)), || panic!("on purpose"));
            assert!(std::panic::catch_unwind(inner).is_err());
            count()
        });
        assert_eq!((outer.0, seen), (1, Ok(())));
    }

    #[test]
    fn the_inner_fallback_is_the_one() {
        let view = |text: &'static str| -> FallbackView {
            std::sync::Arc::new(move |_| Some(maud::PreEscaped(text.to_owned())))
        };
        let shown = || fallback().and_then(|view| view(&crate::not_found()));
        assert!(shown().is_none());
        with_fallback(view("outer"), || {
            with_fallback(view("inner"), || assert_eq!(shown().unwrap().0, "inner"));
            assert_eq!(shown().unwrap().0, "outer");
        });
        assert!(shown().is_none());
    }

    #[test]
    fn the_component_is_the_one_set_last() {
        let inner = Component {
            id: 3,
            boundaries: 1,
        };
        let outer = set_component(inner);
        assert_eq!(component(), inner);
        assert_eq!(set_component(outer), inner);
    }
}
