//! Typed URL builders: a function for each URL, in modules like the folders without groups.

use proc_macro2::TokenStream;
use quote::quote;

use crate::names::{Names, ident};
use crate::route::Route;
use crate::segment::SegmentKind;

/// The module of URL builders.
pub(super) fn builders(routes: &[Route<'_>]) -> TokenStream {
    let mut root = Node::new(SegmentKind::Root);
    for route in routes {
        let segments = route.chain().iter().map(|segment| &segment.kind);
        root.insert(segments.filter(|kind| kind.pattern().is_some()));
    }
    let mut names = Names::default();
    let index = root.answers.then(|| {
        let name = ident(&names.take("index"));
        quote! {
            /// `/`
            pub fn #name() -> Href {
                Href::new("/")
            }
        }
    });
    let below = root.below(names, &[]);
    let imports = root.imports(false);
    quote! {
        /// Links that cannot rot: the URLs of all pages and routes.
        #[allow(dead_code)]
        pub mod href {
            #imports
            #index
            #below
        }
    }
}

/// A part of the URL with what is below it, whichever folders it comes from.
struct Node {
    kind: SegmentKind,
    answers: bool,
    children: Vec<Node>,
}

impl Node {
    fn new(kind: SegmentKind) -> Self {
        Self {
            kind,
            answers: false,
            children: Vec::new(),
        }
    }

    fn insert<'a>(&mut self, mut segments: impl Iterator<Item = &'a SegmentKind>) {
        let Some(kind) = segments.next() else {
            self.answers = true;
            return;
        };
        // An optional catch-all answers without a segment, too.
        self.answers |= matches!(kind, SegmentKind::OptionalCatchAll(_));
        let nth = self.children.iter().position(|child| child.kind == *kind);
        let nth = nth.unwrap_or_else(|| {
            self.children.push(Self::new(kind.clone()));
            // Static segments come first and get the better names.
            self.children.sort_by(|a, b| a.kind.cmp(&b.kind));
            let mut children = self.children.iter();
            children
                .position(|child| child.kind == *kind)
                .unwrap_or_default()
        });
        self.children[nth].insert(segments);
    }

    /// The functions and modules of the segments below, given those that lead here.
    fn below(&self, mut names: Names, path: &[&SegmentKind]) -> TokenStream {
        let mut code = TokenStream::new();
        for child in &self.children {
            let name = ident(&names.take(match &child.kind {
                SegmentKind::Static(name) => name,
                other => other.parameter().unwrap_or_default(),
            }));
            let path: Vec<_> = path.iter().copied().chain([&child.kind]).collect();
            if child.answers {
                code.extend(function(&name, &path));
            }
            if !child.children.is_empty() {
                let below = child.below(Names::default(), &path);
                let imports = child.imports(path.iter().any(|kind| kind.parameter().is_some()));
                code.extend(quote! { pub mod #name { #imports #below } });
            }
        }
        code
    }

    /// The imports of the module for what is below, which must use all of them.
    fn imports(&self, has_parameters: bool) -> TokenStream {
        let answering = self.children.iter().filter(|child| child.answers);
        let mut parameters = answering
            .clone()
            .map(|child| child.kind.parameter().is_some());
        let display =
            (has_parameters && answering.clone().next().is_some()) || parameters.any(|has| has);
        let display = display.then(|| quote! { use ::std::fmt::Display; });
        let index = self.kind == SegmentKind::Root && self.answers;
        let href = (index || answering.clone().next().is_some())
            .then(|| quote! { use ::anabranch::app::Href; });
        quote! { #href #display }
    }
}

fn function(name: &syn::Ident, path: &[&SegmentKind]) -> TokenStream {
    let mut names = Names::default();
    let mut arguments = Vec::new();
    let mut body = TokenStream::new();
    let mut literal = String::new();
    let mut values = Vec::new();
    // Static segments are plain characters, so they need no encoding.
    for kind in path {
        let Some(parameter) = kind.parameter() else {
            literal.push('/');
            literal.push_str(&kind.pattern().unwrap_or_default());
            continue;
        };
        flush(&mut literal, &mut body);
        let argument = ident(&names.take(parameter));
        if kind.is_catch_all() {
            values.push(r#"["a", "b c"]"#.to_owned());
            arguments.push(quote! { #argument: impl IntoIterator<Item = impl Display> });
            body.extend(quote! { .segments(#argument) });
        } else {
            values.push(argument.to_string());
            arguments.push(quote! { #argument: impl Display });
            body.extend(quote! { .segment(#argument) });
        }
    }
    if !literal.is_empty() {
        flush(&mut literal, &mut body);
    }
    let pattern: Vec<_> = path.iter().filter_map(|kind| kind.pattern()).collect();
    let doc = format!(" `/{}`", pattern.join("/"));
    let takes_segments = path.iter().any(|kind| kind.is_catch_all());
    let example = takes_segments.then(|| {
        let example = format!(
            " The rest is given in segments: `{name}({})`.",
            values.join(", ")
        );
        quote! { #[doc = ""] #[doc = #example] }
    });
    quote! {
        #[doc = #doc]
        #example
        pub fn #name(#(#arguments),*) -> Href {
            #body
        }
    }
}

/// Appends the static segments gathered so far.
fn flush(literal: &mut String, body: &mut TokenStream) {
    let path = std::mem::take(literal);
    if body.is_empty() {
        let path = if path.is_empty() { "/" } else { &path };
        body.extend(quote! { Href::new(#path) });
    } else if !path.is_empty() {
        body.extend(quote! { .literal(#path) });
    }
}
