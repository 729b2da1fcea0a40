//! Rust names for folders and parameters.

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::Ident;

/// Names of one scope. Each is given away once.
#[derive(Debug, Default)]
pub(crate) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// A scope in which these names are taken.
    pub(crate) fn without(taken: &[&str]) -> Self {
        Self {
            taken: taken.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    /// A name as near to the wanted one as it may be.
    pub(crate) fn take(&mut self, wanted: &str) -> String {
        let mut name = identifier(wanted);
        while !self.taken.insert(name.clone()) {
            name.push('_');
        }
        name
    }
}

/// A snake-case identifier like the text; keywords get a trailing `_`.
pub(crate) fn identifier(text: &str) -> String {
    let mut name = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    let mut name = name.trim_end_matches('_').to_owned();
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.insert(0, '_');
    }
    if is_reserved(&name) {
        name.push('_');
    }
    name
}

/// Whether it is a keyword, or `_`. `gen` is one since edition 2024, which syn does not know.
fn is_reserved(name: &str) -> bool {
    name == "gen" || name == "_" || syn::parse_str::<Ident>(name).is_err()
}

/// The identifier with this name, which must be one.
pub(crate) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers() {
        for (text, name) in [
            ("flights", "flights"),
            ("my-page", "my_page"),
            ("a--b", "a_b"),
            (".well-known", "well_known"),
            ("2013", "_2013"),
            ("API", "api"),
            ("type", "type_"),
            ("self", "self_"),
            ("~", "__"),
        ] {
            assert_eq!(identifier(text), name);
        }
    }

    #[test]
    fn no_identifier_is_a_keyword() {
        let keywords = "abstract as async await become box break const continue crate do dyn else \
            enum extern false final fn for gen if impl in let loop macro match mod move mut \
            override priv pub ref return self static struct super trait true try type typeof \
            unsafe unsized use virtual where while yield";
        for keyword in keywords.split_whitespace() {
            assert_eq!(identifier(keyword), format!("{keyword}_"));
        }
        assert_eq!(identifier("Self"), "self_");
    }

    #[test]
    fn a_name_is_given_away_once() {
        let mut names = Names::without(&["page"]);
        assert_eq!(names.take("page"), "page_");
        assert_eq!(names.take("page"), "page__");
        assert_eq!(names.take("a-b"), "a_b");
        assert_eq!(names.take("a_b"), "a_b_");
    }
}
