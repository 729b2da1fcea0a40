//! Which route matches a path.
//!
//! Of siblings, a static name beats `[id]`, which beats `[...rest]`, which beats `[[...rest]]`.
//! It is decided segment by segment; where a choice leads nowhere, the next one is tried. A node
//! stands at one depth, so each is visited at most once. The choice of a sealed name is final.

use std::ops::Range;

use percent_encoding::percent_decode_str;
use smallvec::SmallVec;

use super::pattern::{self, Segment};

/// Where in the path the values of a route's parameters are, in order. A rest's is all of it.
pub(super) type Values = SmallVec<[Range<u32>; 4]>;

/// Routes and prefixes by their patterns. What it finds are numbers that its user gave out.
#[derive(Debug, Default)]
pub(super) struct Trie {
    root: Node,
}

#[derive(Debug, Default)]
struct Node {
    /// Sorted by name.
    statics: Vec<(&'static str, Node)>,
    one: Option<Box<Node>>,
    rest: Option<usize>,
    optional_rest: Option<usize>,
    /// The route that ends here.
    end: Option<usize>,
    /// What answers below here where no route matches.
    unmatched: Option<usize>,
    /// Whether every path below this name ends below it, because it is guarded.
    sealed: bool,
}

/// Two routes match the same paths.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Taken;

impl Trie {
    /// Adds a route.
    ///
    /// # Errors
    /// There is one of the same pattern, the names of its parameters aside.
    pub(super) fn insert(&mut self, pattern: &'static str, route: usize) -> Result<(), Taken> {
        let mut node = &mut self.root;
        for segment in pattern::segments(pattern) {
            node = match segment {
                Segment::Rest(_) => return put(&mut node.rest, route),
                Segment::OptionalRest(_) => return put(&mut node.optional_rest, route),
                Segment::Static(name) => node.named(name),
                Segment::One(_) => node.one.get_or_insert_default(),
            };
        }
        put(&mut node.end, route)
    }

    /// Adds what answers where no route matches below `prefix`.
    ///
    /// # Errors
    /// There is one of the same prefix.
    pub(super) fn insert_unmatched(
        &mut self,
        prefix: &'static str,
        number: usize,
    ) -> Result<(), Taken> {
        let mut node = &mut self.root;
        for segment in pattern::segments(prefix) {
            node = match segment {
                Segment::Static(name) => node.named(name),
                _ => node.one.get_or_insert_default(),
            };
        }
        put(&mut node.unmatched, number)
    }

    /// Keeps every path below `prefix` below it, if its last segment is a name: no sibling of that
    /// answers what is not found there.
    pub(super) fn seal(&mut self, prefix: &'static str) {
        let mut node = &mut self.root;
        for segment in pattern::segments(prefix) {
            node = match segment {
                Segment::Static(name) => node.named(name),
                _ => node.one.get_or_insert_default(),
            };
        }
        node.sealed = true;
    }

    /// The route for a canonical path.
    pub(super) fn find(&self, path: &str, values: &mut Values) -> Option<usize> {
        self.root.find(path, 1, values)
    }

    /// What answers for a canonical path that no route matches: of the deepest prefix.
    pub(super) fn find_unmatched(&self, path: &str) -> Option<(usize, Values)> {
        let mut deepest = None;
        self.root
            .find_unmatched(path, 1, &mut Values::new(), 0, &mut deepest);
        deepest.map(|found| (found.number, found.values))
    }
}

struct Deepest {
    depth: usize,
    number: usize,
    values: Values,
}

impl Node {
    fn named(&mut self, name: &'static str) -> &mut Self {
        let at = match self.statics.binary_search_by_key(&name, |(name, _)| name) {
            Ok(at) => at,
            Err(at) => {
                self.statics.insert(at, (name, Self::default()));
                at
            }
        };
        &mut self.statics[at].1
    }

    /// The child for a segment that stands for itself.
    fn child(&self, segment: &str) -> Option<&Self> {
        let at = if segment.contains('%') {
            let is = |name: &str| percent_decode_str(segment).eq(name.bytes());
            self.statics.iter().position(|(name, _)| is(name))
        } else {
            self.statics
                .binary_search_by(|(name, _)| (*name).cmp(segment))
                .ok()
        };
        at.map(|at| &self.statics[at].1)
    }

    fn find(&self, path: &str, at: usize, values: &mut Values) -> Option<usize> {
        let Some(segment) = next(path, at) else {
            return self.end.or_else(|| {
                let route = self.optional_rest?;
                values.push(value(path.len()..path.len()));
                Some(route)
            });
        };
        let after = segment.end + 1;
        if let Some(child) = self.child(&path[segment.clone()]) {
            let route = child.find(path, after, values);
            if route.is_some() || child.sealed {
                return route;
            }
        }
        if let Some(one) = &self.one {
            values.push(value(segment));
            if let Some(route) = one.find(path, after, values) {
                return Some(route);
            }
            values.pop();
        }
        let route = self.rest.or(self.optional_rest)?;
        values.push(value(at..path.len()));
        Some(route)
    }

