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
    /// What its URL has behind that of the chain: only where several folders have the URL in common
    /// and the chain ends where they part.
    rest: Vec<&'a SegmentKind>,
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
    let by_pattern = folders(root);
    let mut candidates: Vec<_> = by_pattern
        .iter()
        .flat_map(|(pattern, same)| settled(&by_pattern, pattern, same))
        .collect();
    // The order of folders, as everywhere.
    candidates.sort_by_key(|(nth, _)| *nth);
    let mut candidates: Vec<_> = candidates.into_iter().map(|(_, route)| route).collect();
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

/// Two folders of which each has a middleware that the other lacks, although both are in charge of
/// one URL: none of them could guard the static files there without leaving out the other.
pub(crate) struct Clash<'a> {
    pub(crate) one: Route<'a>,
    pub(crate) other: Route<'a>,
}

/// Where it is open which middleware guards a URL that no route takes.
pub(crate) fn clashes(root: &Segment) -> Vec<Clash<'_>> {
    let by_pattern = folders(root);
    let mut found = Vec::new();
    for (pattern, same) in &by_pattern {
        // What is before everything is counted by the server, which takes it for granted here.
        let all = by_pattern.get("/").filter(|_| pattern != "/");
        let pairs = all.into_iter().flatten().chain(same);
        let pairs: Vec<_> = pairs.map(|(_, route)| route).collect();
        let clash = pairs.iter().enumerate().find_map(|(nth, one)| {
            let mut others = pairs[nth + 1..].iter();
            let other = others.find(|it| !it.has_guards_of(one) && !one.has_guards_of(it))?;
            let (one, other) = ((*one).clone(), (*other).clone());
            Some(Clash { one, other })
        });
        found.extend(clash);
    }
    found
}

/// The folders of each URL, with their places in the order of folders. Groups can give one URL
/// several.
type Folders<'a> = BTreeMap<String, Vec<(usize, Route<'a>)>>;

fn folders(root: &Segment) -> Folders<'_> {
    let mut found = Folders::new();
    for (nth, route) in chains(root).into_iter().enumerate() {
        let rest = route.chain.iter().any(|one| one.kind.is_catch_all());
        if !rest && !route.leaf().is_group() {
            let same = found.entry(route.pattern()).or_default();
            same.push((nth, route.with_only_groups()));
        }
    }
    found
}

/// Where requests below a pattern end, if that is not where those below the URL above it do.
fn settled<'a>(
    by_pattern: &Folders<'a>,
    pattern: &str,
    same: &[(usize, Route<'a>)],
) -> Option<(usize, Route<'a>)> {
    // A folder without a guard must not open what another one closes, be it at the same URL or,
    // since the deepest folder decides, above it. What clashes never gets here.
    let guard = strictest(same)?;
    let guarding = |route: &Route<'a>| route.has_guards_of(guard);
    let mut above = above(pattern).filter(|url| *url != "/");
    let opens = |url| {
        let above = by_pattern.get(url).and_then(|same| strictest(same));
        above.is_some_and(|above| above.has_guards_of(guard) && !guard.has_guards_of(above))
    };
    if above.any(opens) {
        return None;
    }
    let candidates = same.iter().filter(|(_, route)| {
        let root = route.place()[0].kind == SegmentKind::Root;
        guarding(route) && (root || route.adds() || route.adds_above())
    });
    let candidates: Vec<_> = candidates.collect();
    // Of several, the folder that has files of its own counts; where that leaves several, none of
    // them, and the URL above decides.
    let own = candidates.iter().filter(|(_, route)| route.adds());
    let own: Vec<_> = own.copied().collect();
    match (candidates.as_slice(), own.as_slice()) {
        ([], _) => None,
        ([only], _) | (_, [only]) => Some((*only).clone()),
        ([first, others @ ..], _) => {
            let common = first
                .1
                .until_it_parts(others.iter().map(|(_, other)| other));
            // A guard that they have in common may be that of a group which the URL above lacks.
            let url = self::above(pattern).next()?;
            let above = by_pattern.get(url).and_then(|same| strictest(same))?;
            (!above.has_guards_of(&common)).then_some((first.0, common))
        }
    }
}

/// The folder of a URL with the most middleware, the first of several.
fn strictest<'r, 'a>(same: &'r [(usize, Route<'a>)]) -> Option<&'r Route<'a>> {
    let routes = same.iter().rev().map(|(_, route)| route);
    routes.max_by_key(|route| route.guards().count())
}

