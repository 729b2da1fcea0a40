//! URLs: whether each is answered by one file, and each folder has its place in one.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::model::{File, Segment};
use crate::names::identifier;
use crate::role::Role;
use crate::route::{Clash, Route, chains, clashes, routes};
use crate::segment::SegmentKind;

pub(super) fn check(root: &Segment, told: &mut Vec<Diagnostic>) {
    for segment in root.walk() {
        told.extend(beside_page(segment));
    }
    let routes = routes(root);
    one_file_each(&routes, told);
    optional_rest(&routes, told);
    for chain in chains(root) {
        told.extend(repeated_name(&chain));
        told.extend(after_rest(&chain));
    }
    one_name_each(&[root], told);
    told.extend(clashes(root).iter().map(two_guards));
}

/// Groups can give one URL two folders with a middleware each, and what is in neither, a static file
/// or an unknown URL, one of the two would not guard.
fn two_guards(clash: &Clash<'_>) -> Diagnostic {
    let folders = [&clash.one, &clash.other];
    let guards = [folders, [&clash.other, &clash.one]].map(|[one, other]| {
        let mut guards = one.guards();
        let lacking = guards.find(|guard| !other.guards().any(|it| std::ptr::eq(it, *guard)));
        lacking.unwrap_or(one.leaf())
    });
    let [one, other] = guards.map(|guard| guard.file(Role::Middleware).map_or("", File::path));
    let url = clash.other.pattern();
    let (message, help) = if clash.one.pattern() == url {
        (
            format!("two folders are `{url}`, each with a middleware that the other lacks"),
            format!(
                "static files and unknown URLs below `{url}` would be left without one of them: \
                 make one middleware of `{one}` and `{other}` in the folder around the groups, or \
                 give all of `{url}` to one group"
            ),
        )
    } else {
        (
            format!("`{url}` is outside of the group that has all pages and routes"),
            format!(
                "static files below `{url}` would be left without `{other}`: move the folder into \
                 `{}`",
                guards[0].folder
            ),
        )
    };
    let one = match clash.one.pattern() == url {
        true => clash.one.folder(),
        false => guards[0].folder.as_str(),
    };
    Diagnostic::error(message)
        .at(one)
        .at(clash.other.folder())
        .help(help)
}

/// A page answers GET and HEAD, so a route file beside it may not.
fn beside_page(segment: &Segment) -> Vec<Diagnostic> {
    let (Some(page), Some(route)) = (segment.file(Role::Page), segment.source(Role::Route)) else {
        return Vec::new();
    };
    let clash = |method: &str| {
        let export = route.exports(method).next()?;
        let message = format!("`{method}` stands beside a page, which answers GET and HEAD");
        Some(
            Diagnostic::error(message)
                .at(route.place(export.span))
                .at(page.path())
                .help(format!(
                    "remove `{method}`, or move it to a folder of its own, as in `{}/data/route.rs`",
                    segment.folder
                )),
        )
    };
    ["get", "head"].into_iter().filter_map(clash).collect()
}

