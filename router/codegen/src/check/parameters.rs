//! Parameters: whether a file sees as many of them as its `Path` wants.

use syn::spanned::Spanned;
use syn::{FnArg, Type};

use super::types::{parameters, plain, type_of};
use crate::diagnostic::Diagnostic;
use crate::model::{File, Segment};
use crate::role::Role;
use crate::route::{METHODS, chains};
use crate::source::Source;

pub(super) fn check(root: &Segment, told: &mut Vec<Diagnostic>) {
    for route in chains(root) {
        let names = route.chain().iter();
        let names: Vec<_> = names.filter_map(|one| one.kind.parameter()).collect();
        for (role, file) in &route.leaf().files {
            if let File::Rust(source) = file {
                let arguments = arguments(*role, source);
                let folder = &route.leaf().folder;
                told.extend(arguments.filter_map(|one| unseen(source, one, folder, &names)));
            }
        }
    }
}

/// The arguments of all functions that may take a `Path`.
fn arguments(role: Role, source: &Source) -> impl Iterator<Item = &FnArg> {
    let names: &[&str] = match role {
        Role::Page | Role::Layout => &["render", "head"],
        Role::Middleware => &["handle"],
        Role::Route => &METHODS,
        Role::Loading | Role::Error | Role::NotFound => &[],
    };
    let exports = names.iter().flat_map(|name| source.exports(name));
    let signatures = exports.filter_map(|export| export.signature.as_ref());
    signatures.flat_map(|signature| &signature.inputs)
}

/// A `Path` that wants more parameters than there are.
fn unseen(source: &Source, argument: &FnArg, folder: &str, names: &[&str]) -> Option<Diagnostic> {
    let Type::Path(of) = type_of(argument)? else {
        return None;
    };
    if !source.is_ours(&of.path, "Path") {
        return None;
    }
    let count = wanted(source, parameters(&of.path).first()?);
    if count <= names.len() {
        return None;
    }
    let place = source.place(of.span());
    let help = "a file sees the parameters of the folders that it is in";
    if names.is_empty() {
        let error = Diagnostic::error("no parameter of the URL is visible here").at(place);
        return Some(error.help(format!("{help}, and `{folder}` is in none like `[id]`")));
    }
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let message = format!(
        "this `Path` wants {count} parameters, and {} visible here: {}",
        match names.len() {
            1 => "1 is".to_owned(),
            more => format!("{more} are"),
        },
        names.join(", ")
    );
    Some(Diagnostic::error(message).at(place).help(help))
}

/// How many parameters a type is surely made of.
fn wanted(source: &Source, of: &Type) -> usize {
    match of {
        Type::Tuple(tuple) => tuple.elems.len(),
        Type::Path(path) => {
            let name = source.path_of(&path.path);
            let known = ["String", "Vec", "Option"].contains(&name.as_str());
            usize::from(plain(of).is_some() || known && source.leaves(&name))
        }
        _ => 0,
    }
}
