//! Files that never come into play.

use crate::diagnostic::Diagnostic;
use crate::model::{File, Segment};
use crate::role::Role;
use crate::route::{Route, chains, unmatched};
use crate::source::Source;

use super::types::takes;

pub(super) fn check(root: &Segment, told: &mut Vec<Diagnostic>) {
    let places = unmatched(root);
    for segment in root.walk() {
        for (role, file) in &segment.files {
            told.extend(idle(segment, *role, file, &places));
        }
    }
    for route in chains(root) {
        told.extend(headless(&route));
    }
}

/// A file that waits for pages which are not there. `places` are where requests end that no route
/// takes.
fn idle(segment: &Segment, role: Role, file: &File, places: &[Route<'_>]) -> Option<Diagnostic> {
    let page = segment.reaches(Role::Page);
    let any = page || segment.reaches(Role::Route);
    let message = match role {
        Role::Page | Role::Route => return None,
        Role::Loading if !page => "no page is here or below, so it is never shown",
        Role::Middleware if !any => "no page and no route is here or below, so it never runs",
        _ if !any => "no page and no route is here or below, so it is never shown",
        _ => return None,
    };
    let guards = |place: &&Route<'_>| place.guards().any(|guard| std::ptr::eq(guard, segment));
    // It may be the only guard that static files have, so its removal is not advised lightly.
    if role == Role::Middleware
        && let Some(place) = places.iter().find(guards)
    {
        let message = "no page and no route is here or below, so it runs only before static files \
                       and what is not found";
        return Some(Diagnostic::warning(message).at(file.path()).help(format!(
            "add `{}/page.rs`; remove the file only if there are no static files below `{}`, or \
             everybody may have them",
            segment.folder,
            place.pattern()
        )));
    }
    let warning = Diagnostic::warning(message).at(file.path());
    Some(warning.help(format!(
        "add `{}/page.rs`, or remove the file",
        segment.folder
    )))
}

/// A head that no layout shows.
fn headless(route: &Route<'_>) -> Option<Diagnostic> {
    let segment = route.leaf();
    let (source, head) = [Role::Page, Role::Layout].into_iter().find_map(|role| {
        let source = segment.source(role)?;
        Some((source, source.exports("head").next()?))
    })?;
    let shown = route.with(Role::Layout).any(|(_, _, layout)| match layout {
        File::Rust(layout) => layout.opaque || takes_head(layout),
        File::Html(layout) => layout.slots().iter().any(|slot| slot.name == "head"),
    });
    let warning = Diagnostic::warning("no layout shows this head").at(source.place(head.span));
    (!shown).then(|| {
        warning.help(
            "take it in the root layout, `render(children: Children, head: PageHead)`, and write \
             `(head.await?)` in its `<head>`; in an HTML layout write `{{ head }}`",
        )
    })
}

fn takes_head(layout: &Source) -> bool {
    let mut renders = layout.exports("render");
    renders.any(|render| match &render.signature {
        Some(signature) => takes(signature, "PageHead"),
        // Where it is imported from, it may.
        None => true,
    })
}