    fn find_unmatched(
        &self,
        path: &str,
        at: usize,
        values: &mut Values,
        depth: usize,
        deepest: &mut Option<Deepest>,
    ) {
        if let Some(number) = self.unmatched
            && deepest.as_ref().is_none_or(|found| found.depth < depth)
        {
            let values = values.clone();
            *deepest = Some(Deepest {
                depth,
                number,
                values,
            });
        }
        let Some(segment) = next(path, at) else {
            return;
        };
        let after = segment.end + 1;
        if let Some(child) = self.child(&path[segment.clone()]) {
            child.find_unmatched(path, after, values, depth + 1, deepest);
            if child.sealed {
                return;
            }
        }
        if let Some(one) = &self.one {
            values.push(value(segment));
            one.find_unmatched(path, after, values, depth + 1, deepest);
            values.pop();
        }
    }
}

/// Where the segment that starts at `at` is.
fn next(path: &str, at: usize) -> Option<Range<usize>> {
    let rest = path.get(at..).filter(|rest| !rest.is_empty())?;
    let length = rest.find('/').unwrap_or(rest.len());
    Some(at..at + length)
}

/// A URL is much shorter than 4 GiB.
fn value(range: Range<usize>) -> Range<u32> {
    range.start as u32..range.end as u32
}

fn put(place: &mut Option<usize>, number: usize) -> Result<(), Taken> {
    match place.replace(number) {
        None => Ok(()),
        Some(_) => Err(Taken),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUTES: [&str; 13] = [
        "/",
        "/a",
        "/a/b",
        "/a/[x]",
        "/a/[x]/d",
        "/a/b/c",
        "/a/[...rest]",
        "/[one]/e",
        "/f/[[...rest]]",
        "/f/[x]/g",
        "/f",
        "/h/[[...rest]]",
        "/\u{fc}ber us",
    ];

    fn trie() -> Trie {
        let mut trie = Trie::default();
        for (number, pattern) in ROUTES.into_iter().enumerate() {
            trie.insert(pattern, number).unwrap();
        }
        for (number, prefix) in ["/", "/a", "/[x]/y", "/f/[x]"].into_iter().enumerate() {
            trie.insert_unmatched(prefix, number).unwrap();
        }
        trie
    }

    fn texts<'p>(path: &'p str, values: &Values) -> Vec<&'p str> {
        let text = |range: &Range<u32>| &path[range.start as usize..range.end as usize];
        values.iter().map(text).collect()
    }

    #[test]
    fn the_most_particular_sibling_wins_and_dead_ends_are_left() {
        let trie = trie();
        for (path, route, expected) in [
            ("/", "/", &[][..]),
            ("/a", "/a", &[]),
            ("/a/b", "/a/b", &[]),
            ("/a/x", "/a/[x]", &["x"]),
            ("/a/b/c", "/a/b/c", &[]),
            ("/a/b/d", "/a/[x]/d", &["b"]),
            ("/a/b/x", "/a/[...rest]", &["b/x"]),
            ("/a/x/d/y", "/a/[...rest]", &["x/d/y"]),
            ("/a/e", "/a/[x]", &["e"]),
            ("/x/e", "/[one]/e", &["x"]),
            ("/h", "/h/[[...rest]]", &[""]),
            ("/h/e", "/h/[[...rest]]", &["e"]),
            ("/f", "/f", &[]),
            ("/f/1/g", "/f/[x]/g", &["1"]),
            ("/f/1/h", "/f/[[...rest]]", &["1/h"]),
            ("/%C3%BCber%20us", "/\u{fc}ber us", &[]),
        ] {
            let mut values = Values::new();
            let found = trie.find(path, &mut values).map(|route| ROUTES[route]);
            assert_eq!(found, Some(route), "{path}");
            assert_eq!(texts(path, &values), expected, "{path}");
        }
        for path in ["/b", "/x/y", "/x/e/y", "/A", "/a%2Fb"] {
            assert_eq!(trie.find(path, &mut Values::new()), None, "{path}");
        }
    }

    #[test]
    fn below_a_prefix_the_deepest_one_answers() {
        let trie = trie();
        for (path, number, expected) in [
            ("/b", 0, &[][..]),
            ("/a/b/x", 1, &[]),
            ("/a/y/z", 2, &["a"]),
            ("/x/y", 2, &["x"]),
            ("/f/1/2", 3, &["1"]),
        ] {
            let (found, values) = trie.find_unmatched(path).unwrap();
            assert_eq!(
                (found, &texts(path, &values)[..]),
                (number, expected),
                "{path}"
            );
        }
        assert!(Trie::default().find_unmatched("/").is_none());
    }

    #[test]
    fn a_sealed_name_keeps_what_is_below_it() {
        let mut trie = trie();
        trie.insert("/g/x", 90).unwrap();
        trie.insert("/[...all]", 91).unwrap();
        trie.insert_unmatched("/g", 92).unwrap();
        trie.insert_unmatched("/[x]/deep", 93).unwrap();
        let find = |trie: &Trie, path| trie.find(path, &mut Values::new());
        let find_unmatched = |trie: &Trie, path| trie.find_unmatched(path).unwrap().0;
        assert_eq!(find(&trie, "/g/y"), Some(91));
        assert_eq!(find(&trie, "/g/e"), Some(7));
        assert_eq!(find_unmatched(&trie, "/g/deep/y"), 93);
        trie.seal("/g");
        assert_eq!(find(&trie, "/g/x"), Some(90));
        for path in ["/g", "/g/y", "/g/e", "/g/deep/y"] {
            assert_eq!(find(&trie, path), None, "{path}");
            assert_eq!(find_unmatched(&trie, path), 92, "{path}");
        }
        assert_eq!(find(&trie, "/h2/e"), Some(7));
    }

    #[test]
    fn two_routes_for_the_same_paths_are_refused() {
        let mut trie = trie();
        for pattern in ["/a", "/a/[y]", "/a/[...other]", "/f/[[...x]]", "/"] {
            assert_eq!(trie.insert(pattern, 99), Err(Taken), "{pattern}");
        }
        assert_eq!(trie.insert_unmatched("/[z]/y", 99), Err(Taken));
    }
}
