//! Types as far as their text says which they are.

use syn::spanned::Spanned;
use syn::{FnArg, GenericArgument, Ident, Pat, PathArguments, Signature, Type};

use crate::source::Source;

/// Whether one of the arguments has a type of this name.
pub(super) fn takes(signature: &Signature, name: &str) -> bool {
    signature.inputs.iter().any(|argument| is(argument, name))
}

/// The type of an argument.
pub(super) fn type_of(argument: &FnArg) -> Option<&Type> {
    match argument {
        FnArg::Typed(argument) => Some(&argument.ty),
        FnArg::Receiver(_) => None,
    }
}

/// The name of an argument.
pub(super) fn name(argument: &FnArg) -> Option<&Ident> {
    match argument {
        FnArg::Typed(argument) => match &*argument.pat {
            Pat::Ident(pattern) => Some(&pattern.ident),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    }
}

/// Whether the argument's type, or what it refers to, is called so.
pub(super) fn is(argument: &FnArg, name: &str) -> bool {
    type_of(argument)
        .and_then(last_name)
        .is_some_and(|last| last == name)
}

/// The name of a type without its path and its parameters.
pub(super) fn last_name(of: &Type) -> Option<String> {
    match of {
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        Type::Reference(reference) => last_name(&reference.elem),
        Type::Paren(inner) => last_name(&inner.elem),
        _ => None,
    }
}

/// The types in the angle brackets of a type.
pub(super) fn parameters(of: &syn::Path) -> Vec<&Type> {
    let last = of.segments.last();
    last.map(|last| arguments(&last.arguments))
        .unwrap_or_default()
}

fn arguments(of: &PathArguments) -> Vec<&Type> {
    let PathArguments::AngleBracketed(inner) = of else {
        return Vec::new();
    };
    let types = inner.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(of) => Some(of),
        _ => None,
    });
    types.collect()
}

/// The code of something, on one line.
pub(super) fn code(of: &impl Spanned) -> String {
    let text = of.span().source_text().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a type is none that everyone knows, so that it could be the name of another.
pub(super) fn is_unknown(of: &Type) -> bool {
    const KNOWN: [&str; 9] = [
        "PageHead",
        "State",
        "Path",
        "Query",
        "Form",
        "FormState",
        "Extension",
        "HeaderMap",
        "CurrentPath",
    ];
    last_name(of).is_some_and(|name| !KNOWN.contains(&name.as_str()))
}

/// The name of a plain value's type, which no extractor is.
pub(super) fn plain(of: &Type) -> Option<String> {
    const PLAIN: [&str; 16] = [
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16",
        "u32", "u64", "u128", "usize",
    ];
    match of {
        Type::Path(path) => {
            let name = path.path.get_ident()?.to_string();
            PLAIN.contains(&name.as_str()).then_some(name)
        }
        _ => None,
    }
}

/// What is in an `Option`.
pub(super) fn optional<'t>(source: &Source, of: &'t Type) -> Option<&'t Type> {
    match of {
        Type::Path(path) if source.path_of(&path.path) == "Option" && source.leaves("Option") => {
            parameters(&path.path).first().copied()
        }
        _ => None,
    }
}

/// The name of a type that a body as it came is taken as: text or bytes.
pub(super) fn raw(source: &Source, of: &Type) -> Option<&'static str> {
    let bytes = match of {
        Type::Path(path) => {
            let is_byte = |of: &Type| plain(of).is_some_and(|name| name == "u8");
            source.path_of(&path.path) == "Vec"
                && source.leaves("Vec")
                && matches!(*parameters(&path.path), [one] if is_byte(one))
        }
        _ => false,
    };
    if bytes {
        return Some("Vec<u8>");
    }
    body(source, of).filter(|name| ["String", "Bytes"].contains(name))
}

/// The extractor of axum in a type that needs axum's own routing, if there is one, and its name.
pub(super) fn foreign<'t>(source: &Source, of: &'t Type) -> Option<(&'t syn::Path, &'static str)> {
    const FOREIGN: [&str; 3] = ["Path", "RawPathParams", "MatchedPath"];
    let mut found = paths(of).into_iter().filter_map(|path| {
        let full = source.path_of(path);
        let name = full.strip_prefix("axum::extract::")?;
        let name = name.strip_prefix("path::").unwrap_or(name);
        let foreign = FOREIGN.into_iter().find(|foreign| *foreign == name)?;
        Some((path, foreign))
    });
    found.next()
}

/// The name of an extractor that takes the body, if a type surely is one.
pub(super) fn body(source: &Source, of: &Type) -> Option<&'static str> {
    const BODY: [&str; 7] = [
        "Form",
        "Json",
        "Bytes",
        "Multipart",
        "Request",
        "RawForm",
        "String",
    ];
    let Type::Path(path) = of else {
        return None;
    };
    let name = path.path.segments.last()?.ident.to_string();
    let name = BODY.into_iter().find(|body| *body == name)?;
    let full = source.path_of(&path.path);
    let of_axum = ["axum::", "axum_extra::", "bytes::"]
        .iter()
        .any(|package| full.starts_with(package));
    let of_std = full == "String" && source.leaves("String");
    (of_axum || of_std || source.is_ours(&path.path, name)).then_some(name)
}

/// All paths in a type.
fn paths(of: &Type) -> Vec<&syn::Path> {
    match of {
        Type::Path(path) => {
            let segments = path.path.segments.iter();
            let inner = segments.flat_map(|part| arguments(&part.arguments));
            std::iter::once(&path.path)
                .chain(inner.flat_map(paths))
                .collect()
        }
        Type::Tuple(tuple) => tuple.elems.iter().flat_map(paths).collect(),
        Type::Reference(reference) => paths(&reference.elem),
        Type::Paren(inner) => paths(&inner.elem),
        _ => Vec::new(),
    }
}
