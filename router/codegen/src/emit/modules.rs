//! The user's files as modules, in a tree like that of the folders.

use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{File, Segment};
use crate::names::ident;
use crate::role::Role;

/// The modules of a segment and of those below it. A module is named for its file or folder, and
/// its path is absolute, because the generated file is far from the user's.
pub(super) fn modules(segment: &Segment, package: &Path) -> TokenStream {
    let sources = segment.files.iter().filter_map(|(role, file)| match file {
        File::Rust(source) => {
            let path = absolute(package, &source.path);
            let name = ident(role.module());
            Some(quote! { #[path = #path] pub mod #name; })
        }
        File::Html(_) => None,
    });
    let children = segment.children.iter().filter(|child| has_sources(child));
    let children = children.map(|child| {
        let repeated = name_of(child) == name_of(segment);
        let allow = repeated.then(|| quote! { #[allow(clippy::module_inception)] });
        let name = ident(name_of(child));
        let modules = modules(child, package);
        quote! { #allow pub mod #name { #modules } }
    });
    quote! { #(#sources)* #(#children)* }
}

/// The name of the module of a segment. That of the root is the runtime's.
fn name_of(segment: &Segment) -> &str {
    segment.module.last().map_or("app", String::as_str)
}

fn has_sources(segment: &Segment) -> bool {
    let mut files = segment.files.values();
    files.any(|file| matches!(file, File::Rust(_))) || segment.children.iter().any(has_sources)
}

/// The path of an export.
pub(super) fn export(segment: &Segment, role: Role, name: &str) -> TokenStream {
    let modules = segment.module.iter().map(String::as_str);
    let path = modules.chain([role.module(), name]).map(ident);
    quote! { #(#path)::* }
}

/// A file of the package by its absolute path, spelt as the platform does.
pub(super) fn absolute(package: &Path, path: &str) -> String {
    let absolute: PathBuf = package.join(path).components().collect();
    absolute.to_string_lossy().into_owned()
}
