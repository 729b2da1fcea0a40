//! Static files that a route hides, that no URL names, or that are not embedded.

use super::urls::answering;
use crate::diagnostic::Diagnostic;
use crate::model::Segment;
use crate::route::{Route, routes, unmatched};
use crate::scan::Folder;
use crate::segment::SegmentKind;

/// Looks at the URL of each file: whether it has one, and whether a route takes it.
pub(crate) fn check(folder: &Folder, root: &Segment, told: &mut Vec<Diagnostic>) {
    let (routes, places) = (routes(root), unmatched(root));
    let guarded: Vec<_> = places.iter().filter_map(guarded).collect();
    let mut taken = vec![Vec::new(); routes.len()];
    for file in folder.walk() {
        let url = &file.path[folder.path.len()..];
        let guard = guarded.iter().rfind(|pattern| holds(pattern, url));
        let taking = routes.iter().enumerate().filter(|(_, route)| {
            // What is below a guarded folder is left to the routes there.
            let there = |guard: &String| holds(guard, &route.pattern());
            route.takes(url) && guard.is_none_or(there)
        });
        if let Some((nth, _)) = taking.min_by_key(|(_, route)| route.kinds()) {
            taken[nth].push(url);
        }
    }
    let taken = routes.iter().zip(&taken);
    told.extend(taken.filter_map(|(route, urls)| hidden(folder, route, urls)));
    told.extend(folder.unnamed().into_iter().map(|path| {
        let message = "no URL names this, so it is never sent";
        let help = "rename it, in UTF-8 and without backslashes and control characters";
        Diagnostic::warning(message).at(path).help(help)
    }));
}

/// Links whose files would be missing in the binary without a word.
pub(crate) fn closed_links(folder: &Folder, told: &mut Vec<Diagnostic>) {
    told.extend(folder.closed().into_iter().map(|link| {
        let message = "this link is not followed, so nothing is embedded for it";
        Diagnostic::warning(message).at(link).help(
            "let it lead to something visible in the folder, and not to a folder that it is in",
        )
    }));
}

/// The URL of a folder, if it is fixed and has a middleware: its own, or one of a folder between it
/// and the root.
fn guarded(place: &Route<'_>) -> Option<String> {
    let kinds = place.kinds();
    let is_static = |kind: &&SegmentKind| matches!(kind, SegmentKind::Static(_));
    let is_guard =
        !kinds.is_empty() && kinds.iter().all(is_static) && place.guards().next().is_some();
    is_guard.then(|| place.pattern())
}

/// Whether a URL is that of the folder, or below it.
fn holds(folder: &str, url: &str) -> bool {
    let below = url.strip_prefix(folder);
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a folder of the tree may stand for a URL. One whose name begins with `_` is in none.
fn may_be_folder(url: &str) -> bool {
    let is_static = |name: &str| matches!(SegmentKind::parse(name), Ok(SegmentKind::Static(_)));
    let mut names = url.split('/').skip(1);
    names.all(|name| is_static(name) && !name.starts_with('_'))
}

/// Files whose URLs a route takes.
fn hidden(folder: &Folder, route: &Route<'_>, urls: &[&str]) -> Option<Diagnostic> {
    let first = urls.first()?;
    let answering = answering(route.leaf());
    let message = match urls.len() {
        1 => format!("`{first}` is answered by a route, so this file is never sent"),
        more => format!("{more} files such as this one are never sent: a route answers their URLs"),
    };
    let app = &route.chain()[0].folder;
    let mend = if route.pattern() == *first {
        "remove one of the two, or rename it".to_owned()
    } else if may_be_folder(first) {
        format!(
            "move the route into a folder with a fixed name, or send the file from a `route.rs` \
             in the folder `{app}{first}`"
        )
    } else {
        format!(
            "move the route into a folder with a fixed name; or rename the file, with letters, \
             digits, `-`, `_`, `.` and `~` and no `_` in front, and send it from a `route.rs` in a \
             folder of that name in `{app}`"
        )
    };
    let help = format!("routes come before static files: {mend}");
    Some(
        Diagnostic::warning(message)
            .at(&format!("{}{first}", folder.path))
            .at(answering)
            .help(help),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_may_stand_for_a_url_that_is_spelt_as_its_name() {
        for url in ["/robots.txt", "/a/b-c_d~1.png"] {
            assert!(may_be_folder(url), "{url}");
        }
        for url in [
            "/grün.txt",
            "/my file.txt",
            "/_a.txt",
            "/a/[b].txt",
            "/(a)/b",
        ] {
            assert!(!may_be_folder(url), "{url}");
        }
    }
}
