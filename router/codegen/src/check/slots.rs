//! Slots: where a layout places its children and the head.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use super::types::{is, name};
use crate::diagnostic::Diagnostic;
use crate::role::Role;
use crate::source::{Export, Source};

pub(super) fn check(role: Role, source: &Source, told: &mut Vec<Diagnostic>) {
    if role == Role::Layout {
        told.extend(
            source
                .exports("render")
                .flat_map(|render| forgotten(source, render)),
        );
    }
}

/// Arguments that are placed without waiting for them, or with their `Result` around them.
fn forgotten(source: &Source, render: &Export) -> Vec<Diagnostic> {
    let signature = render.signature.iter();
    let inputs = signature.flat_map(|signature| &signature.inputs);
    let slots = inputs.filter(|one| is(one, "Children") || is(one, "PageHead"));
    let told = slots.filter_map(name).filter_map(|name| {
        let mut uses = Uses::default();
        uses.find(render.body.clone(), name, false);
        // Any other use may give the name another meaning.
        let placed = uses.placed.first()?;
        (uses.all == uses.placed.len()).then(|| {
            let message = match placed.awaited {
                false => format!("`{name}` is placed, but not awaited"),
                true => format!("`{name}` is awaited, but placed without `?`"),
            };
            Diagnostic::error(message)
                .at(source.place(placed.name.span()))
                .help(format!("write `({name}.await?)`"))
        })
    });
    told.collect()
}

/// Where a name stands in the body of a function.
#[derive(Default)]
struct Uses {
    all: usize,
    /// Alone in parentheses, where markup is.
    placed: Vec<Placed>,
}

struct Placed {
    name: Ident,
    awaited: bool,
}

impl Uses {
    fn find(&mut self, tokens: TokenStream, name: &Ident, markup: bool) {
        let mut before = [None, None];
        for token in tokens {
            match &token {
                TokenTree::Ident(ident) => self.all += usize::from(ident == name),
                TokenTree::Group(group) => {
                    let html = is_html(&before);
                    let alone = match &before[1] {
                        Some(TokenTree::Ident(_)) => false,
                        Some(TokenTree::Punct(mark)) => mark.as_char() == ';',
                        _ => true,
                    };
                    if markup && alone && group.delimiter() == Delimiter::Parenthesis {
                        self.placed.extend(only(group.stream(), name));
                    }
                    // `head { … }` is an element.
                    let element = match &before {
                        [Some(TokenTree::Ident(_)), _] => false,
                        [_, Some(TokenTree::Ident(ident))] => ident == name,
                        _ => false,
                    };
                    if markup && element && group.delimiter() == Delimiter::Brace {
                        self.all -= 1;
                    }
                    self.find(group.stream(), name, markup || html);
                }
                _ => {}
            }
            before = [before[1].take(), Some(token)];
        }
    }
}

/// Whether the tokens before a group make it the argument of `html!`.
fn is_html(before: &[Option<TokenTree>; 2]) -> bool {
    match before {
        [Some(TokenTree::Ident(name)), Some(TokenTree::Punct(mark))] => {
            name == "html" && mark.as_char() == '!'
        }
        _ => false,
    }
}

/// The name, or its `.await`, if the tokens are nothing else.
fn only(tokens: TokenStream, name: &Ident) -> Option<Placed> {
    let mut tokens = tokens.into_iter();
    let name = match tokens.next() {
        Some(TokenTree::Ident(ident)) if ident == *name => ident,
        _ => return None,
    };
    let awaited = match (tokens.next(), tokens.next(), tokens.next()) {
        (None, ..) => false,
        (Some(TokenTree::Punct(dot)), Some(TokenTree::Ident(word)), None)
            if dot.as_char() == '.' && word == "await" =>
        {
            true
        }
        _ => return None,
    };
    Some(Placed { name, awaited })
}
