//! Applies the patches of a response, as the bridge does, and checks every rule on the way.

use std::collections::{HashMap, HashSet};

use super::Violation;
use super::tree::{Data, NodeId, Tree};
use super::wire::{Meaning, meaning};

/// Applies the patches in the order of the wire, and removes what belongs to the stream itself.
/// Returns the document and the names of the patches.
pub(super) fn apply_patches(tree: Tree) -> Result<(Tree, Vec<String>), Violation> {
    let ended = ends_properly(&tree);
    let mut assembly = Assembly::of(tree);
    assembly.walk(Tree::ROOT, None)?;
    assembly.check_end(ended)?;
    Ok((assembly.tree, assembly.patches))
}

/// The same for a response that is still open: loading views stay where nothing has arrived.
pub(super) fn apply_so_far(tree: Tree) -> Result<Tree, Violation> {
    let mut assembly = Assembly::of(tree);
    assembly.walk(Tree::ROOT, None)?;
    for (name, place) in std::mem::take(&mut assembly.open) {
        if let Meaning::Start(_) = meaning(&assembly.tree, place) {
            let end = assembly.end_of(place, &name)?;
            assembly.tree.detach(end);
        }
        assembly.tree.detach(place);
    }
    Ok(assembly.tree)
}

/// Checks that nothing of a stream is in the document.
pub(super) fn check_whole(tree: &Tree) -> Result<(), Violation> {
    let mut cursor = Some(Tree::ROOT);
    while let Some(node) = cursor {
        let found = match meaning(tree, node) {
            Meaning::Content | Meaning::Padding | Meaning::Inspector => None,
            Meaning::Start(name) | Meaning::Point(name) => Some(format!("the marker {name:?}")),
            Meaning::Patch { name, .. } => Some(format!("the patch {name:?}")),
            Meaning::Malformed(text) => Some(format!("the marker <{text}>")),
            Meaning::End | Meaning::Final => Some("an end marker".to_owned()),
            Meaning::Script => Some("a script of the stream".to_owned()),
        };
        if let Some(found) = found {
            return Err(Violation::NotWhole(found));
        }
        cursor = tree.following(node, Tree::ROOT);
    }
    Ok(())
}

fn ends_properly(tree: &Tree) -> bool {
    tree.last(Tree::ROOT)
        .is_some_and(|last| meaning(tree, last) == Meaning::Final)
}

struct Assembly {
    tree: Tree,
    /// Places that wait for their patch: the start marker or point of each name.
    open: HashMap<String, NodeId>,
    patched: HashSet<String>,
    patches: Vec<String>,
}

impl Assembly {
    fn of(tree: Tree) -> Self {
        Self {
            tree,
            open: HashMap::new(),
            patched: HashSet::new(),
            patches: Vec::new(),
        }
    }

    fn check_end(&self, ended: bool) -> Result<(), Violation> {
        let streamed = !self.patches.is_empty() || !self.open.is_empty();
        if streamed && !ended {
            return Err(Violation::Cut);
        }
        if self.open.is_empty() {
            return Ok(());
        }
        let mut names: Vec<String> = self.open.keys().cloned().collect();
        names.sort();
        Err(Violation::NeverPatched(names))
    }

    /// Walks what is below `root` in the order of the wire. The place of a patch always lies
    /// before the patch, so applying one moves nothing that is still to be walked.
    fn walk(&mut self, root: NodeId, patch: Option<&str>) -> Result<(), Violation> {
        let mut ends = Vec::new();
        let mut cursor = self.tree.first(root);
        while let Some(node) = cursor {
            let skipped = self.tree.after(node, root);
            cursor = match meaning(&self.tree, node) {
                Meaning::Content => self.tree.following(node, root),
                Meaning::Start(name) => {
                    let name = name.to_owned();
                    ends.push(self.end_of(node, &name)?);
                    self.register(name, node, patch)?;
                    skipped
                }
                Meaning::Point(name) => {
                    let name = name.to_owned();
                    self.register(name, node, patch)?;
                    skipped
                }
                Meaning::End if ends.contains(&node) => {
                    ends.retain(|end| *end != node);
                    skipped
                }
                Meaning::End => return Err(Violation::StrayEnd),
                Meaning::Malformed(text) => {
                    return Err(Violation::MalformedMarker(text.to_owned()));
                }
                Meaning::Patch { name, content } => {
                    let name = name.to_owned();
                    if patch.is_some() || !self.is_child_of_body(node) {
                        return Err(Violation::PatchOutsideBody(name));
                    }
                    self.tree.detach(node);
                    self.apply(name, content, skipped)?;
                    skipped
                }
                Meaning::Final | Meaning::Script | Meaning::Padding | Meaning::Inspector => {
                    self.tree.detach(node);
                    skipped
                }
            };
        }
        Ok(())
    }

