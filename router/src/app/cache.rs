//! Work that the files of one request share.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use anabranch_boundaries::{Error, Result, Shared, share};
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

type Known<K, T> = HashMap<K, Shared<T>>;

impl RequestCache {
    /// The shared future of this key and type, made by `start` if there is none yet.
    ///
    /// A value or an error stays for the rest of the request.
    pub fn share<K, T, E, F>(&self, key: K, start: impl FnOnce() -> F) -> Shared<T>
    where
        K: Hash + Eq + Send + 'static,
        F: Future<Output = Result<T, E>> + Send + 'static,
        T: Send + Sync + 'static,
        E: Into<Error>,
    {
        if let Some(shared) = self.known::<K, T, _>(|known| known.get(&key).cloned()) {
            return shared;
        }
        // Unlocked, because it may use the cache itself.
        let started = share(start());
        self.known::<K, T, _>(|known| known.entry(key).or_insert(started).clone())
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
