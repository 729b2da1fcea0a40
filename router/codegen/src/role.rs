//! The names of convention files, and what each file is for.

use std::fmt;

/// What a convention file is for in its segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Runs before anything renders.
    Middleware,
    /// Wraps the segment and everything below.
    Layout,
    /// Shown until the segment is ready.
    Loading,
    /// Shown in place of a failure.
    Error,
    /// Shown in place of what does not exist.
    NotFound,
    /// The content.
    Page,
    /// Handlers for methods.
    Route,
}

impl Role {
    pub(crate) const ALL: [Self; 7] = [
        Self::Middleware,
        Self::Layout,
        Self::Loading,
        Self::Error,
        Self::NotFound,
        Self::Page,
        Self::Route,
    ];

    /// The name of its file without the extension.
    pub(crate) fn stem(self) -> &'static str {
        match self {
            Self::Middleware => "middleware",
            Self::Layout => "layout",
            Self::Loading => "loading",
            Self::Error => "error",
            Self::NotFound => "not-found",
            Self::Page => "page",
            Self::Route => "route",
        }
    }

    /// The name of its module.
    pub(crate) fn module(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            other => other.stem(),
        }
    }

    /// Whether it may be an HTML file.
    pub(crate) fn may_be_html(self) -> bool {
        !matches!(self, Self::Middleware | Self::Route)
    }

    /// The role and the language of a file with this name.
    pub(crate) fn of_file(name: &str) -> Option<(Self, Language)> {
        let (stem, extension) = name.rsplit_once('.')?;
        let role = Self::ALL.into_iter().find(|role| role.stem() == stem)?;
        match extension {
            "rs" => Some((role, Language::Rust)),
            "html" if role.may_be_html() => Some((role, Language::Html)),
            _ => None,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.stem())
    }
}

/// What a convention file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Language {
    Rust,
    Html,
}
