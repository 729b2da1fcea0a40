//! Warns, in debug builds, of HTML that breaks the page around it, of boundaries in places where
//! none can stand, and of those of another response.

use std::fmt::Display;

use anabranch_boundaries::token::{Key, Token, has_strange_token};
use anabranch_html::balance::{self, Part, Place};
use maud::Markup;
use tracing::field::display;

use crate::registry::PAGE;
use crate::tree::{Label, Tree};

/// Looks through what component `id` returned, once, before anything of it is written. `page` is
/// what logs call the page, if it has a name.
///
/// Only text that maud took as it is (`PreEscaped`) can fail here. The page goes on: its author
/// is told, and reads the reason in a log and not in a page that ends in the middle.
pub(crate) fn check(page: Option<&str>, label: &Label, id: u32, markup: &Markup) {
    if !cfg!(debug_assertions) {
        return;
    }
    if let Err(flaw) = balance::check(&markup.0, part(id)) {
        let what = if id == PAGE { "page" } else { "boundary" };
        let boundary = (id != PAGE).then(|| display(label));
        let at = (id == PAGE && page.is_none()).then(|| display(label));
        tracing::warn!(
            page,
            at,
            boundary,
            "the HTML of this {what} breaks the page around it: {flaw}. Where HTML is taken as \
             it is (PreEscaped), let anabranch::fragment(…) close it"
        );
    }
}

/// Looks in what the component that logs call `label` returned for boundaries of another response:
/// rendered there, and kept. Nobody fills their places here.
pub(crate) fn check_origin(label: &dyn Display, markup: &Markup, key: Option<Key>) {
    if cfg!(debug_assertions) && has_strange_token(&markup.0, key) {
        tracing::warn!(
            at = %label,
            "this HTML holds a boundary or a Head of another response, and shows its private mark: \
             HTML that was rendered with boundaries in it cannot be kept for later"
        );
    }
}

/// Looks where component `id` has placed its boundaries.
///
/// Whether one may stand directly in a table is seen when its content is there.
pub(crate) fn check_places(tree: &mut Tree, id: u32, markup: &Markup, key: Option<Key>) {
    if !cfg!(debug_assertions) {
        return;
    }
    let node = tree.node(id);
    if node.in_table && balance::is_row(&markup.0) {
        warn(&node.label, Place::Table);
    }
    let Some(key) = key else { return };
    let (holes, tokens): (Vec<_>, Vec<_>) = Token::find(&markup.0, key).unzip();
    for (hole, place) in balance::misplaced(&markup.0, part(id), &holes) {
        let token = holes.binary_search(&hole).map(|found| tokens[found]);
        let Some(child) = token.ok().and_then(|token| tree.stood_for(id, token)) else {
            continue;
        };
        match place {
            Place::Table => tree.node_mut(child).in_table = true,
            place => warn(&tree.node(child).label, place),
        }
    }
}

fn warn(label: &Label, place: Place<'_>) {
    tracing::warn!(
        boundary = %label,
        "this boundary stands where none can arrive later: {place}"
    );
}

fn part(id: u32) -> Part {
    if id == PAGE {
        Part::Page
    } else {
        Part::Content
    }
}