    fn register(
        &mut self,
        name: String,
        place: NodeId,
        patch: Option<&str>,
    ) -> Result<(), Violation> {
        // A patch may put its own place back, as that of the title does.
        let again = self.patched.contains(&name) && patch != Some(&name);
        if again || self.open.contains_key(&name) {
            return Err(Violation::DuplicateMarker(name));
        }
        self.open.insert(name, place);
        Ok(())
    }

    /// Replaces a place with the content of its patch. `rest` is what follows on the wire.
    fn apply(
        &mut self,
        name: String,
        content: NodeId,
        rest: Option<NodeId>,
    ) -> Result<(), Violation> {
        let Some(place) = self.open.remove(&name) else {
            return Err(self.homeless(name, content, rest));
        };
        self.patched.insert(name.clone());
        self.walk(content, Some(&name))?;
        if let Meaning::Start(_) = meaning(&self.tree, place) {
            let end = self.end_of(place, &name)?;
            while let Some(node) = self.tree.next(place) {
                self.tree.detach(node);
                if node == end {
                    break;
                }
            }
        }
        while let Some(node) = self.tree.first(content) {
            self.tree.insert_before(place, node);
        }
        self.tree.detach(place);
        self.patches.push(name);
        Ok(())
    }

    /// The end marker beside a start marker. Nothing between them may be a place.
    fn end_of(&self, start: NodeId, name: &str) -> Result<NodeId, Violation> {
        let parent = self.tree.parent(start).unwrap_or(start);
        let mut cursor = self.tree.next(start);
        while let Some(node) = cursor {
            match meaning(&self.tree, node) {
                Meaning::End if self.tree.parent(node) == Some(parent) => return Ok(node),
                Meaning::Start(inner) | Meaning::Point(inner) => {
                    return Err(Violation::MarkerInLoadingView(inner.to_owned()));
                }
                _ => cursor = self.tree.following(node, parent),
            }
        }
        Err(Violation::OpenRange(name.to_owned()))
    }

    fn is_child_of_body(&self, node: NodeId) -> bool {
        let parent = self.tree.parent(node).map(|parent| self.tree.data(parent));
        matches!(parent, Some(Data::Element(element)) if element.is("body"))
    }

    /// Why a patch finds no place.
    fn homeless(&self, name: String, content: NodeId, rest: Option<NodeId>) -> Violation {
        if self.patched.contains(&name) {
            return Violation::PatchedTwice(name);
        }
        let mut cursor = rest;
        while let Some(node) = cursor {
            let inside = match meaning(&self.tree, node) {
                Meaning::Patch { content, .. } => content,
                _ => node,
            };
            if self.holds_place(inside, &name) {
                return Violation::PatchBeforePlace(name);
            }
            cursor = self.tree.after(node, Tree::ROOT);
        }
        if self.holds_place(content, &name) {
            return Violation::PatchBeforePlace(name);
        }
        Violation::UnknownPlace(name)
    }

    fn holds_place(&self, root: NodeId, name: &str) -> bool {
        let mut cursor = Some(root);
        while let Some(node) = cursor {
            let meaning = meaning(&self.tree, node);
            if meaning == Meaning::Start(name) || meaning == Meaning::Point(name) {
                return true;
            }
            cursor = self.tree.following(node, root);
        }
        false
    }
}
