//! Places in a text where a boundary cannot stand.

use std::fmt;

use super::lex::Token;

/// Why a boundary cannot stand in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place<'a> {
    /// In a tag of this name, such as in an attribute.
    Tag(&'a str),
    /// Before the body of the page, and not in its head. Its marker is no part of the body then,
    /// but the loading view and the patch are.
    BeforeBody,
    /// In a comment.
    Comment,
    /// In an element of this name, whose content is text.
    Text(&'a str),
    /// In an element of SVG or MathML of this name.
    Drawing(&'a str),
    /// In a template.
    Template,
    /// Directly in a table, which only what begins with a whole part of a table may: see
    /// [`is_row`].
    Table,
}

/// Whether `content` begins with a row or a cell. Directly in a table, the parser puts a `<tbody>`
/// around these, and the end marker into it.
#[must_use]
pub fn is_row(content: &str) -> bool {
    let Some(tag) = content.trim_ascii_start().strip_prefix('<') else {
        return false;
    };
    let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next();
    name.is_some_and(|name| {
        ["tr", "td", "th"]
            .iter()
            .any(|row| row.eq_ignore_ascii_case(name))
    })
}

impl<'a> Place<'a> {
    pub(super) fn of(token: Token<'a>) -> Option<Self> {
        match token {
            Token::Tag(tag) => Some(Self::Tag(tag.name)),
            Token::Comment(_) | Token::Other => Some(Self::Comment),
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(name) => write!(
                f,
                "in a tag, that of a <{name}>: await its value in the component around it"
            ),
            Self::BeforeBody => f.write_str("before the page's <body>: write one around it"),
            Self::Comment => f.write_str("in a comment"),
            Self::Text(name) => write!(
                f,
                "in a <{name}>, whose content is text: await its value in the component around it"
            ),
            Self::Drawing(name) => write!(
                f,
                "in a <{name}> of a drawing, but patches are HTML: let it bring the whole drawing, \
                 or put a <foreignObject> around it"
            ),
            Self::Template => f.write_str("in a <template>, where no patch arrives"),
            Self::Table => {
                f.write_str("directly in a <table>, but it brings rows: write a <tbody> around it")
            }
        }
    }
}

/// Offsets of boundaries, and what was found of them.
#[derive(Debug, Default)]
pub(super) struct Holes<'a, 'h> {
    /// Those that have not been passed, in order.
    ahead: &'h [usize],
    pub(super) found: Vec<(usize, Place<'a>)>,
}

impl<'a, 'h> Holes<'a, 'h> {
    pub(super) fn new(ahead: &'h [usize]) -> Self {
        let found = Vec::new();
        Self { ahead, found }
    }

    /// The first that has not been passed, if it is before `end`.
    pub(super) fn next_before(&self, end: usize) -> Option<usize> {
        self.ahead.first().copied().filter(|hole| *hole < end)
    }

    /// Passes those before `end`, which are in this place.
    pub(super) fn pass(&mut self, end: usize, place: Option<Place<'a>>) {
        let count = self.ahead.iter().take_while(|hole| **hole < end).count();
        let (passed, ahead) = self.ahead.split_at(count);
        self.ahead = ahead;
        if let Some(place) = place {
            self.found.extend(passed.iter().map(|hole| (*hole, place)));
        }
    }
}
