//! The table of routes.

use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::modules::{absolute, export};
use super::pages::{self, Pages};
use super::visible;
use crate::model::File;
use crate::names::ident;
use crate::role::Role;
use crate::route::{METHODS, Route};
use crate::scan::Folder;

/// Where static files come from.
#[derive(Debug)]
pub(crate) enum Public {
    /// A folder of the package, read at run time.
    Folder(String),
    /// The files that were there at build time.
    Embedded(Folder),
}

pub(super) fn functions(pages: &Pages<'_>, package: &Path, public: &Public) -> TokenStream {
    let routes = pages.routes.iter().map(|(page, route)| {
        let pattern = route.pattern();
        let leaf = leaf(pages, route, page.as_ref());
        quote! { .route(#pattern, #leaf) }
    });
    let unmatched = pages.unmatched.iter().map(|(name, route)| {
        let pattern = route.pattern();
        let middleware = middleware(pages, route);
        quote! { .unmatched(#pattern, Leaf::new() #middleware .page(#name)) }
    });
    let public = self::public(public, package);
    quote! {
        /// The app.
        pub fn router() -> Router<State> {
            routes().into_router()
        }

        /// The app, to be changed before it becomes a router.
        #[allow(clippy::too_many_lines)]
        pub fn routes() -> Routes<State> {
            Routes::new()
                #(#routes)*
                #(#unmatched)*
                .public(#public)
        }
    }
}

fn leaf(pages: &Pages<'_>, route: &Route<'_>, page: Option<&Ident>) -> TokenStream {
    let visible = visible(route, route.chain().len() - 1);
    let middleware = middleware(pages, route);
    let mut leaf = quote! { Leaf::new() #middleware };
    let mut conditional = Vec::new();
    if let (Some(page), Some(file)) = (page, route.leaf().file(Role::Page)) {
        let condition = pages::condition(file);
        if condition.is_empty() {
            leaf.extend(quote! { .page(#page) });
        } else {
            conditional.push(quote! { #condition let leaf = leaf.page(#page); });
        }
    }
    for (source, method) in route
        .source()
        .into_iter()
        .flat_map(|source| METHODS.map(|method| (source, method)))
    {
        if !source.has(method) {
            continue;
        }
        let handler = export(route.leaf(), Role::Route, method);
        let name = ident(method);
        let condition = source.condition(method);
        if condition.is_empty() {
            leaf.extend(quote! { .#name(#visible, #handler) });
        } else {
            conditional.push(quote! { #condition let leaf = leaf.#name(#visible, #handler); });
        }
    }
    match conditional.is_empty() {
        true => leaf,
        false => quote! { { let leaf = #leaf; #(#conditional)* leaf } },
    }
}

/// The middleware of a route, root first.
fn middleware(pages: &Pages<'_>, route: &Route<'_>) -> TokenStream {
    let middleware = route.middleware().map(|(nth, segment)| {
        let visible = visible(route, nth);
        let handle = export(segment, Role::Middleware, "handle");
        let file = segment.file(Role::Middleware).map(File::path);
        match pages.above(route, nth) {
            Some(above) => quote! { .at(#file).middleware_below(#above, #visible, #handle) },
            None => quote! { .at(#file).middleware(#visible, #handle) },
        }
    });
    middleware.collect()
}

fn public(public: &Public, package: &Path) -> TokenStream {
    match public {
        Public::Folder(folder) => {
            quote! { Public::folder(#folder, env!("CARGO_MANIFEST_DIR")) }
        }
        Public::Embedded(folder) => {
            let files = folder.walk().into_iter().map(|file| {
                let url = &file.path[folder.path.len()..];
                let path = absolute(package, &file.path);
                quote! { Embedded::new(#url, include_bytes!(#path)) }
            });
            quote! { Public::embedded(const { &[#(#files),*] }) }
        }
    }
}
