//! All routes of an app, as they are collected.

use std::fmt;
use std::sync::Arc;

use anabranch_engine::Settings;
use axum::Router;

use super::captures::Route;
use super::leaf::Leaf;
use super::table::{Entry, Table, TableHandler};
use super::trie::Trie;
use crate::{Csrf, Public};

/// The routes of an `app/` folder.
///
/// `app::routes()` makes them; [`into_router`](Self::into_router) makes an axum router of them.
#[must_use = "routes answer nothing until they are a router: `.into_router()`"]
pub struct Routes<S> {
    trie: Trie,
    entries: Vec<Entry<S>>,
    public: Option<Public>,
    csrf: Option<Csrf>,
    settings: Option<Settings>,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No routes, protected from cross-site requests.
    pub fn new() -> Self {
        Self {
            trie: Trie::default(),
            entries: Vec::new(),
            public: None,
            csrf: Some(Csrf::default()),
            settings: None,
        }
    }

    /// Adds a route, such as `/flights/[date]` or `/docs/[...rest]`. A leaf that answers nothing is
    /// none, as that of a route file whose functions are all for another build.
    ///
    /// # Panics
    /// If there is a route for the same paths.
    pub fn route(mut self, pattern: &'static str, leaf: Leaf<S>) -> Self {
        if leaf.page.is_none() && leaf.methods.is_empty() {
            return self;
        }
        let added = self.trie.insert(pattern, self.entries.len());
        assert!(
            added.is_ok(),
            "there are two routes for the paths of {pattern}"
        );
        self.entries.push(Self::entry(pattern, leaf, true));
        self
    }

    /// Adds what answers below a prefix, such as `/flights/[date]`, where no route matches.
    ///
    /// # Panics
    /// If there is one of the same prefix.
    pub fn unmatched(mut self, prefix: &'static str, leaf: Leaf<S>) -> Self {
        let added = self.trie.insert_unmatched(prefix, self.entries.len());
        assert!(added.is_ok(), "there are two answers below {prefix}");
        self.entries.push(Self::entry(prefix, leaf, false));
        self
    }

    /// Serves these files where no route matches.
    pub fn public(mut self, public: Public) -> Self {
        self.public = Some(public);
        self
    }

    /// Protects from cross-site requests with this. The default trusts nobody but the app itself.
    pub fn csrf(mut self, csrf: Csrf) -> Self {
        self.csrf = Some(csrf);
        self
    }

    /// Takes the protection from cross-site requests away.
    pub fn without_csrf(mut self) -> Self {
        self.csrf = None;
        self
    }

    /// Settings of all pages. Those in the extensions of a request come before.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = Some(settings);
        self
    }

    /// The routes as an axum router.
    ///
    /// They are its fallback: routes that are added to it come first, and a `.layer(…)` goes around
    /// all. Three things follow.
    ///
    /// - `.fallback(…)` would replace the whole app. What shows where nothing matches is
    ///   `not-found.rs`.
    /// - `.route_layer(…)` goes around added routes only, and guards nothing of the folder. What
    ///   guards it is `middleware.rs`, or a `.layer(…)`.
    /// - The app stands at the root of its URL space. Below `.nest(…)`, links and redirects to a
    ///   canonical path would lack the prefix; put everything into a folder of that name.
    pub fn into_router(mut self) -> Router<S> {
        for prefix in self.guarded_prefixes() {
            self.trie.seal(prefix);
        }
        self.mark_guarded();
        Router::new().fallback(TableHandler(Arc::new(Table {
            trie: self.trie,
            entries: self.entries,
            public: self.public,
            csrf: self.csrf,
            settings: self.settings,
        })))
    }

    /// Prefixes with middleware of their own, beside what they have from above.
    fn guarded_prefixes(&self) -> Vec<&'static str> {
        let prefixes = || self.entries.iter().filter(|entry| entry.unmatched);
        let guarded = prefixes().filter(|entry| {
            let (prefix, leaf) = (entry.route.pattern, &entry.leaf);
            let mut above = prefixes().filter(|one| is_above(one.route.pattern, prefix));
            !leaf.middleware.is_empty() && above.all(|one| leaf.has_guard_beside(&one.leaf))
        });
        guarded.map(|entry| entry.route.pattern).collect()
    }

    /// Marks what a file is not sent without: middleware beside that of the root, which is before
    /// every page and guards none in particular.
    fn mark_guarded(&mut self) {
        let is_root = |entry: &&Entry<S>| entry.unmatched && entry.route.pattern == "/";
        let root = self.entries.iter().find(is_root);
        let is_guarded = |entry: &Entry<S>| {
            let leaf = &entry.leaf;
            let is_own = root.is_none_or(|root| leaf.has_guard_beside(&root.leaf));
            entry.unmatched && !leaf.middleware.is_empty() && is_own
        };
        let guarded: Vec<_> = self.entries.iter().map(is_guarded).collect();
        for (entry, guarded) in self.entries.iter_mut().zip(guarded) {
            entry.guarded = guarded;
        }
    }

    fn entry(pattern: &'static str, leaf: Leaf<S>, is_route: bool) -> Entry<S> {
        Entry {
            route: Route::new(pattern, is_route),
            leaf,
            unmatched: !is_route,
            guarded: false,
        }
    }
}

fn is_above(prefix: &str, other: &str) -> bool {
    let below = other.strip_prefix(prefix.trim_end_matches('/'));
    prefix != other && below.is_some_and(|below| below.starts_with('/'))
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Routes<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let patterns = self.entries.iter().map(|entry| entry.route.pattern);
        f.debug_struct("Routes")
            .field("routes", &patterns.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
