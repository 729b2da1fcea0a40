//! The rules of the wire, as the ways to break them.

use std::fmt;

/// How a response breaks a rule of the wire. Names are those of the markers and patches.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Violation {
    /// A marker that the native swap does not match, such as one with an unquoted name.
    MalformedMarker(String),
    /// A name that stands for two places.
    DuplicateMarker(String),
    /// A start marker without an end marker beside it.
    OpenRange(String),
    /// A marker inside a loading view: the view's replacement removes it.
    MarkerInLoadingView(String),
    /// A patch for a place that the response never mentions.
    UnknownPlace(String),
    /// A patch that is sent before the shell or patch that holds its place.
    PatchBeforePlace(String),
    /// A second patch for one place.
    PatchedTwice(String),
    /// A patch that is not a child of `<body>`: the native swap ignores it.
    PatchOutsideBody(String),
    /// Places that still show their loading view at the end.
    NeverPatched(Vec<String>),
    /// An end marker without a start marker.
    StrayEnd,
    /// A stream without the end marker as the last node of the document: it was cut.
    Cut,
    /// Something of a stream in a page that was sent in one piece.
    NotWhole(String),
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MalformedMarker(text) => write!(f, "the marker <{text}> is malformed"),
            Self::DuplicateMarker(name) => write!(f, "the name {name:?} marks two places"),
            Self::OpenRange(name) => write!(f, "the range {name:?} has no end marker beside it"),
            Self::MarkerInLoadingView(name) => {
                write!(f, "the place {name:?} is inside a loading view")
            }
            Self::UnknownPlace(name) => write!(f, "no place for the patch {name:?}"),
            Self::PatchBeforePlace(name) => {
                write!(f, "the patch {name:?} is sent before what holds its place")
            }
            Self::PatchedTwice(name) => write!(f, "the place {name:?} is patched twice"),
            Self::PatchOutsideBody(name) => {
                write!(f, "the patch {name:?} is not a child of <body>")
            }
            Self::NeverPatched(names) => write!(f, "never patched: {}", names.join(", ")),
            Self::StrayEnd => f.write_str("an end marker has no start marker"),
            Self::Cut => f.write_str("the response does not end with the end marker"),
            Self::NotWhole(what) => write!(f, "a page sent in one piece contains {what}"),
        }
    }
}

impl std::error::Error for Violation {}
