//! Routes: the chains of segments from the root to what answers a request.

use std::collections::BTreeMap;

use crate::model::{File, Segment};
use crate::role::Role;
use crate::segment::SegmentKind;
use crate::source::Source;

/// The functions of a route file that answer requests, in the order of the generated code.
pub(crate) const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

/// The segments from the root to one that answers.
#[derive(Clone)]
pub(crate) struct Route<'a> {
    /// Never empty: the root is always there.
    chain: Vec<&'a Segment>,
}

/// Every segment with a page or a route file, in the order of folders.
pub(crate) fn routes(root: &Segment) -> Vec<Route<'_>> {
    let mut all = chains(root);
    all.retain(|route| route.leaf().answers());
    all
}

/// Where a request that no route takes ends: one for each pattern at which something is added to
/// the answer, so that a 404 stands inside the layouts and behind the middleware of its place.
pub(crate) fn unmatched(root: &Segment) -> Vec<Route<'_>> {
    let folders = chains(root).into_iter().filter(|route| {
        let rest = route.chain.iter().any(|one| one.kind.is_catch_all());
        !rest && !route.leaf().is_group()
    });
    let mut candidates: Vec<_> = folders
        .map(Route::with_only_groups)
        .filter(|route| {
            let root = route.place()[0].kind == SegmentKind::Root;
            root || route.adds() || route.adds_above()
        })
        .collect();
    // Groups can give one URL several chains. Then the folder that has files of its own counts;
    // where that leaves several, none of them, and the URL above decides.
    let mut chains: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for route in &candidates {
        let (all, own) = chains.entry(route.pattern()).or_default();
        *all += 1;
        *own += usize::from(route.adds());
    }
    candidates.retain(|route| match chains.get(&route.pattern()) {
        Some((1, _)) => true,
        Some((_, 1)) => route.adds(),
        _ => false,
    });
    // A folder to which only groups above it add needs no answer of its own where the URL above
    // has those groups already.
    let leaves: Vec<_> = candidates.iter().map(Route::leaf).collect();
    candidates.retain(|route| {
        let adding = route.chain.iter().rev().find(|segment| segment.adds());
        let above = adding.filter(|segment| !std::ptr::eq(**segment, route.leaf()));
        !above.is_some_and(|above| leaves.iter().any(|leaf| std::ptr::eq(*leaf, *above)))
    });
    candidates
}

/// The chains to all segments, each before those below it.
pub(crate) fn chains(root: &Segment) -> Vec<Route<'_>> {
    let mut found = vec![Route { chain: vec![root] }];
    let mut next = 0;
    while next < found.len() {
        let route = found[next].clone();
        for (nth, child) in route.leaf().children.iter().enumerate() {
            let mut chain = route.chain.clone();
            chain.push(child);
            found.insert(next + 1 + nth, Route { chain });
        }
        next += 1;
    }
    found
}

impl<'a> Route<'a> {
    /// The segments, root first.
    pub(crate) fn chain(&self) -> &[&'a Segment] {
        &self.chain
    }

