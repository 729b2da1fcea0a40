//! Emit: the generated code of a tree that was checked.

mod href;
mod html;
mod modules;
mod openapi;
mod pages;
mod pretty;
mod table;

use std::path::Path;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use crate::model::Segment;
use crate::route::{Route, routes, unmatched};
use pages::Pages;
pub(crate) use table::Public;

/// What the generated code may use of the runtime. Only what it uses is imported.
const RUNTIME: [&str; 9] = [
    "Answer", "Embedded", "Leaf", "Piece", "Public", "Router", "Routes", "Views", "Visit",
];

/// How to read the generated code.
const LEGEND: &str = "\
//
// `routes` has what answers each URL. A number is how many of the URL's parameters a file sees:
// those of its own folder and of the folders above. `middleware_below(f, …)` runs a middleware;
// `f` renders what it fails with, inside of the layouts above it.
// The function of a page first takes what its files extract from the request: `.await?` waits for
// extractors and ends where one rejects. Nothing renders before `visit.answer`; the lines above it
// put the content into views and layouts, from the inside out.
";

/// The code of a tree. `described` is the folder whose handlers are described for clients.
pub(crate) fn app(
    root: &Segment,
    package: &Path,
    public: &Public,
    described: Option<&str>,
) -> String {
    let routes = routes(root);
    let unmatched = unmatched(root);
    let pages = Pages::new(&routes, &unmatched);
    let code = [
        table::functions(&pages, package, public),
        described
            .map(|folder| openapi::function(&routes, folder))
            .unwrap_or_default(),
        pages.functions(),
        modules::modules(root, package),
        href::builders(&routes),
    ];
    let code: TokenStream = code.into_iter().collect();
    let constants = html::constants(root, package).unwrap_or_default();
    let text = format!("{code} {constants}");
    let used = RUNTIME.iter().filter(|name| {
        let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words.any(|word| word == **name)
    });
    let used = used.map(|name| format_ident!("{name}"));
    pretty::print(
        &root.folder,
        LEGEND,
        quote! {
            use ::anabranch::app::{#(#used),*};
            #code
        },
        constants,
    )
}

/// The code of a tree with errors: it does not compile and says why, but the user's files are
/// modules of it, so that an editor can help to mend them.
pub(crate) fn broken(root: Option<&Segment>, folder: &str, package: &Path) -> String {
    let message = format!("{folder}/ has errors; the build script names them");
    let modules = root.map(|root| modules::modules(root, package));
    pretty::print(
        folder,
        "",
        quote! {
            ::core::compile_error!(#message);

            pub fn router() -> ::anabranch::app::Router<State> {
                routes().into_router()
            }

            pub fn routes() -> ::anabranch::app::Routes<State> {
                ::anabranch::app::Routes::new()
            }

            #modules
        },
        TokenStream::new(),
    )
}

/// How many parameters the nth segment of a route sees.
fn visible(route: &Route<'_>, nth: usize) -> Literal {
    Literal::usize_unsuffixed(route.parameters_at(nth))
}
