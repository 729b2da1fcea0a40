//! The private mark of a boundary in rendered text, and the one pass that finds it again.
//!
//! maud writes into strings that are copied into other strings, so an offset seen while
//! rendering is worthless. What is rendered instead is a [`Token`]: a NUL byte, which no HTML
//! may contain, and behind it a [`Key`] that nobody outside the process can guess, so content
//! cannot forge one. [`Content::parse`] reads a component's text once and turns its tokens into
//! holes; after that nothing is ever searched again.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

use smallvec::SmallVec;

/// Length in bytes of a written token.
const LEN: usize = 1 + KEY_DIGITS + 2 * NUMBER_DIGITS;
const KEY_DIGITS: usize = 11;
const NUMBER_DIGITS: usize = 4;

/// Unguessable text of one response, part of all its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key([u8; KEY_DIGITS]);

impl Key {
    /// A new key: a keyed hash of a counter, so that only the first of a thread asks the
    /// operating system for randomness.
    #[must_use]
    pub fn random() -> Self {
        thread_local! {
            static STATE: (RandomState, Cell<u64>) = (RandomState::new(), Cell::new(0));
        }
        STATE.with(|(state, count)| {
            count.set(count.get() + 1);
            Self(digits(state.hash_one(count.get())))
        })
    }
}

/// Stands in the text of component `component` for its boundary number `index`.
///
/// Both numbers must be below [`Token::MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Key of the response.
    pub key: Key,
    /// Component in which the boundary was rendered.
    pub component: u32,
    /// Which of that component's boundaries it is, in the order they were rendered.
    pub index: u32,
}

impl Token {
    /// Length in bytes of a written token. A shorter text holds none.
    pub const LEN: usize = LEN;

    /// First number that does not fit a token.
    pub const MAX: u32 = 1 << (6 * NUMBER_DIGITS);

    /// Appends the token.
    pub fn write(self, out: &mut String) {
        /// Aligned, because whether it is UTF-8 is then looked at word by word.
        #[repr(align(16))]
        struct Written([u8; LEN]);

        let mut written = Written([0; LEN]);
        let (key, numbers) = written.0[1..].split_at_mut(KEY_DIGITS);
        let (component, index) = numbers.split_at_mut(NUMBER_DIGITS);
        key.copy_from_slice(&self.key.0);
        component.copy_from_slice(&digits::<NUMBER_DIGITS>(self.component.into()));
        index.copy_from_slice(&digits::<NUMBER_DIGITS>(self.index.into()));
        // NUL and digits are ASCII, so this is never the empty default.
        out.push_str(std::str::from_utf8(&written.0).unwrap_or_default());
    }

    /// The tokens of `key` in `text`, each with its offset.
    pub fn find(text: &str, key: Key) -> impl Iterator<Item = (usize, Token)> {
        memchr::memchr_iter(0, text.as_bytes()).filter_map(move |at| {
            let written = text.as_bytes().get(at + 1..at + LEN)?;
            let numbers = written.strip_prefix(&key.0)?;
            let (component, index) = numbers.split_at(NUMBER_DIGITS);
            let token = Token {
                key,
                component: number(component)?,
                index: number(index)?,
            };
            Some((at, token))
        })
    }
}

/// Whether `text` holds what reads like a token of another response than that of `key`.
#[must_use]
pub fn has_strange_token(text: &str, key: Option<Key>) -> bool {
    memchr::memchr_iter(0, text.as_bytes()).any(|at| {
        let written = text.as_bytes().get(at + 1..at + LEN);
        written.is_some_and(|written| {
            let is_ours = key.is_some_and(|key| written.starts_with(&key.0));
            !is_ours && written.iter().all(|digit| DIGITS.contains(digit))
        })
    })
}

/// `number` in base 64, the least significant digit first.
fn digits<const N: usize>(number: u64) -> [u8; N] {
    std::array::from_fn(|at| DIGITS[(number >> (6 * at)) as usize & 63])
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().rev().try_fold(0, |number, digit| {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        Some(number << 6 | u32::from(value))
    })
}

/// Base64's characters for URLs, which escaping leaves alone.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Text of a completed component, and the holes in it.
#[derive(Debug, Default)]
pub struct Content {
    text: String,
    holes: Holes,
}

/// Holes in order, most often one or none.
type Holes = SmallVec<[Hole; 1]>;

/// The place of a boundary in a text.
#[derive(Clone, Copy, Debug)]
struct Hole {
    /// Offset of the token that stood here.
    at: usize,
    /// Which of the component's boundaries.
    index: u32,
}

/// Part of a [`Content`], in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Bytes to send as they are.
    Text(&'a str),
    /// The place of the component's boundary of this index.
    Hole(u32),
}

