//! A route's pattern: the folder names on the way to it.

/// One segment of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    /// A name that stands for itself.
    Static(&'static str),
    /// `[name]`: one segment.
    One(&'static str),
    /// `[...name]`: one segment or more.
    Rest(&'static str),
    /// `[[...name]]`: any number of segments.
    OptionalRest(&'static str),
}

impl Segment {
    /// The name of its parameter.
    pub(super) fn parameter(self) -> Option<Parameter> {
        let (name, kind) = match self {
            Self::Static(_) => return None,
            Self::One(name) => (name, Kind::One),
            Self::Rest(name) | Self::OptionalRest(name) => (name, Kind::Rest),
        };
        Some(Parameter { name, kind })
    }
}

/// A parameter of a pattern.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

/// How much a parameter stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    One,
    Rest,
}

/// The segments of a pattern such as `/flights/[date]`.
pub(super) fn segments(pattern: &'static str) -> impl Iterator<Item = Segment> {
    let names = pattern.split('/').filter(|name| !name.is_empty());
    names.map(segment)
}

fn segment(name: &'static str) -> Segment {
    let inside = |open: &str, close: &str| name.strip_prefix(open)?.strip_suffix(close);
    if let Some(rest) = inside("[[...", "]]") {
        Segment::OptionalRest(rest)
    } else if let Some(rest) = inside("[...", "]") {
        Segment::Rest(rest)
    } else if let Some(one) = inside("[", "]") {
        Segment::One(one)
    } else {
        Segment::Static(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_reads_like_its_folders() {
        let read: Vec<_> = segments("/a/[id]/[...rest]")
            .chain(segments("/[[...all]]"))
            .collect();
        assert_eq!(
            read,
            [
                Segment::Static("a"),
                Segment::One("id"),
                Segment::Rest("rest"),
                Segment::OptionalRest("all"),
            ]
        );
        assert_eq!(segments("/").count(), 0);
    }
}
