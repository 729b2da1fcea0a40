//! The open scope of a response: takes the boundaries and heads that its components render.

use std::collections::BTreeMap;
use std::panic::Location;

use anabranch_boundaries::scope::{self, Component, Scope};
use anabranch_boundaries::token::{Key, Token};
use anabranch_boundaries::{Head, Registration};

use crate::jobs::FEW;

/// Number of the page itself among the components of a response.
pub const PAGE: u32 = 0;

/// Indices above this are those of the page's heads, the first of which has the highest.
const BOUNDARIES_END: u32 = Token::MAX - 1 - HEADS as u32;

/// How many heads of a page are told apart. Where more are placed, they count as not placed.
const HEADS: usize = 1 << 10;

/// Which of the page's heads the token with this index stands for, if it stands for one.
pub(crate) fn head_of(index: u32) -> Option<usize> {
    (index > BOUNDARIES_END).then(|| (Token::MAX - 1 - index) as usize)
}

/// What components rendered since the scheduler last looked.
#[derive(Debug)]
pub(crate) struct Registry {
    /// Made for the first token. Without one, there is none to look for.
    key: Option<Key>,
    /// New boundaries and the component each was rendered in, in order.
    pub(crate) boundaries: Vec<(u32, Box<Registration>)>,
    /// New heads and the component each was rendered in, in order.
    pub(crate) heads: Vec<(u32, Head)>,
    /// How many more boundaries the response may have.
    room: usize,
    /// The first mistake of each component that made one: it fails when it completes. By
    /// component, because as many may make one as a response may have.
    pub(crate) mistakes: BTreeMap<u32, Mistake>,
    /// How many heads the page itself has rendered.
    page_heads: usize,
}

/// What a component rendered and should not have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mistake {
    /// A boundary, made here, for which there was no room.
    OneTooMany(&'static Location<'static>),
    /// A head that holds this token.
    InHead(Token),
}

/// The first token in a text that can hold none.
#[inline(never)]
pub(crate) fn find_token(text: &str, key: Key) -> Option<Token> {
    Token::find(text, key).next().map(|(_, token)| token)
}

impl Registry {
    pub(crate) fn new(max_boundaries: usize) -> Self {
        Self {
            key: None,
            boundaries: Vec::new(),
            heads: Vec::new(),
            // Numbers must fit a token, whatever the settings say.
            room: max_boundaries.min(BOUNDARIES_END as usize),
            mistakes: BTreeMap::new(),
            page_heads: 0,
        }
    }

    /// By which this response's tokens are known, if it has any.
    pub(crate) fn key(&self) -> Option<Key> {
        self.key
    }

    /// Whether a boundary was rendered, with or without room for it, or a mistake was made.
    pub(crate) fn has_boundaries(&self) -> bool {
        !self.boundaries.is_empty() || !self.mistakes.is_empty()
    }

    fn token(&mut self, component: u32, index: u32) -> Token {
        Token {
            key: *self.key.get_or_insert_with(Key::random),
            component,
            index,
        }
    }
}

impl Scope for Registry {
    fn register(&mut self, boundary: Box<Registration>) -> Token {
        let component = scope::component();
        let Component { id, boundaries } = component;
        let token = self.token(id, boundaries.min(BOUNDARIES_END));
        // A boundary without room is dropped here; its token then has no boundary, which fails
        // the component that rendered it.
        if self.room == 0 {
            let mistake = Mistake::OneTooMany(boundary.details.call_site);
            self.mistakes.entry(id).or_insert(mistake);
        } else {
            self.room -= 1;
            if self.boundaries.capacity() == 0 {
                self.boundaries.reserve(FEW);
            }
            self.boundaries.push((id, boundary));
            scope::set_component(Component {
                boundaries: boundaries + 1,
                ..component
            });
        }
        token
    }

    fn head(&mut self, head: Head) -> Option<Token> {
        let id = scope::component().id;
        if let Some(key) = self.key
            && let Some(token) = head.texts().find_map(|text| find_token(text, key))
        {
            let mistake = Mistake::InHead(token);
            self.mistakes.entry(id).or_insert(mistake);
        }
        self.heads.push((id, head));
        if id != PAGE {
            return None;
        }
        // Each has its place, because what is rendered first need not stand first: a layout is
        // rendered around what it wraps.
        let head = self.page_heads.min(HEADS - 1);
        self.page_heads += 1;
        Some(self.token(PAGE, Token::MAX - 1 - head as u32))
    }
}
