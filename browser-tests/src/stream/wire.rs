//! Reads the bytes of a streamed response as they arrive: what a reader sees of them, loading
//! views, and patches, each as the text that was sent.
//!
//! The tags are found by the tokenizer of a real parser, so that a `</template>` in a script or a
//! comment of the page ends nothing. It is fed up to one `>` after the other: a tag can end
//! nowhere else, which tells where it stands in the text.

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::ops::Range;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use crate::dom::{INSPECTOR, Meaning, TRIGGER, comment};

/// What has arrived of a response.
pub(super) struct Wire {
    text: String,
    /// The beginning of a character that a frame has cut in two.
    cut: Vec<u8>,
    tokenizer: Tokenizer<Sink>,
    input: BufferQueue,
    /// How many templates of the page's own are open.
    templates: usize,
    /// The patch that is arriving: its name, where its tag starts, and where that ends.
    patch: Option<(String, usize, usize)>,
    /// The loading view that is arriving, and where it starts.
    view: Option<(String, usize)>,
    /// The script that is arriving, where its tag starts and ends, and whether its tag says that
    /// it is none of the page's own.
    script: Option<(usize, usize, bool)>,
    pub(super) patches: Vec<Arrived>,
    views: Vec<(String, Range<usize>)>,
    /// What belongs to the stream itself, and no reader sees.
    hidden: Vec<Range<usize>>,
}

/// A patch that has arrived as a whole.
pub(super) struct Arrived {
    pub(super) name: String,
    /// With its tags.
    whole: Range<usize>,
    pub(super) content: Range<usize>,
}

impl Wire {
    pub(super) fn new() -> Self {
        Self {
            text: String::new(),
            cut: Vec::new(),
            tokenizer: Tokenizer::new(Sink::default(), TokenizerOpts::default()),
            input: BufferQueue::default(),
            templates: 0,
            patch: None,
            view: None,
            script: None,
            patches: Vec::new(),
            views: Vec::new(),
            hidden: Vec::new(),
        }
    }

