//! Work that the files of one request share.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::convert::Infallible;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use anabranch_boundaries::shared::{WeakShared, share_then};
use anabranch_boundaries::{Error, Result, Shared};
use axum::extract::FromRequestParts;
use http::request::Parts;

/// Extractor by which middleware, layouts, heads and the page of one request do the same work
/// once.
///
/// ```
/// use anabranch_boundaries::{Error, Head, OrNotFound, Result, Shared};
/// use anabranch_router::app::{Path, RequestCache};
/// use maud::html;
///
/// # struct Airport { name: String }
/// # async fn load(code: String) -> Result<Airport, Error> { Ok(Airport { name: code }) }
/// fn airport(cache: &RequestCache, code: String) -> Shared<Airport> {
///     cache.share(("airport", code.clone()), || load(code))
/// }
///
/// pub async fn head(Path(code): Path<String>, cache: RequestCache) -> Result<Head> {
///     Ok(Head::title(airport(&cache, code).await?.name.clone()))
/// }
///
/// pub async fn render(Path(code): Path<String>, cache: RequestCache) -> Result {
///     let airport = airport(&cache, code).await?;
///     Ok(html! { h1 { (airport.name) } })
/// }
/// ```
///
/// A clone is the same cache.
#[derive(Clone, Default)]
pub struct RequestCache {
    /// A [`Known`] of keys and values for each of their types.
    ///
    /// A std mutex: nothing is awaited while it is held.
    entries: Arc<Mutex<HashMap<TypeId, Box<dyn Any + Send>>>>,
}

type Known<K, T> = HashMap<K, Arc<Slot<T>>>;

/// Work, while somebody awaits it, and then what came of it.
///
/// Not the work itself: that may hold a clone of the cache, and the two would keep each other alive
/// for ever.
struct Slot<T>(Mutex<State<T>>);

enum State<T> {
    Running(WeakShared<T>),
    Done(Result<Arc<T>>),
}

impl<T: Send + Sync + 'static> Slot<T> {
    /// Starts work, which leaves here what comes of it.
    fn start<E: Into<Error>>(
        work: impl Future<Output = Result<T, E>> + Send + 'static,
    ) -> (Arc<Self>, Shared<T>) {
        let mut started = None;
        let slot = Arc::new_cyclic(|slot: &Weak<Self>| {
            let slot = slot.clone();
            let shared = share_then(work, move |outcome| {
                if let Some(slot) = slot.upgrade() {
                    *slot.state() = State::Done(outcome.clone());
                }
            });
            let running = State::Running(shared.downgrade());
            started = Some(shared);
            Self(Mutex::new(running))
        });
        (slot, started.expect("it was made with the slot"))
    }

    /// What was started, unless it has been dropped before its end.
    fn shared(&self) -> Option<Shared<T>> {
        match &*self.state() {
            State::Running(work) => work.upgrade(),
            State::Done(outcome) => Some(Shared::ready(outcome.clone())),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RequestCache {
    /// The shared future of this key and type, made by `start` if there is none yet.
    ///
    /// A value or an error stays for the rest of the request. Work lives while somebody has its
    /// future; when that is dropped unfinished, who asks next starts it anew.
    pub fn share<K, T, E, F>(&self, key: K, start: impl FnOnce() -> F) -> Shared<T>
    where
        K: Hash + Eq + Send + 'static,
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + Sync + 'static,
        E: Into<Error>,
    {
        if let Some(shared) = self.known::<K, T, _>(|known| known.get(&key)?.shared()) {
            return shared;
        }
        // Unlocked, because it may use the cache itself.
        let (slot, started) = Slot::start(start());
        let earlier = self.known::<K, T, _>(|known| match known.entry(key) {
            Entry::Occupied(mut entry) => {
                let earlier = entry.get().shared();
                if earlier.is_none() {
                    entry.insert(slot);
                }
                earlier
            }
            Entry::Vacant(entry) => {
                entry.insert(slot);
                None
            }
        });
        earlier.unwrap_or(started)
    }

    /// Lends what is known of a type.
    fn known<K: 'static, T: 'static, R>(&self, work: impl FnOnce(&mut Known<K, T>) -> R) -> R
    where
        Known<K, T>: Send,
    {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries
            .entry(TypeId::of::<Known<K, T>>())
            .or_insert_with(|| Box::new(Known::<K, T>::new()));
        let known = entry.downcast_mut();
        work(known.expect("it is found by its type"))
    }
}

impl<S: Sync> FromRequestParts<S> for RequestCache {
    type Rejection = Infallible;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(request.extensions.get_or_insert_default::<Self>().clone())
    }
}

impl fmt::Debug for RequestCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestCache").finish_non_exhaustive()
    }
}