impl Content {
    /// Finds the holes in the text of `component`, in one pass. There are most often `expected`.
    ///
    /// # Errors
    /// The token of a boundary that another component rendered.
    pub fn parse(text: String, key: Key, component: u32, expected: usize) -> Result<Self, Token> {
        if memchr::memchr(0, text.as_bytes()).is_none() {
            return Ok(Self::plain(text));
        }
        let mut holes = Holes::with_capacity(expected);
        for (at, token) in Token::find(&text, key) {
            if token.component != component {
                return Err(token);
            }
            let index = token.index;
            holes.push(Hole { at, index });
        }
        Ok(Self { text, holes })
    }

    /// Text that has no holes.
    #[must_use]
    pub fn plain(text: String) -> Self {
        let holes = Holes::new();
        Self { text, holes }
    }

    /// The boundaries that have a place in this text, by index, in order.
    pub fn holes(&self) -> impl Iterator<Item = u32> + '_ {
        self.holes.iter().map(|hole| hole.index)
    }

    /// The text, where it has no holes, as most have.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        self.holes.is_empty().then_some(&self.text)
    }

    /// Takes the text out, where it has no holes.
    pub fn take_text(&mut self) -> Option<String> {
        self.holes
            .is_empty()
            .then(|| std::mem::take(&mut self.text))
    }

    /// Texts and holes in order. Texts may be empty.
    #[must_use]
    pub fn pieces(&self) -> Pieces<'_> {
        Pieces {
            text: &self.text,
            at: 0,
            holes: self.holes.iter(),
            hole: None,
            ended: false,
        }
    }

    /// Length in bytes, tokens included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// True if there is neither text nor hole.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text with `text` in its first hole and nothing in the others.
    #[must_use]
    pub fn fill_first(mut self, text: &str) -> String {
        // From the back, so that the offsets of those before stay.
        for (place, hole) in self.holes.iter().enumerate().rev() {
            let text = if place == 0 { text } else { "" };
            self.text.replace_range(hole.at..hole.at + LEN, text);
        }
        self.text
    }
}

/// Iterator over the [`Piece`]s of a [`Content`].
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    text: &'a str,
    /// Where the next text begins.
    at: usize,
    holes: std::slice::Iter<'a, Hole>,
    /// The hole behind the text that was last returned.
    hole: Option<u32>,
    ended: bool,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if let Some(index) = self.hole.take() {
            return Some(Piece::Hole(index));
        }
        let from = self.at;
        match self.holes.next() {
            Some(hole) => {
                self.at = hole.at + LEN;
                self.hole = Some(hole.index);
                Some(Piece::Text(&self.text[from..hole.at]))
            }
            None if self.ended => None,
            None => {
                self.ended = true;
                Some(Piece::Text(&self.text[from..]))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(key: Key, index: u32) -> Token {
        Token {
            key,
            component: 7,
            index,
        }
    }

    #[test]
    fn tokens_become_holes_and_the_text_around_them_stays() {
        let key = Key::random();
        let mut text = String::from("a\0b");
        token(key, 3).write(&mut text);
        token(key, Token::MAX - 1).write(&mut text);
        text.push_str("é\0");
        let content = Content::parse(text, key, 7, 2).unwrap();
        assert_eq!(
            content.pieces().collect::<Vec<_>>(),
            [
                Piece::Text("a\0b"),
                Piece::Hole(3),
                Piece::Text(""),
                Piece::Hole(Token::MAX - 1),
                Piece::Text("é\0"),
            ]
        );
    }

    #[test]
    fn a_token_of_another_response_is_text() {
        let (ours, theirs) = (Key::random(), Key::random());
        assert_ne!(ours, theirs);
        let mut text = String::new();
        token(theirs, 0).write(&mut text);
        let cut = text[..LEN - 1].to_owned();
        assert!(has_strange_token(&text, Some(ours)) && has_strange_token(&text, None));
        assert!(!has_strange_token(&text, Some(theirs)) && !has_strange_token(&cut, None));
        assert!(
            Content::parse(text, ours, 7, 0)
                .unwrap()
                .as_text()
                .is_some()
        );
        assert!(
            Content::parse(cut, theirs, 7, 0)
                .unwrap()
                .as_text()
                .is_some()
        );
    }

    #[test]
    fn a_token_of_another_component_is_an_error() {
        let key = Key::random();
        let mut text = String::new();
        token(key, 3).write(&mut text);
        assert_eq!(Content::parse(text, key, 8, 0).unwrap_err(), token(key, 3));
    }

    #[test]
    fn escaping_leaves_a_token_whole() {
        let key = Key(digits(u64::MAX));
        let mut text = String::new();
        token(key, 63).write(&mut text);
        let escaped = maud::html! { (text) }.into_string();
        assert_eq!(Token::find(&escaped, key).count(), 1);
        assert_eq!(escaped.len(), LEN);
    }
}
