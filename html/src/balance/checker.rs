//! Walks through a text with a stack of what is open.

use super::lex::{Lexer, Open, Tag, Token, raw_text_end, script_end};
use super::names::{
    BREAKOUT, CLOSED_BY_OTHERS, CLOSED_BY_THEIR_LIKE, CLOSING, FORMATTING, IN_HEAD, MATHML_ISLANDS,
    PAGE, RAW_TEXT, SVG_ISLANDS, VOID,
};
use super::place::{Holes, Place};
use super::{FlawKind, MAX_DEPTH, Part, check};

/// Where a flaw is, and what.
pub(super) type Found<'a> = (usize, FlawKind<'a>);

/// An element that is open.
#[derive(Clone, Copy)]
struct Element<'a> {
    name: &'a str,
    at: usize,
    kind: Kind,
}

/// How far the page has come to its body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    /// Neither in the head nor in the body.
    Outside,
    Head,
    Body,
}

impl Start {
    fn of(part: Part) -> Self {
        match part {
            Part::Page => Self::Outside,
            Part::Content => Self::Body,
        }
    }

    /// Passes a tag in no element but those of the page.
    fn pass(&mut self, name: &str, is_end: bool) {
        let is = |page: &str| name.eq_ignore_ascii_case(page);
        *self = match *self {
            Self::Body => Self::Body,
            Self::Head if is_end && is("head") => Self::Outside,
            Self::Outside if is("head") && !is_end => Self::Head,
            start if is_end || is("html") || is_one_of(name, IN_HEAD) => start,
            _ => Self::Body,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Html,
    Svg,
    MathMl,
    /// An element of SVG or MathML whose content is HTML.
    Island,
}

pub(super) struct Checker<'a, 'h> {
    part: Part,
    start: Start,
    open: Vec<Element<'a>>,
    /// Where the page was closed.
    closed: Option<Found<'a>>,
    pub(super) holes: Holes<'a, 'h>,
}

impl<'a, 'h> Checker<'a, 'h> {
    pub(super) fn new(part: Part, holes: Holes<'a, 'h>) -> Self {
        Self {
            part,
            start: Start::of(part),
            open: Vec::new(),
            closed: None,
            holes,
        }
    }

    pub(super) fn check(&mut self, text: &'a str) -> Result<(), Found<'a>> {
        let mut lexer = Lexer::new(text);
        loop {
            let from = lexer.at();
            let token = lexer.next(self.is_foreign());
            let text_end = token.map_or(text.len(), |(at, _)| at);
            let before = &text[from..text_end];
            self.look_before_body(from, before);
            self.holes.pass(text_end, self.place());
            if let (Some(closed), false) = (self.closed, before.trim_ascii().is_empty()) {
                return Err(closed);
            }
            let Some((at, token)) = token else { break };
            let token = token.map_err(|open| (at, open.into()))?;
            self.holes.pass(lexer.at(), Place::of(token));
            if let (Token::Tag(tag), true) = (token, self.open.is_empty()) {
                self.start.pass(tag.name, tag.is_end);
            }
            match token {
                Token::Comment(text) if is_marker(text) => return Err((at, FlawKind::Marker)),
                Token::Comment(_) | Token::Other => {}
                Token::Tag(tag) if tag.is_end => self.end(at, tag.name)?,
                Token::Tag(tag) => self.start(at, tag, &mut lexer)?,
            }
        }
        match self
            .open
            .iter()
            .find(|open| !is_one_of(open.name, CLOSED_BY_OTHERS))
        {
            Some(open) => Err((open.at, FlawKind::OpenElement(open.name))),
            None => Ok(()),
        }
    }

    /// Looks for a boundary before the body. Its loading view or the next text opens that.
    fn look_before_body(&mut self, from: usize, text: &str) {
        if self.start != Start::Outside || !self.open.is_empty() {
            return;
        }
        let hole = self.holes.next_before(from + text.len());
        let is_first = |hole: &usize| text[..hole - from].trim_ascii().is_empty();
        if let Some(hole) = hole.filter(is_first) {
            self.holes.pass(hole + 1, Some(Place::BeforeBody));
            self.start = Start::Body;
        } else if !text.trim_ascii().is_empty() {
            self.start = Start::Body;
        }
    }

    /// What keeps a boundary from standing here.
    fn place(&self) -> Option<Place<'a>> {
        let last = self.open.last()?;
        let is = |open: &Element, name| open.name.eq_ignore_ascii_case(name);
        if self.open.iter().any(|open| is(open, "template")) {
            return Some(Place::Template);
        }
        match last.kind {
            Kind::Svg | Kind::MathMl => Some(Place::Drawing(last.name)),
            Kind::Html if is(last, "table") => Some(Place::Table),
            Kind::Html | Kind::Island => None,
        }
    }

    /// Whether tags are those of SVG or MathML here.
    fn is_foreign(&self) -> bool {
        let last = self.open.last();
        last.is_some_and(|open| matches!(open.kind, Kind::Svg | Kind::MathMl))
    }

    fn start(&mut self, at: usize, tag: Tag<'a>, lexer: &mut Lexer<'a>) -> Result<(), Found<'a>> {
        if let Some(closed) = self.closed {
            return Err(closed);
        }
        if self.is_foreign() && is_one_of(tag.name, BREAKOUT) {
            while self.is_foreign() {
                self.open.pop();
            }
        }
        let kind = match self.open.last().map(|open| open.kind) {
            Some(Kind::Svg) if is_one_of(tag.name, SVG_ISLANDS) => Kind::Island,
            Some(Kind::MathMl) if is_one_of(tag.name, MATHML_ISLANDS) => Kind::Island,
            Some(foreign @ (Kind::Svg | Kind::MathMl)) => foreign,
            _ if tag.name.eq_ignore_ascii_case("svg") => Kind::Svg,
            _ if tag.name.eq_ignore_ascii_case("math") => Kind::MathMl,
            _ => Kind::Html,
        };
        if kind == Kind::Html {
            self.start_html(at, tag, lexer)
        } else if tag.self_closing {
            Ok(())
        } else {
            self.push(at, tag.name, kind)
        }
    }

    fn start_html(
        &mut self,
        at: usize,
        tag: Tag<'a>,
        lexer: &mut Lexer<'a>,
    ) -> Result<(), Found<'a>> {
        let is = |name| tag.name.eq_ignore_ascii_case(name);
        if is("plaintext") {
            return Err((at, FlawKind::Plaintext));
        }
        if is("template") && tag.has_for {
            return Err((at, FlawKind::Patch));
        }
        if is_one_of(tag.name, VOID) || is_one_of(tag.name, PAGE) {
            return Ok(());
        }
        if !is_one_of(tag.name, RAW_TEXT) {
            return self.push(at, tag.name, Kind::Html);
        }
        let text = lexer.rest();
        let end = if is("script") {
            script_end(text)
        } else {
            raw_text_end(text, tag.name)
        };
        // A browser without scripts parses what is in here.
        if let (true, Some(end)) = (is("noscript"), end) {
            check(&text[..end], Part::Content).map_err(|flaw| (lexer.at() + flaw.at, flaw.kind))?;
        }
        let is_closed = lexer.skip_to(end);
        self.holes.pass(lexer.at(), Some(Place::Text(tag.name)));
        if !is_closed {
            return Err((at, FlawKind::OpenElement(tag.name)));
        }
        self.push(at, tag.name, Kind::Html)
    }