    /// Takes in what has arrived, which may end anywhere.
    pub(super) fn read(&mut self, part: &[u8]) {
        let mut bytes = std::mem::take(&mut self.cut);
        bytes.extend_from_slice(part);
        let whole = match str::from_utf8(&bytes) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => bytes.len(),
        };
        self.cut = bytes.split_off(whole);
        for piece in String::from_utf8_lossy(&bytes).split_inclusive('>') {
            self.text.push_str(piece);
            self.input.push_back(StrTendril::from(piece));
            // It stops early for scripts that a parser runs, and this one runs none.
            let _ = self.tokenizer.feed(&self.input);
            if let Some(found) = self.tokenizer.sink.0.take() {
                self.meet(&found);
            }
        }
    }

    /// How many bytes of text have arrived.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// What has arrived, as it was sent.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What a reader sees of a part of it before any patch is applied.
    pub(super) fn seen(&self, part: Range<usize>) -> String {
        let patches = self.patches.iter().map(|patch| &patch.whole);
        self.without(self.hidden.iter().chain(patches), part)
    }

    /// What a reader sees of a patch.
    pub(super) fn content(&self, patch: &Arrived) -> String {
        self.without(self.hidden.iter(), patch.content.clone())
    }

    /// The loading view that stands in the place of this name until its patch arrives.
    pub(super) fn view(&self, name: &str) -> Option<String> {
        if self.patches.iter().any(|patch| patch.name == name) {
            return None;
        }
        let (_, view) = self.views.iter().find(|(of, _)| of == name)?;
        Some(self.text[view.clone()].to_owned())
    }

    fn without<'a>(
        &self,
        hidden: impl Iterator<Item = &'a Range<usize>>,
        part: Range<usize>,
    ) -> String {
        let inside = |hidden: &&Range<usize>| part.start <= hidden.start && hidden.end <= part.end;
        let mut hidden: Vec<_> = hidden.filter(inside).collect();
        hidden.sort_by_key(|range| range.start);
        let mut seen = String::new();
        let mut from = part.start;
        for range in hidden {
            // One inside of another begins before the end of that.
            if range.start >= from {
                seen.push_str(&self.text[from..range.start]);
                from = range.end;
            }
        }
        seen.push_str(&self.text[from..part.end]);
        seen
    }

    /// A tag or comment has ended with the last byte.
    fn meet(&mut self, found: &Found) {
        match found {
            Found::Comment(text) => self.meet_comment(text),
            Found::Tag(tag) if &*tag.name == "template" => self.meet_template(tag),
            Found::Tag(tag) if &*tag.name == "script" => self.meet_script(tag),
            Found::Tag(_) => {}
        }
    }

    fn meet_comment(&mut self, text: &str) {
        let meaning = comment(text);
        let opened = if text.starts_with('?') { "<?" } else { "<!--" };
        let here = self.last(opened);
        match &meaning {
            Meaning::Content | Meaning::Malformed(_) => return,
            Meaning::Start(name) => self.view = Some(((*name).to_owned(), here.end)),
            Meaning::End => {
                let view = self.view.take();
                self.views
                    .extend(view.map(|(name, from)| (name, from..here.start)));
            }
            _ => {}
        }
        self.hidden.push(here);
    }

    fn meet_template(&mut self, tag: &Tag) {
        let is_end = tag.kind == TagKind::EndTag;
        if is_end && self.templates > 0 {
            self.templates -= 1;
        } else if is_end {
            let end = self.last("</");
            let patch = self.patch.take();
            self.patches
                .extend(patch.map(|(name, start, from)| Arrived {
                    name,
                    whole: start..end.end,
                    content: from..end.start,
                }));
        } else {
            let start = self.last("<template");
            let name = attribute(tag, "for").or_else(|| attribute(tag, "data-for"));
            match name.filter(|_| self.templates == 0 && self.patch.is_none()) {
                Some(name) => self.patch = Some((name.to_owned(), start.start, start.end)),
                None => self.templates += 1,
            }
        }
    }

    fn meet_script(&mut self, tag: &Tag) {
        if tag.kind == TagKind::StartTag {
            let tag_at = self.last("<script");
            let mut names = INSPECTOR.into_iter().chain(["data-w"]);
            let is_hidden = names.any(|name| attribute(tag, name).is_some());
            self.script = Some((tag_at.start, tag_at.end, is_hidden));
        } else if let Some((start, from, is_hidden)) = self.script.take() {
            let end = self.last("</");
            if is_hidden || &self.text[from..end.start] == TRIGGER {
                self.hidden.push(start..end.end);
            }
        }
    }

    /// Where the tag or comment stands that has just ended and begins so.
    fn last(&self, beginning: &str) -> Range<usize> {
        let end = self.text.len();
        self.text.rfind(beginning).unwrap_or(end)..end
    }
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    let mut attributes = tag.attrs.iter();
    attributes
        .find(|attribute| &*attribute.name.local == name)
        .map(|attribute| &*attribute.value)
}

/// A tag or a comment.
enum Found {
    Tag(Tag),
    Comment(StrTendril),
}

/// Keeps the last tag or comment.
#[derive(Default)]
struct Sink(RefCell<Option<Found>>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut then = TokenSinkResult::Continue;
        let found = match token {
            Token::TagToken(tag) => {
                // `/>` closes at once in SVG alone, but nobody writes it elsewhere.
                if tag.kind == TagKind::StartTag && !tag.self_closing {
                    then = after(&tag.name);
                }
                Found::Tag(tag)
            }
            Token::CommentToken(text) => Found::Comment(text),
            _ => return then,
        };
        self.0.replace(Some(found));
        then
    }
}

/// How the text inside of an element is read.
fn after(element: &str) -> TokenSinkResult<()> {
    match element {
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" | "noscript" => {
            TokenSinkResult::RawData(RawKind::Rawtext)
        }
        "textarea" | "title" => TokenSinkResult::RawData(RawKind::Rcdata),
        _ => TokenSinkResult::Continue,
    }
}
