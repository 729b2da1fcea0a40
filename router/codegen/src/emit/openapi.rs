//! The function that describes the handlers below a folder for clients.

use proc_macro2::TokenStream;
use quote::quote;

use super::modules::export;
use crate::names::ident;
use crate::role::Role;
use crate::route::{METHODS, Route};

/// The function for the handlers in a folder and below.
pub(super) fn function(routes: &[Route<'_>], folder: &str) -> TokenStream {
    let described = routes.iter().filter(|route| route.is_described(folder));
    let operations = described.flat_map(operations);
    let doc = format!(" What the handlers in {folder}/ take and answer, for clients.");
    quote! {
        #[doc = #doc]
        pub fn openapi() -> ::anabranch::openapi::Document {
            let document = ::anabranch::openapi::Document::new(
                env!("CARGO_PKG_NAME"),
                env!("CARGO_PKG_VERSION"),
            );
            #(#operations)*
            document
        }
    }
}

fn operations(route: &Route<'_>) -> Vec<TokenStream> {
    let Some(source) = route.source() else {
        return Vec::new();
    };
    let pattern = route.pattern();
    let methods = METHODS.into_iter().filter(|method| source.has(method));
    let operations = methods.map(|method| {
        let handler = export(route.leaf(), Role::Route, method);
        let docs = source.docs(method);
        let name = ident(method);
        let condition = source.condition(method);
        quote! { #condition let document = document.#name(#pattern, #docs, &#handler); }
    });
    operations.collect()
}