/// The URLs above one, the nearest first.
fn above(pattern: &str) -> impl Iterator<Item = &str> {
    let ends = pattern.rmatch_indices('/').map(|(end, _)| end);
    let above = ends.map(|end| if end == 0 { "/" } else { &pattern[..end] });
    above.filter(move |above| *above != pattern)
}

/// The chains to all segments, each before those below it.
pub(crate) fn chains(root: &Segment) -> Vec<Route<'_>> {
    let mut found = vec![Route::new(vec![root])];
    let mut next = 0;
    while next < found.len() {
        let route = found[next].clone();
        for (nth, child) in route.leaf().children.iter().enumerate() {
            let mut chain = route.chain.clone();
            chain.push(child);
            found.insert(next + 1 + nth, Route::new(chain));
        }
        next += 1;
    }
    found
}

impl<'a> Route<'a> {
    fn new(chain: Vec<&'a Segment>) -> Self {
        let rest = Vec::new();
        Self { chain, rest }
    }

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
        let kinds = self.kinds().into_iter();
        let parts = kinds.filter_map(SegmentKind::pattern);
        let pattern: String = parts.flat_map(|part| ["/".to_owned(), part]).collect();
        match pattern.is_empty() {
            true => "/".to_owned(),
            false => pattern,
        }
    }

    /// The segments that are in the URL.
    pub(crate) fn kinds(&self) -> Vec<&'a SegmentKind> {
        let kinds = self.chain.iter().map(|segment| &segment.kind);
        let kinds = kinds.chain(self.rest.iter().copied());
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

    /// The segments whose middleware guards what is below it: all but the root, which guards none
    /// in particular.
    pub(crate) fn guards(&self) -> impl Iterator<Item = &'a Segment> {
        let below = self.middleware().filter(|(nth, _)| *nth > 0);
        below.map(|(_, segment)| segment)
    }

    /// Whether each guard of another route is one of its own.
    pub(crate) fn has_guards_of(&self, other: &Self) -> bool {
        let own = |guard: &Segment| self.guards().any(|one| std::ptr::eq(one, guard));
        other.guards().all(own)
    }

    /// The part of the chain that it has in common with others of its URL.
    fn until_it_parts<'r>(&self, others: impl Iterator<Item = &'r Self>) -> Self
    where
        'a: 'r,
    {
        let common = |other: &Self| {
            let pairs = self.chain.iter().zip(&other.chain);
            pairs.take_while(|(a, b)| std::ptr::eq(**a, **b)).count()
        };
        let common = others.map(common).min().unwrap_or(self.chain.len());
        let rest = self.chain[common..].iter().map(|segment| &segment.kind);
        Self {
            chain: self.chain[..common].to_vec(),
            rest: rest.collect(),
        }
    }

    /// The folder in the chain that a file above has as a module, by its name.
    pub(crate) fn module(&self) -> Option<&'a str> {
        self.chain.windows(2).find_map(|pair| {
            let (_, name) = pair[1].folder.rsplit_once('/')?;
            pair[0].declares(name).then_some(name)
        })
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
        Some(Self::new(self.chain[..=last].to_vec()))
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

    /// The folder of its URL: the last one of the chain that is not a group.
    pub(crate) fn folder(&self) -> &'a str {
        &self.place()[0].folder
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
