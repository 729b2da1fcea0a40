//! Arguments: which a function of each role takes, in which order.

use syn::{FnArg, Type};

use super::signature::{Callable, Check};
use super::types::{body, code, foreign, is, is_unknown, name, optional, plain, raw, type_of};
use crate::diagnostic::Diagnostic;

/// How many extractors a function may have. axum's handlers may have twice as many.
const EXTRACTORS: usize = 8;

impl Check<'_> {
    /// What is wrong with the arguments.
    pub(super) fn arguments(&self) -> Vec<Diagnostic> {
        let mut told = match self.callable {
            Callable::Loading | Callable::NotFound => return Vec::from_iter(self.no_arguments()),
            Callable::Error => return Vec::from_iter(self.one_error()),
            Callable::Layout => self.layout_arguments(),
            Callable::Middleware => Vec::from_iter(self.request_last()),
            Callable::Head => Vec::from_iter(self.no_children()),
            Callable::Page => [self.no_children(), self.body_last()]
                .into_iter()
                .flatten()
                .collect(),
            Callable::Method => Vec::from_iter(self.body_last()),
        };
        told.extend(self.extractors());
        told
    }

    fn no_arguments(&self) -> Option<Diagnostic> {
        let argument = self.signature.inputs.first()?;
        let noun = self.callable.noun();
        let error = self.error(argument, format!("{noun} takes no arguments"));
        Some(error.help(self.example()))
    }

    fn one_error(&self) -> Option<Diagnostic> {
        let inputs = &self.signature.inputs;
        let message = match (inputs.first(), inputs.len()) {
            (Some(FnArg::Typed(argument)), 1) => match &*argument.ty {
                Type::Path(_) if is(inputs.first()?, "Error") => {
                    "an error view takes the error by reference"
                }
                _ => return None,
            },
            _ => "an error view takes the error and nothing else",
        };
        let error = match inputs.is_empty() {
            true => self.error(&self.signature.ident, message),
            false => self.error(inputs, message),
        };
        Some(error.help(self.example()))
    }

    fn layout_arguments(&self) -> Vec<Diagnostic> {
        let inputs = &self.signature.inputs;
        let mut told = Vec::new();
        let place = |name| inputs.iter().position(|argument| is(argument, name));
        match place("Children") {
            Some(0) => {}
            Some(nth) => told.push(
                self.error(
                    &inputs[nth],
                    "`Children` must be the first argument of a layout",
                )
                .help(self.in_order()),
            ),
            None if inputs.iter().any(is_markup) => {
                let markup = inputs.iter().filter(|argument| is_markup(argument));
                told.extend(markup.map(|argument| {
                    self.error(argument, "what is below a layout comes as `Children`")
                        .help("take `children: Children` as the first argument and place `(children.await?)`")
                }));
            }
            // The first may be `Children` by another name.
            None if inputs.first().and_then(type_of).is_some_and(is_unknown) => {}
            None => told.push(
                self.error(
                    &self.signature.ident,
                    "the layout takes no `Children`, so no page would show",
                )
                .help(format!("{} and place `(children.await?)`", self.example())),
            ),
        }
        if let Some(nth) = place("PageHead").filter(|nth| *nth > 1) {
            let message = "`PageHead` must be the second argument of a layout";
            // The order of both is told already.
            if place("Children").is_none_or(|children| children == 0) {
                told.push(self.error(&inputs[nth], message).help(self.in_order()));
            }
        }
        told
    }

    /// The layout's signature, with its arguments in the order that is right.
    fn in_order(&self) -> String {
        let mut inputs: Vec<_> = self.signature.inputs.iter().collect();
        inputs.sort_by_key(|argument| {
            let first = ["Children", "PageHead"];
            let place = first.iter().position(|name| is(argument, name));
            place.unwrap_or(first.len())
        });
        let inputs: Vec<_> = inputs.into_iter().map(code).collect();
        let inputs = inputs.join(", ");
        format!("write `pub async fn render({inputs}) -> Result`")
    }

    fn request_last(&self) -> Option<Diagnostic> {
        let inputs = &self.signature.inputs;
        if let Some(next) = inputs.iter().find(|argument| is(argument, "Next")) {
            let error = self.error(
                next,
                "there is no `Next`: a middleware returns the request to go on",
            );
            return Some(error.help(self.example()));
        }
        match inputs.iter().position(|argument| is(argument, "Request")) {
            Some(nth) if nth + 1 == inputs.len() => None,
            Some(nth) => {
                let error = self.error(
                    &inputs[nth],
                    "`Request` must be the last argument of a middleware",
                );
                Some(error.help("put what is extracted from the request before it"))
            }
            None if inputs.last().and_then(type_of).is_some_and(is_unknown) => None,
            None => {
                let error = self.error(&self.signature.ident, "the middleware takes no `Request`");
                Some(error.help(self.example()))
            }
        }
    }

    fn no_children(&self) -> Option<Diagnostic> {
        let mut inputs = self.signature.inputs.iter();
        let noun = self.callable.noun();
        inputs.find_map(|argument| {
            let name = ["Children", "PageHead"]
                .into_iter()
                .find(|name| is(argument, name))?;
            let error = self.error(
                argument,
                format!("{noun} takes no `{name}`: only a layout does"),
            );
            Some(error.help(match name {
                "Children" => "move it to `layout.rs`",
                _ => "to set a title, write `pub async fn head() -> Result<Head>` beside the page",
            }))
        })
    }

    /// The body can be taken once, after all else.
    fn body_last(&self) -> Option<Diagnostic> {
        let inputs = &self.signature.inputs;
        let mut before = inputs.iter().take(inputs.len().saturating_sub(1));
        before.find_map(|argument| {
            let of = type_of(argument)?;
            let name = body(self.source, of)?;
            // A page's is told as what it is: no extractor.
            if self.is_shown() && raw(self.source, of).is_some() {
                return None;
            }
            let message = format!("`{name}` takes the body, so it must be the last argument");
            let error = self.error(argument, message);
            let is_body =
                |argument| type_of(argument).is_some_and(|of| body(self.source, of).is_some());
            Some(error.help(match inputs.last().is_some_and(is_body) {
                true => "a request has one body: take it once",
                false => "put what is extracted from the rest of the request before it",
            }))
        })
    }

    /// What can be no extractor here, and how many there may be.
    fn extractors(&self) -> Vec<Diagnostic> {
        let given: &[&str] = match self.callable {
            Callable::Middleware => &["Request"],
            Callable::Method => &[],
            _ => &["Children", "PageHead"],
        };
        let inputs = &self.signature.inputs;
        let own = inputs
            .iter()
            .filter(|argument| !given.iter().any(|name| is(argument, name)));
        let mut told: Vec<_> = own
            .clone()
            .filter_map(|argument| self.extractor(argument))
            .collect();
        let (count, most) = match self.callable {
            Callable::Method => (own.count(), 2 * EXTRACTORS),
            _ => (own.count(), EXTRACTORS),
        };
        if count > most {
            let message = format!("{count} extractors are too many: {most} is the limit");
            let help = "join some of them: a tuple of extractors is an extractor";
            told.push(self.error(inputs, message).help(help));
        }
        told
    }

    /// A type that is no extractor, or one of axum that needs axum's own routing.
    fn extractor(&self, argument: &FnArg) -> Option<Diagnostic> {
        let of = type_of(argument)?;
        // Told as what it is meant for.
        if self.callable == Callable::Layout && is_markup(argument) {
            return None;
        }
        if let Some((path, name)) = foreign(self.source, of) {
            let ours = if name == "MatchedPath" {
                "MatchedRoute"
            } else {
                "Path"
            };
            let error = self.error(of, format!("axum's `{name}` knows nothing of this route"));
            return Some(error.help(match path.segments.len() {
                1 => format!("Anabranch's `{ours}` is in the prelude: remove the import of axum's"),
                _ => {
                    let written = code(&path.segments.last()).replacen(name, ours, 1);
                    format!("write `{written}`: Anabranch's is in the prelude")
                }
            }));
        }
        if matches!(of, Type::Reference(_)) {
            let error = self.error(argument, "a reference is no extractor: arguments are owned");
            return Some(error.help("remove the `&`, and extract what the function needs"));
        }
        let inner = optional(self.source, of).unwrap_or(of);
        let raw = raw(self.source, inner).filter(|_| self.is_shown());
        let name = plain(inner).or_else(|| raw.map(str::to_owned))?;
        let error = self.error(argument, format!("`{}` is no extractor", code(of)));
        Some(error.help(match raw {
            Some("Bytes" | "Vec<u8>") => "a page is asked for without a body: `post` in a \
                                          `route.rs` takes one"
                .to_owned(),
            _ => format!(
                "write `Path(…): Path<{name}>` for a part of the URL; `Query`, `State` and others \
                 take it from elsewhere"
            ),
        }))
    }

    /// Whether it is part of what GET shows. There is no body then, so what would be taken as
    /// one is empty, and was meant otherwise.
    fn is_shown(&self) -> bool {
        matches!(
            self.callable,
            Callable::Page | Callable::Head | Callable::Layout
        )
    }
}

/// Whether an argument of a layout is meant to be what is below it, as text that is there.
fn is_markup(argument: &FnArg) -> bool {
    let is_text = || ["String", "str"].iter().any(|name| is(argument, name));
    is(argument, "Markup")
        || is(argument, "PreEscaped")
        || (name(argument).is_some_and(|name| name == "children") && is_text())
}
