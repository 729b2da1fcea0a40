//! One future, awaited from many boundaries: the edge that makes a page a graph.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::FutureExt;
use futures_util::future::{self, BoxFuture};
use futures_util::task::AtomicWaker;

use crate::{Error, panic, scope};

/// Shares the work of `future` between all that await a clone of the result.
///
/// It is started by the first of them, polled once for all, and alive while one of them is: that
/// the one that started it is cancelled or panics harms nobody. Its value is behind an [`Arc`],
/// its error is a clone with the same id; a panic in it is such an error.
///
/// It is not a component: it renders no boundaries.
///
/// # Cancel safety
/// Dropping a clone takes nothing from the others. When the last is dropped, so is the work.
///
/// ```
/// use anabranch_boundaries::{Error, Result, Shared, boundary, share};
/// use maud::html;
///
/// async fn load() -> Result<Vec<u32>, Error> {
///     Ok(vec![3, 4])
/// }
///
/// async fn count(flights: Shared<Vec<u32>>) -> Result {
///     Ok(html! { p { (flights.await?.len()) } })
/// }
///
/// async fn page() -> Result {
///     let flights = share(load());
///     Ok(html! {
///         (boundary(count(flights.clone())))
///         (boundary(count(flights)))
///     })
/// }
/// ```
pub fn share<T, E, F>(future: F) -> Shared<T>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: Send + Sync + 'static,
    E: Into<Error>,
{
    share_then(future, |_| ())
}

/// [`share`], for whoever keeps what comes of it: `keep` is called with that, once, before those
/// that await it are told. It is not called if the work is dropped.
pub fn share_then<T, E, F>(
    future: F,
    keep: impl FnOnce(&Result<Arc<T>, Error>) + Send + 'static,
) -> Shared<T>
where
    F: Future<Output = Result<T, E>> + Send + 'static,
    T: Send + Sync + 'static,
    E: Into<Error>,
{
    let work = WhenWoken::new(future).map(|done| {
        let outcome = match done {
            Ok(Ok(value)) => Ok(Arc::new(value)),
            Ok(Err(error)) => Err(error.into()),
            Err(panic) => Err(panic),
        };
        keep(&outcome);
        outcome
    });
    Shared(work.boxed().shared())
}

/// A clonable future made by [`share`]: `Result<Arc<T>, Error>` when awaited.
pub struct Shared<T>(future::Shared<Work<T>>);

/// A [`Shared`] that keeps no work alive.
pub struct WeakShared<T>(Option<future::WeakShared<Work<T>>>);

type Work<T> = BoxFuture<'static, Result<Arc<T>, Error>>;

impl<T: Send + Sync + 'static> Shared<T> {
    /// One whose work is done.
    pub fn ready(outcome: Result<Arc<T>, Error>) -> Self {
        Self(future::ready(outcome).boxed().shared())
    }
}

impl<T> Shared<T> {
    /// A handle that does not keep the work alive. Of one that was awaited to its end there is
    /// none.
    #[must_use]
    pub fn downgrade(&self) -> WeakShared<T> {
        WeakShared(self.0.downgrade())
    }
}

impl<T> WeakShared<T> {
    /// The shared future, if it is still alive.
    #[must_use]
    pub fn upgrade(&self) -> Option<Shared<T>> {
        self.0.as_ref()?.upgrade().map(Shared)
    }
}

impl<T> fmt::Debug for WeakShared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeakShared").finish_non_exhaustive()
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Future for Shared<T> {
    type Output = Result<Arc<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // Whoever polls first is a matter of timing, so the work must not see whose scope it is.
        scope::mask("a shared future", || self.0.poll_unpin(cx))
    }
}

/// Polls a future only when its own waker woke it. Its panic is an error.
///
/// Each new awaiter of a shared future polls it, woken or not; work that takes a second poll
/// for a wake, as `yield_now` does, would then end before its time.
struct WhenWoken<F> {
    signal: Arc<Signal>,
    future: Pin<Box<F>>,
}

struct Signal {
    woken: AtomicBool,
    awaiters: AtomicWaker,
}

impl<F> WhenWoken<F> {
    fn new(future: F) -> Self {
        Self {
            signal: Arc::new(Signal {
                woken: AtomicBool::new(true),
                awaiters: AtomicWaker::new(),
            }),
            future: Box::pin(future),
        }
    }
}

impl<F: Future> Future for WhenWoken<F> {
    type Output = Result<F::Output, Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // Registered before the flag is read, so that a wake in between is not lost.
        self.signal.awaiters.register(cx.waker());
        if !self.signal.woken.swap(false, Ordering::SeqCst) {
            return Poll::Pending;
        }
        let waker = Waker::from(self.signal.clone());
        let cx = &mut Context::from_waker(&waker);
        match panic::catch(|| self.future.as_mut().poll(cx)) {
            Ok(polled) => polled.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Ordering::SeqCst);
        self.awaiters.wake();
    }
}

impl<T> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = self.0.peek().is_some();
        f.debug_struct("Shared").field("done", &done).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::task::noop_waker_ref;
    use std::sync::atomic::AtomicUsize;

    fn poll<T>(shared: &mut Shared<T>) -> Poll<Result<Arc<T>, Error>> {
        shared.poll_unpin(&mut Context::from_waker(noop_waker_ref()))
    }

    #[test]
    fn the_work_outlives_its_first_poller_and_runs_once() {
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = runs.clone();
        let (open, gate) = tokio::sync::oneshot::channel::<()>();
        let mut first = share(async move {
            counted.fetch_add(1, Ordering::SeqCst);
            gate.await?;
            Ok::<_, Error>(5)
        });
        let (mut second, mut third) = (first.clone(), first.clone());
        assert!(poll(&mut first).is_pending());
        drop(first);
        assert!(poll(&mut second).is_pending());
        open.send(()).unwrap();
        assert!(matches!(poll(&mut second), Poll::Ready(Ok(n)) if *n == 5));
        assert!(matches!(poll(&mut third), Poll::Ready(Ok(n)) if *n == 5));
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_new_awaiter_does_not_poll_what_was_not_woken() {
        let polls = Arc::new(AtomicUsize::new(0));
        let counted = polls.clone();
        let mut first = share(future::poll_fn(move |cx| {
            if counted.fetch_add(1, Ordering::SeqCst) == 1 {
                cx.waker().wake_by_ref();
            }
            Poll::<Result<(), Error>>::Pending
        }));
        let mut second = first.clone();
        assert!(poll(&mut first).is_pending());
        assert!(poll(&mut second).is_pending());
        assert!(poll(&mut first).is_pending());
        assert_eq!(polls.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_panic_is_the_same_error_for_all() {
        let mut first = share(async {
            if true {
                panic!("on purpose");
            }
            Ok::<(), Error>(())
        });
        let mut second = first.clone();
        let (Poll::Ready(Err(one)), Poll::Ready(Err(two))) = (poll(&mut first), poll(&mut second))
        else {
            panic!("both are ready with an error");
        };
        assert!(one.is_panic());
        assert_eq!(one.id(), two.id());
    }

    #[test]
    fn the_scope_is_masked_while_it_is_polled() {
        let mut shared = share(async { Ok::<_, Error>(scope::with(|_| ())) });
        let Poll::Ready(Ok(seen)) = poll(&mut shared) else {
            panic!("it is ready");
        };
        assert_eq!(*seen, Err(scope::Closed::Masked("a shared future")));
    }
}
