//! The function that describes the handlers below a folder for clients.

use proc_macro2::TokenStream;
use quote::quote;

use super::modules::export;
use crate::names::ident;
use crate::role::Role;
use crate::route::{METHODS, Route};

/// The function for the handlers in a folder and below.
pub(super) fn function(routes: &[Route<'_>], folder: &str) -> TokenStream {
    let mut document = quote! {
        ::anabranch::openapi::Document::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };
    let mut conditional = Vec::new();
    for route in routes.iter().filter(|route| route.is_described(folder)) {
        for (condition, operation) in operations(route) {
            if condition.is_empty() {
                document.extend(operation);
            } else {
                conditional.push(quote! { #condition let document = document #operation; });
            }
        }
    }
    let document = match conditional.is_empty() {
        true => document,
        false => quote! { let document = #document; #(#conditional)* document },
    };
    let doc = format!(" What the handlers in {folder}/ take and answer, for clients.");
    quote! {
        #[doc = #doc]
        pub fn openapi() -> ::anabranch::openapi::Document {
            #document
        }
    }
}

/// The handlers of a route: under which condition they are there, and the calls that add them.
fn operations(route: &Route<'_>) -> Vec<(TokenStream, TokenStream)> {
    let Some(source) = route.source() else {
        return Vec::new();
    };
    let pattern = route.pattern();
    let methods = METHODS.into_iter().filter(|method| source.has(method));
    let operations = methods.map(|method| {
        let handler = export(route.leaf(), Role::Route, method);
        let docs = source.docs(method);
        let name = ident(method);
        let operation = quote! { .#name(#pattern, #docs, &#handler) };
        (source.condition(method), operation)
    });
    operations.collect()
}