    /// The segment that answers.
    pub(crate) fn leaf(&self) -> &'a Segment {
        self.chain.last().expect("a chain starts with the root")
    }

    /// The URL with its parameters, as folders spell them: `/flights/[date]`.
    pub(crate) fn pattern(&self) -> String {
        let parts = self
            .chain
            .iter()
            .filter_map(|segment| segment.kind.pattern());
        let pattern: String = parts.flat_map(|part| ["/".to_owned(), part]).collect();
        match pattern.is_empty() {
            true => "/".to_owned(),
            false => pattern,
        }
    }

    /// The segments that are in the URL.
    pub(crate) fn kinds(&self) -> Vec<&'a SegmentKind> {
        let kinds = self.chain.iter().map(|segment| &segment.kind);
        kinds.filter(|kind| kind.pattern().is_some()).collect()
    }

    /// Whether its pattern matches a URL.
    pub(crate) fn takes(&self, url: &str) -> bool {
        let mut segments = url.split('/').skip(1);
        for kind in self.kinds() {
            let segment = segments.next();
            match kind {
                SegmentKind::Static(name) if segment != Some(name) => return false,
                SegmentKind::CatchAll(_) => return segment.is_some(),
                SegmentKind::OptionalCatchAll(_) => return true,
                _ if segment.is_none() => return false,
                _ => {}
            }
        }
        segments.next().is_none()
    }

    /// Whether its handlers are described for clients, if those in this folder are. OpenAPI has no
    /// parameter that stands for several segments.
    pub(crate) fn is_described(&self, folder: &str) -> bool {
        self.is_in(folder) && !self.kinds().into_iter().any(SegmentKind::is_catch_all)
    }

    /// Whether it is in a folder of the package or below.
    pub(crate) fn is_in(&self, folder: &str) -> bool {
        let below = self.leaf().folder.strip_prefix(folder);
        below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
    }

    /// How many parameters the nth segment of the chain sees: its own and those above.
    pub(crate) fn parameters_at(&self, nth: usize) -> usize {
        let visible = self.chain[..=nth].iter();
        visible
            .filter_map(|segment| segment.kind.parameter())
            .count()
    }

    /// The nearest view of a role at or above the nth segment, and the segment that has it.
    pub(crate) fn nearest(&self, role: Role, nth: usize) -> Option<(&'a Segment, &'a File)> {
        let above = self.chain[..=nth].iter().rev();
        above
            .copied()
            .find_map(|segment| Some((segment, segment.file(role)?)))
    }

    /// The segments of the chain that have such a file, root first, with the parameters they see.
    pub(crate) fn with(&self, role: Role) -> impl Iterator<Item = (usize, &'a Segment, &'a File)> {
        let chain = self.chain.iter().enumerate();
        chain.filter_map(move |(nth, segment)| Some((nth, *segment, segment.file(role)?)))
    }

    /// Its middleware in Rust files, root first.
    pub(crate) fn middleware(&self) -> impl Iterator<Item = (usize, &'a Segment)> {
        self.with(Role::Middleware)
            .map(|(nth, segment, _)| (nth, segment))
    }

    /// Its route file.
    pub(crate) fn source(&self) -> Option<&'a Source> {
        self.leaf().source(Role::Route)
    }

    /// The part of the chain above the nth segment: down to the nearest folder or group in which
    /// something shows around what fails there. None if there is no such folder.
    pub(crate) fn above(&self, nth: usize) -> Option<Self> {
        let shows = |segment: &&Segment| VIEWS.into_iter().any(|role| segment.has(role));
        let last = self.chain[..nth].iter().rposition(shows)?;
        let chain = self.chain[..=last].to_vec();
        Some(Self { chain })
    }

    /// The chain, and on through groups as long as one group has all pages at or below its end:
    /// a page that is missing there would stand in the group, too.
    fn with_only_groups(mut self) -> Self {
        let mut has_all_routes = true;
        while let Some(group) = self.leaf().only_group() {
            has_all_routes &= self.leaf().is_only_way_to_routes(group);
            // A middleware runs before nothing that is outside of its folder.
            if group.has(Role::Middleware) && !has_all_routes {
                break;
            }
            self.chain.push(group);
        }
        while self.leaf().is_group() && !self.leaf().adds() {
            self.chain.pop();
        }
        self
    }

    /// The last folder of the chain that is not a group, and the groups below it.
    fn place(&self) -> &[&'a Segment] {
        let mut chain = self.chain.iter();
        let folder = chain.rposition(|segment| !segment.is_group());
        &self.chain[folder.unwrap_or_default()..]
    }

    /// Whether its place adds to an answer.
    fn adds(&self) -> bool {
        self.place().iter().any(|segment| segment.adds())
    }

    /// Whether a group between its place and the folder above adds to an answer.
    fn adds_above(&self) -> bool {
        let above = self.chain.len() - self.place().len();
        let groups = self.chain[..above].iter().rev();
        let mut groups = groups.take_while(|segment| segment.is_group());
        groups.any(|group| group.adds())
    }
}

/// The files that show around a failure.
const VIEWS: [Role; 3] = [Role::Layout, Role::Error, Role::NotFound];

impl Segment {
    fn is_group(&self) -> bool {
        matches!(self.kind, SegmentKind::Group(_))
    }

    /// The group that has all pages here or below, if there is one.
    fn only_group(&self) -> Option<&Segment> {
        let mut with_pages = self.children.iter().filter(|one| one.reaches(Role::Page));
        let first = with_pages.next()?;
        let only = !self.has(Role::Page) && with_pages.next().is_none();
        (only && first.is_group()).then_some(first)
    }

    /// Whether no route file is here or below but in this child.
    fn is_only_way_to_routes(&self, child: &Segment) -> bool {
        let mut others = self
            .children
            .iter()
            .filter(|one| !std::ptr::eq(*one, child));
        !self.has(Role::Route) && !others.any(|other| other.reaches(Role::Route))
    }

    fn adds(&self) -> bool {
        let roles = VIEWS.into_iter().chain([Role::Middleware]);
        roles.into_iter().any(|role| self.has(role))
    }
}
