//! Exports: whether a file has the functions that its role asks for.

use syn::spanned::Spanned;
use syn::{ReturnType, Signature, Type};

use super::signature::{Callable, check as check_signature};
use super::types::parameters;
use crate::diagnostic::Diagnostic;
use crate::role::Role;
use crate::route::METHODS;
use crate::source::{Export, Source};
use crate::typo::resembles;

/// `module` is a folder that the file is in and that another file has as a module.
pub(super) fn check(role: Role, source: &Source, module: Option<&str>, told: &mut Vec<Diagnostic>) {
    told.extend(source.mistake.clone());
    told.extend(without_prelude(source));
    let callable = match role {
        Role::Route => return methods(source, module, told),
        Role::Page => Callable::Page,
        Role::Layout => Callable::Layout,
        Role::Loading => Callable::Loading,
        Role::Error => Callable::Error,
        Role::NotFound => Callable::NotFound,
        Role::Middleware => Callable::Middleware,
    };
    required(callable, source, module, told);
    if matches!(role, Role::Page | Role::Layout) {
        optional_head(source, told);
    }
}

/// A `Result` of the standard library that was meant to be Anabranch's, which needs no error.
fn without_prelude(source: &Source) -> Option<Diagnostic> {
    if !source.is_standard("Result") {
        return None;
    }
    let mut results = source.functions().filter_map(|(_, signature)| {
        let ReturnType::Type(_, result) = &signature.output else {
            return None;
        };
        let Type::Path(path) = &**result else {
            return None;
        };
        let bare = path.path.segments.len() == 1 && path.path.segments[0].ident == "Result";
        (bare && parameters(&path.path).len() < 2).then_some(result)
    });
    let first = results.next()?;
    let error = Diagnostic::error("the `Result` of the standard library takes two types")
        .at(source.place(first.span()));
    Some(error.help("write `use anabranch::prelude::*;` at the top: it has Anabranch's `Result`"))
}

/// The one function that a file must have.
fn required(callable: Callable, source: &Source, module: Option<&str>, told: &mut Vec<Diagnostic>) {
    let name = callable.name();
    if source.has(name) {
        each(callable, source, name, told);
    } else if let Some(export) = source.hidden(name).next() {
        told.push(hidden(callable, source, export));
        if let Some(signature) = &export.signature {
            check_signature(callable, source, signature, told);
        }
    } else if !source.opaque {
        let message = format!("this file has no function `{name}`");
        let example = format!("write `{}`", callable.example());
        let meant = source
            .functions()
            .find(|(export, _)| resembles(&export.name, name));
        // A file with one public function surely means that one, if it is a convention file.
        let mut public = source.functions().filter(|(export, _)| export.is_visible());
        let only = public.next().filter(|_| public.next().is_none());
        let meant = meant.or(only.filter(|_| module.is_none()));
        let error = Diagnostic::error(message);
        told.push(match meant {
            Some((export, _)) => error
                .at(source.place(export.span))
                .help(format!("rename `{}` to `{name}`", export.name)),
            None => error.at(&source.path).help(example + &or_rename(module)),
        });
    }
}

fn optional_head(source: &Source, told: &mut Vec<Diagnostic>) {
    each(Callable::Head, source, "head", told);
    told.extend(forgotten(source, &["head"]));
}

/// Advice for a file that is no convention file, in spite of its name.
fn or_rename(module: Option<&str>) -> String {
    let advice = |name| {
        format!(
            "; if the file is a part of the module `{name}`, call that `_{name}`, since a folder \
             with `_` in front is not looked into"
        )
    };
    module.map(advice).unwrap_or_default()
}

/// The functions of a route file.
fn methods(source: &Source, module: Option<&str>, told: &mut Vec<Diagnostic>) {
    for method in METHODS {
        each(Callable::Method, source, method, told);
    }
    if METHODS.into_iter().any(|method| source.has(method)) {
        told.extend(forgotten(source, &METHODS));
        return;
    }
    if let Some(export) = METHODS
        .into_iter()
        .find_map(|method| source.hidden(method).next())
    {
        told.push(hidden(Callable::Method, source, export));
        return;
    }
    if source.mistake.is_some() {
        return;
    }
    let meant = source.functions().find_map(|(export, _)| {
        let near = METHODS
            .into_iter()
            .find(|method| resembles(&export.name, method))?;
        Some((export, near))
    });
    let error = Diagnostic::error("this route answers no method");
    told.push(match meant {
        Some((export, method)) => error
            .at(source.place(export.span))
            .help(format!("rename `{}` to `{method}`", export.name)),
        None if source.opaque => error
            .at(&source.path)
            .help("functions that a macro makes are not seen: import them with `pub use`, by name"),
        None => error.at(&source.path).help(format!(
            "write `{}`, or another of {}{}",
            Callable::Method.example(),
            METHODS.map(|method| format!("`{method}`")).join(", "),
            or_rename(module)
        )),
    });
}

/// Functions that were perhaps meant to be one of these optional exports, but are not.
fn forgotten(source: &Source, wanted: &[&str]) -> Vec<Diagnostic> {
    let told = |(export, signature): (&Export, &Signature)| {
        let name = export.name.as_str();
        // A helper is seldom both public and async; one of these names is seldom both private
        // and async.
        signature.asyncness?;
        let exact = wanted.contains(&name);
        let message = match (exact, export.is_visible()) {
            (true, true) | (false, false) => return None,
            (false, true) if source.uses(name) => return None,
            (true, false) => format!("`{name}` is not public, so nothing calls it"),
            (false, true) => format!("nothing calls `{name}`"),
        };
        let missing = wanted.iter().filter(|wanted| !source.has(wanted));
        let meant = missing.into_iter().find(|wanted| resembles(name, wanted))?;
        let help = match exact {
            true => format!("write `pub async fn {name}`, or give it another name"),
            false => format!("did you mean `{meant}`?"),
        };
        let warning = Diagnostic::warning(message).at(source.place(export.span));
        Some(warning.help(help))
    };
    source.functions().filter_map(told).collect()
}

/// Every export of a name; more than one if each has a condition.
fn each(callable: Callable, source: &Source, name: &str, told: &mut Vec<Diagnostic>) {
    let signatures = source
        .exports(name)
        .filter_map(|export| export.signature.as_ref());
    for signature in signatures {
        check_signature(callable, source, signature, told);
    }
}

/// An export that must be public and is not.
fn hidden(callable: Callable, source: &Source, export: &Export) -> Diagnostic {
    let kind = match (&export.signature, callable.is_async()) {
        (Some(_), true) => "pub async fn",
        (Some(_), false) => "pub fn",
        (None, _) => "pub use",
    };
    let name = &export.name;
    Diagnostic::error(format!("`{name}` is not public"))
        .at(source.place(export.span))
        .help(format!(
            "write `{kind} {name}`: the generated code calls it"
        ))
}