/// Groups can give two folders the same URL.
fn one_file_each(routes: &[Route<'_>], told: &mut Vec<Diagnostic>) {
    let mut by_pattern: BTreeMap<String, Vec<&Route<'_>>> = BTreeMap::new();
    for route in routes {
        by_pattern.entry(route.pattern()).or_default().push(route);
    }
    for (pattern, same) in by_pattern.into_iter().filter(|(_, same)| same.len() > 1) {
        let message = format!("{} files answer `{pattern}`", counted(same.len()));
        let error = same
            .iter()
            .fold(Diagnostic::error(message), |error, route| {
                error.at(answering(route.leaf()))
            });
        told.push(error.help("a folder in parentheses adds nothing to the URL: keep one of the files, or move one to another folder"));
    }
}

/// `[[...rest]]` takes the URL of the folder that it is in, too.
fn optional_rest(routes: &[Route<'_>], told: &mut Vec<Diagnostic>) {
    for rest in routes {
        let mut kinds = rest.chain().iter().rev().map(|segment| &segment.kind);
        let last = kinds.find(|kind| kind.pattern().is_some());
        let Some(SegmentKind::OptionalCatchAll(name)) = last else {
            continue;
        };
        let pattern = rest.pattern();
        let folder = pattern
            .strip_suffix(&format!("/[[...{name}]]"))
            .unwrap_or_default();
        let folder = if folder.is_empty() { "/" } else { folder };
        for other in routes.iter().filter(|other| other.pattern() == folder) {
            told.push(
                Diagnostic::error(format!("two files answer `{folder}`"))
                    .at(answering(other.leaf()))
                    .at(answering(rest.leaf()))
                    .help(format!(
                        "`[[...{name}]]` takes `{folder}` too: remove one of the files, or write \
                         `[...{name}]`, which takes one segment or more"
                    )),
            );
        }
    }
}

/// Two parameters of one URL with one name.
fn repeated_name(route: &Route<'_>) -> Option<Diagnostic> {
    let (leaf, above) = route.chain().split_last()?;
    let name = leaf.kind.parameter()?;
    let first = above
        .iter()
        .find(|segment| segment.kind.parameter() == Some(name))?;
    let between = above.iter().rev().find_map(|segment| match &segment.kind {
        SegmentKind::Static(name) => Some(identifier(name)),
        _ => None,
    });
    let other = between.unwrap_or_else(|| "other".to_owned());
    let message = format!(
        "two parameters of `{}` are called `{name}`",
        route.pattern()
    );
    Some(
        Diagnostic::error(message)
            .at(&first.folder)
            .at(&leaf.folder)
            .help(format!(
                "give one of them another name, such as `{other}_{name}`"
            )),
    )
}

/// Nothing is left of the URL behind a catch-all.
fn after_rest(route: &Route<'_>) -> Option<Diagnostic> {
    let (leaf, above) = route.chain().split_last()?;
    let own = leaf.kind.pattern()?;
    let mut above = above.iter().rev().map(|segment| &segment.kind);
    // The nearest folder that is in the URL: those further down would only repeat it.
    let rest = above.find(|kind| kind.pattern().is_some())?;
    if !rest.is_catch_all() {
        return None;
    }
    let pattern = rest.pattern().unwrap_or_default();
    let name = rest.parameter().unwrap_or_default();
    Some(
        Diagnostic::error(format!(
            "`{own}` comes after `{pattern}`, which takes the rest of the URL"
        ))
        .at(&leaf.folder)
        .help(format!(
            "move it out, or write `[{name}]`, which takes one segment"
        )),
    )
}

/// Two folders for the same part of the URL must call it the same. `same` are the folders of one
/// part; more than one where groups are.
fn one_name_each(same: &[&Segment], told: &mut Vec<Diagnostic>) {
    let mut statics: BTreeMap<&str, Vec<&Segment>> = BTreeMap::new();
    let mut dynamic: [Vec<&Segment>; 3] = Default::default();
    let mut pending: Vec<_> = same.iter().flat_map(|segment| &segment.children).collect();
    while let Some(child) = pending.pop() {
        match &child.kind {
            SegmentKind::Root | SegmentKind::Group(_) => pending.extend(&child.children),
            SegmentKind::Static(name) => statics.entry(name).or_default().push(child),
            SegmentKind::Parameter(_) => dynamic[0].push(child),
            SegmentKind::CatchAll(_) => dynamic[1].push(child),
            SegmentKind::OptionalCatchAll(_) => dynamic[2].push(child),
        }
    }
    for mut folders in dynamic {
        folders.sort_by(|a, b| a.folder.cmp(&b.folder));
        let other = folders.iter().find(|folder| folder.kind != folders[0].kind);
        if let Some(other) = other {
            let patterns = [folders[0], other].map(|one| one.kind.pattern().unwrap_or_default());
            let message = format!(
                "`{}` and `{}` are the same part of the URL",
                patterns[0], patterns[1]
            );
            told.push(
                Diagnostic::error(message)
                    .at(&folders[0].folder)
                    .at(&other.folder)
                    .help("make one folder of them, or put a static folder around one"),
            );
        }
        if !folders.is_empty() {
            one_name_each(&folders, told);
        }
    }
    for folders in statics.into_values() {
        one_name_each(&folders, told);
    }
}

/// The file that answers in a segment.
pub(super) fn answering(segment: &Segment) -> &str {
    let file = segment
        .file(Role::Page)
        .or_else(|| segment.file(Role::Route));
    file.map_or("", File::path)
}

fn counted(count: usize) -> String {
    match count {
        2 => "two".to_owned(),
        3 => "three".to_owned(),
        more => more.to_string(),
    }
}
