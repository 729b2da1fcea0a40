//! Static files that a route hides, and those that only seem to be guarded.

use super::urls::answering;
use crate::diagnostic::Diagnostic;
use crate::model::{File, Segment};
use crate::role::Role;
use crate::route::{Route, routes, unmatched};
use crate::scan::Folder;
use crate::segment::SegmentKind;

/// Looks at the URL of each file: whether a route takes it, or a middleware seems to guard it.
pub(crate) fn check(folder: &Folder, root: &Segment, told: &mut Vec<Diagnostic>) {
    let (routes, places) = (routes(root), unmatched(root));
    let guards: Vec<_> = places.iter().filter_map(Guard::new).collect();
    let mut taken = vec![Vec::new(); routes.len()];
    let mut unguarded = vec![Vec::new(); guards.len()];
    for file in folder.walk() {
        let url = &file.path[folder.path.len()..];
        let guard = guards.iter().rposition(|guard| guard.seems_to_hold(url));
        let taking = routes.iter().enumerate().filter(|(_, route)| {
            // What is below a guarded folder is left to the routes there.
            let there = |nth: usize| guards[nth].seems_to_hold(&route.pattern());
            route.takes(url) && guard.is_none_or(there)
        });
        if let Some((nth, _)) = taking.min_by_key(|(_, route)| route.kinds()) {
            taken[nth].push(url);
        } else if let Some(nth) = guard {
            unguarded[nth].push(url);
        }
    }
    let taken = routes.iter().zip(&taken);
    told.extend(taken.filter_map(|(route, urls)| hidden(folder, route, urls)));
    let unguarded = guards.iter().zip(&unguarded);
    told.extend(unguarded.filter_map(|(guard, urls)| guard.passed_by(folder, urls)));
}

/// A folder with a fixed URL and a middleware, its own or of a folder between it and the root.
struct Guard<'a> {
    pattern: String,
    middleware: &'a File,
}

impl<'a> Guard<'a> {
    fn new(place: &Route<'a>) -> Option<Self> {
        let kinds = place.kinds();
        let is_static = |kind: &&SegmentKind| matches!(kind, SegmentKind::Static(_));
        // The middleware of the root is before every page, and guards none in particular.
        let middleware = place.with(Role::Middleware).filter(|(nth, ..)| *nth > 0);
        let (.., middleware) = middleware.last()?;
        (!kinds.is_empty() && kinds.iter().all(is_static)).then(|| Self {
            pattern: place.pattern(),
            middleware,
        })
    }

    /// Whether a URL is that of the folder, or below it.
    fn seems_to_hold(&self, url: &str) -> bool {
        let below = url.strip_prefix(&self.pattern);
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    fn passed_by(&self, folder: &Folder, urls: &[&str]) -> Option<Diagnostic> {
        let first = urls.first()?;
        let pattern = &self.pattern;
        let message = match urls.len() {
            1 => format!("the middleware of `{pattern}` does not guard `{first}`, a static file"),
            more => format!(
                "the middleware of `{pattern}` does not guard the {more} static files below it"
            ),
        };
        Some(
            Diagnostic::warning(message)
                .at(&format!("{}{first}", folder.path))
                .at(self.middleware.path())
                .help(
                    "static files are for everybody: send what is not from a handler in a \
                     `route.rs`, and move what is to another folder",
                ),
        )
    }
}

/// Files whose URLs a route takes.
fn hidden(folder: &Folder, route: &Route<'_>, urls: &[&str]) -> Option<Diagnostic> {
    let first = urls.first()?;
    let answering = answering(route.leaf());
    let message = match urls.len() {
        1 => format!("`{first}` is answered by a route, so this file is never sent"),
        more => format!("{more} files such as this one are never sent: a route answers their URLs"),
    };
    let help = match route.pattern() == *first {
        true => "routes come before static files: remove one of the two, or rename it".to_owned(),
        false => format!(
            "routes come before static files: move the route into a folder with a fixed name, or \
             send the file from a `route.rs` in the folder `{}{first}`",
            route.chain()[0].folder
        ),
    };
    Some(
        Diagnostic::warning(message)
            .at(&format!("{}{first}", folder.path))
            .at(answering)
            .help(help),
    )
}
