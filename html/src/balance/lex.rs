//! Finds the tags and comments of a piece of HTML, in the states of the standard's tokenizer.

/// What stands between texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A start or end tag.
    Tag(Tag<'a>),
    /// A comment, or what the parser takes for one: its text.
    Comment(&'a str),
    /// A document type or a CDATA section.
    Other,
}

/// A start or end tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    pub(super) is_end: bool,
    /// Whether it ends in `/>`, which counts in SVG and MathML only.
    pub(super) self_closing: bool,
    /// Whether it has the attribute `for` or `data-for`.
    pub(super) has_for: bool,
}

/// What the text ends in the midst of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    Comment,
    Tag,
    Quote,
    Cdata,
}

/// A place in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// How far the text has been read.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Goes to where the text of a raw text element ends. False if it does not end.
    pub(super) fn skip_to(&mut self, end: Option<usize>) -> bool {
        self.at = end.map_or(self.text.len(), |end| self.at + end);
        end.is_some()
    }

    /// What is left of the text.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// The next token and where it begins. `foreign` tells whether it stands in SVG or MathML.
    pub(super) fn next(&mut self, foreign: bool) -> Option<(usize, Result<Token<'a>, Open>)> {
        loop {
            let start = self.at + self.rest().find('<')?;
            let text = &self.text[start..];
            let after = |length: usize| text.as_bytes().get(length).copied().unwrap_or(b' ');
            let token = if text.starts_with("<!--") {
                self.at = start + 4;
                self.comment()
            } else if foreign && text.starts_with("<![CDATA[") {
                self.at = start + 9;
                self.until("]]>", Open::Cdata).map(|_| Token::Other)
            } else if text.starts_with("<!") {
                self.at = start + 2;
                self.until(">", Open::Comment).map(declaration)
            } else if text.starts_with("<?") {
                self.at = start + 1;
                self.until(">", Open::Comment).map(Token::Comment)
            } else if text.starts_with("</") && after(2).is_ascii_alphabetic() {
                self.at = start + 2;
                self.tag(true)
            } else if text.starts_with("</") && text.len() > 2 {
                self.at = start + 2;
                self.until(">", Open::Comment).map(Token::Comment)
            } else if after(1).is_ascii_alphabetic() {
                self.at = start + 1;
                self.tag(false)
            } else {
                self.at = start + 1;
                continue;
            };
            return Some((start, token));
        }
    }

    fn comment(&mut self) -> Result<Token<'a>, Open> {
        for empty in [">", "->"] {
            if self.rest().starts_with(empty) {
                self.at += empty.len();
                return Ok(Token::Comment(""));
            }
        }
        let rest = self.rest();
        let (text, close) = rest
            .match_indices('>')
            .find_map(|(at, _)| {
                let before = &rest[..at];
                let text = before.strip_suffix("--").or(before.strip_suffix("--!"));
                text.map(|text| (text, at + 1))
            })
            .ok_or(Open::Comment)?;
        self.at += close;
        Ok(Token::Comment(text))
    }

    /// The text up to `end`, which is passed over.
    fn until(&mut self, end: &str, open: Open) -> Result<&'a str, Open> {
        let rest = self.rest();
        let length = rest.find(end).ok_or(open)?;
        self.at += length + end.len();
        Ok(&rest[..length])
    }

    fn tag(&mut self, is_end: bool) -> Result<Token<'a>, Open> {
        let name = self.word(|byte| is_space(byte) || matches!(byte, b'/' | b'>'));
        let mut has_for = false;
        let mut slash = false;
        loop {
            self.word(|byte| !is_space(byte));
            match self.peek()? {
                b'>' => {
                    self.at += 1;
                    // A slash at the end of an unquoted value belongs to the value.
                    let self_closing = slash && self.text[..self.at].ends_with("/>");
                    return Ok(Token::Tag(Tag {
                        name,
                        is_end,
                        self_closing,
                        has_for,
                    }));
                }
                b'/' => {
                    self.at += 1;
                    slash = true;
                }
                _ => {
                    slash = false;
                    let attribute = self.attribute()?;
                    has_for |= ["for", "data-for"]
                        .iter()
                        .any(|name| attribute.eq_ignore_ascii_case(name));
                }
            }
        }
    }

    /// Passes over an attribute and returns its name.
    fn attribute(&mut self) -> Result<&'a str, Open> {
        let start = self.at;
        // An equals sign in the first place is part of the name.
        self.at += usize::from(self.peek()? == b'=');
        self.word(|byte| is_space(byte) || matches!(byte, b'/' | b'>' | b'='));
        let name = &self.text[start..self.at];
        self.word(|byte| !is_space(byte));
        if self.peek()? != b'=' {
            return Ok(name);
        }
        self.at += 1;
        self.word(|byte| !is_space(byte));
        match self.peek()? {
            quote @ (b'"' | b'\'') => {
                self.at += 1;
                self.until(if quote == b'"' { "\"" } else { "'" }, Open::Quote)?;
            }
            _ => {
                self.word(|byte| is_space(byte) || byte == b'>');
            }
        }
        Ok(name)
    }

    /// The text up to the first byte, always an ASCII one, that `ends` it.
    fn word(&mut self, ends: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().position(ends).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn peek(&self) -> Result<u8, Open> {
        self.text.as_bytes().get(self.at).copied().ok_or(Open::Tag)
    }
}

/// What `<!` begins: a document type, or what the parser takes for a comment. That is so for a
/// CDATA section too where tags are HTML's.
fn declaration(text: &str) -> Token<'_> {
    const DOCTYPE: &[u8] = b"doctype";
    let word = text.as_bytes().get(..DOCTYPE.len());
    if word.is_some_and(|word| word.eq_ignore_ascii_case(DOCTYPE)) {
        Token::Other
    } else {
        Token::Comment(text)
    }
}

/// Where the text of the raw text element `name` ends, if it does.
pub(super) fn raw_text_end(text: &str, name: &str) -> Option<usize> {
    let mut ends = text.match_indices("</").map(|(at, _)| at);
    ends.find(|at| is_name(&text[at + 2..], name))
}

/// Where the text of a script ends, if it does. After `<!--`, a `<script` hides the next
/// `</script>`.
pub(super) fn script_end(text: &str) -> Option<usize> {
    let (mut escaped, mut hidden) = (false, false);
    for (at, _) in text.match_indices(['<', '>']) {
        let rest = &text[at..];
        if rest.starts_with("<!--") {
            escaped = true;
        } else if rest.starts_with('>') && text[..at].ends_with("--") {
            (escaped, hidden) = (false, false);
        } else if escaped && !hidden && rest.starts_with('<') && is_name(&rest[1..], "script") {
            hidden = true;
        } else if rest.starts_with("</") && is_name(&rest[2..], "script") {
            if !hidden {
                return Some(at);
            }
            hidden = false;
        }
    }
    None
}

/// Whether a tag of this name begins here, behind its `<` or `</`.
fn is_name(text: &str, name: &str) -> bool {
    text.split_at_checked(name.len())
        .is_some_and(|(found, rest)| {
            let ends = |byte: &u8| is_space(*byte) || matches!(byte, b'/' | b'>');
            found.eq_ignore_ascii_case(name) && rest.as_bytes().first().is_some_and(ends)
        })
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0c' | b' ')
}
