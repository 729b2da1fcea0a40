//! HTML files as constants.

use std::path::Path;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::Ident;

use super::modules::absolute;
use crate::model::{File, Segment};
use crate::names::ident;
use crate::role::Role;
use crate::template::{Piece, Template};

/// The module of constants, if there are HTML files. A layout is cut into pieces; other files
/// are included as they are.
pub(super) fn constants(root: &Segment, package: &Path) -> Option<TokenStream> {
    let mut constants = Vec::new();
    for segment in root.walk() {
        for (role, file) in &segment.files {
            if let File::Html(template) = file {
                constants.push(constant(segment, *role, template, package));
            }
        }
    }
    let imports = root
        .walk()
        .into_iter()
        .any(|segment| matches!(segment.file(Role::Layout), Some(File::Html(_))));
    let imports = imports.then(|| quote! { use super::Piece; });
    (!constants.is_empty()).then(|| quote! { mod html { #imports #(#constants)* } })
}

/// The path of the constant of a file.
pub(super) fn path(segment: &Segment, role: Role) -> TokenStream {
    let name = name(segment, role);
    quote! { html::#name }
}

fn constant(segment: &Segment, role: Role, template: &Template, package: &Path) -> TokenStream {
    let name = name(segment, role);
    if role == Role::Layout {
        let pieces = template.pieces().into_iter().map(|piece| match piece {
            Piece::Text(text) => {
                let text = readable(text);
                quote! { Piece::Text(#text) }
            }
            Piece::Head => quote! { Piece::Head },
            Piece::Children => quote! { Piece::Children },
        });
        quote! { pub(super) const #name: &[Piece] = &[#(#pieces),*]; }
    } else if template.marked {
        // The file itself would bring its byte order mark.
        let text = readable(template.text());
        quote! { pub(super) const #name: &str = #text; }
    } else {
        let path = absolute(package, &template.path);
        quote! { pub(super) const #name: &str = include_str!(#path); }
    }
}

fn name(segment: &Segment, role: Role) -> Ident {
    // Two underscores, so that the file of one folder is never called like the folder of another.
    let folders = segment.module.iter().map(String::as_str);
    let parts: Vec<_> = folders.chain([role.module()]).collect();
    ident(&parts.join("__").to_uppercase())
}

/// A literal that keeps its lines where Rust has one.
fn readable(text: &str) -> Literal {
    let literal = if text.contains(['"', '\\']) {
        // One more than ever follow a quote.
        let runs = text.split('"').skip(1);
        let longest = runs.map(|after| after.len() - after.trim_start_matches('#').len());
        let hashes = "#".repeat(longest.max().map_or(0, |longest| longest + 1));
        format!("r{hashes}\"{text}\"{hashes}")
    } else {
        format!("\"{text}\"")
    };
    match literal.parse() {
        // As it is, a literal cannot hold a carriage return.
        Ok(literal) if !text.contains('\r') => literal,
        _ => Literal::string(text),
    }
}