    fn push(&mut self, at: usize, name: &'a str, kind: Kind) -> Result<(), Found<'a>> {
        if is_one_of(name, CLOSED_BY_THEIR_LIKE) {
            // Its like closes it, so that a list of any length is no deeper than one of its items.
            let optional = |open: &&Element| is_one_of(open.name, CLOSED_BY_OTHERS);
            let mut inner = self.open.iter().rev().take_while(optional);
            if let Some(before) = inner.position(|open| open.name.eq_ignore_ascii_case(name)) {
                self.open.truncate(self.open.len() - before - 1);
            }
        }
        if self.open.len() == MAX_DEPTH {
            return Err((at, FlawKind::TooDeep));
        }
        self.open.push(Element { name, at, kind });
        Ok(())
    }

    fn end(&mut self, at: usize, name: &'a str) -> Result<(), Found<'a>> {
        let stray = (at, FlawKind::StrayEnd(name));
        if is_one_of(name, CLOSING) {
            if self.part == Part::Content {
                return Err(stray);
            }
            self.closed.get_or_insert(stray);
            return Ok(());
        }
        if let Some(closed) = self.closed {
            return Err(closed);
        }
        let is_template = name.eq_ignore_ascii_case("template");
        // No end tag reaches out of a template, except its own.
        let reached = self.open.iter().enumerate().rev();
        let found = reached
            .map(|(place, open)| (place, open.name))
            .find(|(_, open)| {
                open.eq_ignore_ascii_case(name)
                    || (!is_template && open.eq_ignore_ascii_case("template"))
            })
            .filter(|(_, open)| open.eq_ignore_ascii_case(name));
        let Some((place, _)) = found else {
            let harmless = [CLOSED_BY_OTHERS, VOID, PAGE];
            let harmless = harmless.iter().any(|names| is_one_of(name, names));
            return if harmless { Ok(()) } else { Err(stray) };
        };
        if is_one_of(name, FORMATTING) {
            // What was opened since stays open, and is closed later.
            self.open.remove(place);
            return Ok(());
        }
        let mut inside = self.open.drain(place..).skip(1);
        // Formatting that is not closed comes to life again behind the end tag; a template takes
        // it along.
        let formatting =
            inside.find(|open| open.kind == Kind::Html && is_one_of(open.name, FORMATTING));
        match formatting {
            Some(open) if !is_template => Err((open.at, FlawKind::OpenElement(open.name))),
            _ => Ok(()),
        }
    }
}

impl From<Open> for FlawKind<'_> {
    fn from(open: Open) -> Self {
        match open {
            Open::Comment => Self::OpenComment,
            Open::Tag => Self::OpenTag,
            Open::Quote => Self::OpenQuote,
            Open::Cdata => Self::OpenCdata,
        }
    }
}

/// Whether the bridge or the native swap takes a comment of this text for one of theirs.
fn is_marker(text: &str) -> bool {
    if text == "$a" {
        return true;
    }
    let Some(instruction) = text.strip_prefix('?') else {
        return false;
    };
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let attributes = instruction.trim_start_matches(word);
    let target = &instruction[..instruction.len() - attributes.len()];
    ["start", "end", "marker"].contains(&target) || attributes.trim_ascii().starts_with("name=")
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|one| one.eq_ignore_ascii_case(name))
}
