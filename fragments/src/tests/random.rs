//! Random texts, made of what parsers stumble over.

use super::holds;
use super::hostile::PIECES;
use crate::parse::parse;
use crate::print::print;
use crate::settle::ROUNDS;

const TAGS: &[&str] = &[
    "a",
    "b",
    "i",
    "nobr",
    "p",
    "div",
    "h1",
    "li",
    "ul",
    "dd",
    "dl",
    "table",
    "tbody",
    "tr",
    "td",
    "caption",
    "col",
    "form",
    "button",
    "select",
    "option",
    "optgroup",
    "input",
    "textarea",
    "title",
    "style",
    "script",
    "noscript",
    "iframe",
    "template",
    "svg",
    "math",
    "desc",
    "foreignObject",
    "mi",
    "mtext",
    "mglyph",
    "annotation-xml",
    "pre",
    "br",
    "plaintext",
    "font",
    "object",
    "ruby",
    "rt",
    "rp",
    "x-y",
    "frameset",
    "html",
    "body",
    "head",
    "hr",
    "xmp",
    "image",
];

const ATTRIBUTES: &[&str] = &[
    "",
    " a",
    " a=b",
    " a='c'",
    " for=0",
    " encoding=text/html",
    " color=a",
    " a=\"",
    " id=$a",
    " xlink:href=d",
    " definitionurl=e",
    "/",
    " <",
    " name=body",
];

const TEXTS: &[&str] = &[
    "x",
    " ",
    "\n",
    "&lt;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "\"",
    "'",
    ">",
    "<",
    "\0",
    "\r",
    "&#13;",
    "é",
    "</",
    "<?start name=\"1\">",
    "<?end>",
    "<!--$a-->",
];

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    fn pick(&mut self, choices: &[&'static str]) -> &'static str {
        choices[self.below(choices.len())]
    }

    fn html(&mut self) -> String {
        let mut html = String::new();
        for _ in 0..=self.below(14) {
            match self.below(10) {
                0..5 => {
                    let (tag, attribute) = (self.pick(TAGS), self.pick(ATTRIBUTES));
                    html.push_str(&format!("<{tag}{attribute}>"));
                }
                5..7 => html.push_str(&format!("</{}>", self.pick(TAGS))),
                7..9 => html.push_str(self.pick(TEXTS)),
                _ => html.push_str(self.pick(PIECES)),
            }
        }
        html
    }
}

#[test]
fn whatever_the_text_is() {
    for seed in 0..20_000 {
        let raw = Random(seed).html();
        holds(&raw);
    }
}

#[test]
fn every_text_comes_to_rest() {
    for seed in 0..20_000 {
        let raw = Random(seed).html();
        let mut html = raw.clone();
        let is_settled = (0..ROUNDS).any(|_| {
            let printed = print(&parse(&html).tree, usize::MAX).expect("there is no limit");
            let before = std::mem::replace(&mut html, printed.html);
            !printed.has_dropped && html == before
        });
        assert!(is_settled, "{raw:?} would be shown as plain text");
    }
}
