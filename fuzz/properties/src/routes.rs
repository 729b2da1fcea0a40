//! The most particular route answers, and a guard is never passed by.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use anabranch_router::app::{CurrentPath, Leaf, MatchedRoute, Path, Request, Routes};
use arbitrary::{Arbitrary, Result, Unstructured};
use axum::response::IntoResponse;
use http::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::answer;

/// Segments of paths; the first three are folders, too.
const NAMES: [&str; 6] = ["a", "b", "\u{fc} b", "c", "a.b", "[a]"];

/// The folder whose routes have a middleware.
const GUARDED: &str = "a";

/// All patterns of up to three folders.
static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let folders = [&NAMES[..3], &["[one]"]].concat();
    let ends = ["", "/[...rest]", "/[[...rest]]"];
    let mut paths = vec![String::new()];
    let mut patterns = Vec::new();
    for depth in 0..=3 {
        for path in &paths {
            patterns.extend(ends.map(|end| Pattern::new(format!("{path}{end}"))));
        }
        let deeper = paths.iter().flat_map(|path| {
            // Two parameters of one name would be one in a map.
            let deeper =
                |name: &&str| format!("{path}/{}", name.replace("one", &format!("p{depth}")));
            folders.iter().map(deeper).collect::<Vec<_>>()
        });
        paths = deeper.collect();
    }
    patterns
});

struct Pattern {
    text: &'static str,
    segments: Vec<&'static str>,
}

/// How particular a folder is; the smaller the more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Name,
    One,
    Rest,
    OptionalRest,
}

impl Pattern {
    fn new(text: String) -> Self {
        let text: &'static str = match text.as_str() {
            "" => "/",
            _ => text.leak(),
        };
        let segments = text.split('/').filter(|segment| !segment.is_empty());
        Self {
            text,
            segments: segments.collect(),
        }
    }

    fn is_guarded(&self) -> bool {
        self.segments.first() == Some(&GUARDED)
    }

    /// Which paths it matches; two routes of one shape are one too many.
    fn shape(&self) -> Vec<(Rank, &'static str)> {
        let shape = self.segments.iter().map(|segment| match rank(segment) {
            Rank::Name => (Rank::Name, *segment),
            other => (other, ""),
        });
        shape.collect()
    }

    /// How particular it is, folder by folder, and what its parameters are, if it matches.
    fn matches(&self, path: &[&str]) -> Option<(Vec<Rank>, BTreeMap<String, String>)> {
        let mut ranks = Vec::new();
        let mut values = BTreeMap::new();
        let mut rest = path;
        for segment in &self.segments {
            let rank = rank(segment);
            ranks.push(rank);
            let taken = match rank {
                Rank::Name if rest.first() == Some(segment) => 1,
                Rank::One if !rest.is_empty() => 1,
                Rank::Rest if !rest.is_empty() => rest.len(),
                Rank::OptionalRest => rest.len(),
                _ => return None,
            };
            let (value, after) = rest.split_at(taken);
            if rank != Rank::Name {
                let name = segment.trim_matches(['[', ']', '.']);
                values.insert(name.to_owned(), value.join("/"));
            }
            rest = after;
        }
        rest.is_empty().then_some((ranks, values))
    }
}

fn rank(segment: &str) -> Rank {
    match segment {
        "[[...rest]]" => Rank::OptionalRest,
        "[...rest]" => Rank::Rest,
        name if name.starts_with('[') => Rank::One,
        _ => Rank::Name,
    }
}

/// A set of routes, and paths that are asked for.
///
/// # Panics
/// If another route answers than the most particular one, with other parameters, or a guarded
/// folder answers without its middleware.
pub fn check(input: &[u8]) {
    // Too few bytes are a small app.
    let _ = check_app(&mut Unstructured::new(input));
}

fn check_app(input: &mut Unstructured<'_>) -> Result<()> {
    let mut shapes = BTreeSet::new();
    let mut chosen = Vec::new();
    for _ in 0..input.int_in_range(0..=12)? {
        let pattern = &PATTERNS[input.choose_index(PATTERNS.len())?];
        if shapes.insert(pattern.shape()) {
            chosen.push(pattern);
        }
    }
    let app = app(&chosen).into_router();
    for _ in 0..input.int_in_range(1..=6)? {
        let mut path = Vec::new();
        for _ in 0..input.int_in_range(0..=4)? {
            path.push(*input.choose(&NAMES)?);
        }
        check_path(&chosen, &app, &path);
        if bool::arbitrary(input)? {
            path.truncate(1);
            check_path(&chosen, &app, &path);
        }
    }
    Ok(())
}

fn app(chosen: &[&Pattern]) -> Routes<()> {
    let guarded = || {
        Leaf::new().middleware(0, |mut request: Request| async move {
            request.extensions_mut().insert(Guarded);
            request
        })
    };
    let mut routes = Routes::new()
        .unmatched("/", Leaf::new().get(0, missing))
        .unmatched("/a", guarded().get(0, missing));
    for pattern in chosen {
        let leaf = if pattern.is_guarded() {
            guarded()
        } else {
            Leaf::new()
        };
        routes = routes.route(pattern.text, leaf.get(9, found));
    }
    routes
}

/// Extension: the middleware has seen the request.
#[derive(Clone)]
struct Guarded;

async fn found(
    route: MatchedRoute,
    Path(values): Path<BTreeMap<String, String>>,
    request: Request,
) -> impl IntoResponse {
    let pattern = route.pattern().unwrap_or("none").to_owned();
    answered(&request, format!("{pattern} {values:?}"))
}

async fn missing(_: CurrentPath, request: Request) -> impl IntoResponse {
    (StatusCode::NOT_FOUND, answered(&request, "none".to_owned()))
}

fn answered(request: &Request, text: String) -> impl IntoResponse + use<> {
    let guarded = request.extensions().get::<Guarded>().is_some();
    ([("x-guarded", guarded.to_string())], text)
}

fn check_path(chosen: &[&Pattern], app: &axum::Router, path: &[&str]) {
    let encoded = path
        .iter()
        .map(|segment| format!("/{}", utf8_percent_encode(segment, NON_ALPHANUMERIC)));
    let encoded = encoded.collect::<String>().replace("%2E", ".");
    let uri = if encoded.is_empty() { "/" } else { &encoded };
    let context = || {
        let patterns: Vec<_> = chosen.iter().map(|pattern| pattern.text).collect();
        format!("{uri} in {patterns:?}")
    };
    let answer = answer::get(app, uri.parse().expect("an encoded path is a URI"));

    let guarded = path.first() == Some(&GUARDED);
    assert_eq!(
        answer.headers["x-guarded"],
        guarded.to_string(),
        "{}",
        context()
    );
    let best = chosen
        .iter()
        // What is not found below a guarded name is found nowhere else.
        .filter(|pattern| !guarded || pattern.is_guarded())
        .filter_map(|pattern| Some((pattern.matches(path)?, pattern.text)))
        .min_by(|((a, _), _), ((b, _), _)| a.cmp(b));
    let expected = match &best {
        Some(((_, values), pattern)) => format!("{pattern} {values:?}"),
        None => "none".to_owned(),
    };
    assert_eq!(answer.body, expected, "{}", context());
    let status = match best {
        Some(_) => StatusCode::OK,
        None => StatusCode::NOT_FOUND,
    };
    assert_eq!(answer.status, status, "{}", context());
}
