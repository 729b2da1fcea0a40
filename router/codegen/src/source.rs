//! Rust files: what a convention file exports, as far as it can be read without expanding it.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, ExprLit, Item, Lit, Meta, Signature, UseTree, Visibility};

use crate::diagnostic::{Diagnostic, Place};

/// A convention file in Rust.
pub(crate) struct Source {
    /// From the package.
    pub(crate) path: String,
    text: String,
    exports: Vec<Export>,
    /// Whether there may be exports that cannot be seen: from a macro, from a glob, or because
    /// the file is not Rust.
    pub(crate) opaque: bool,
    /// Modules that it declares, by their files beside it.
    pub(crate) modules: Vec<String>,
    /// What the file imports: paths by local names.
    imports: BTreeMap<String, String>,
    /// The paths that it imports everything of.
    globs: BTreeSet<String>,
    /// The types that it declares.
    types: BTreeSet<String>,
    /// Set if the file cannot be parsed. The compiler says more about it.
    pub(crate) mistake: Option<Diagnostic>,
}

/// Something at the top of a file that other files may use.
pub(crate) struct Export {
    pub(crate) name: String,
    pub(crate) visibility: Visibility,
    /// Conditions under which it is there.
    pub(crate) conditions: Vec<Attribute>,
    /// What is said of it, line by line.
    pub(crate) docs: Vec<String>,
    /// None for what is imported or not a function.
    pub(crate) signature: Option<Signature>,
    /// What is between the braces of a function.
    pub(crate) body: TokenStream,
    pub(crate) span: Span,
}

impl Export {
    pub(crate) fn is_visible(&self) -> bool {
        is_visible(&self.visibility)
    }
}

/// Whether the generated code can name it.
fn is_visible(visibility: &Visibility) -> bool {
    match visibility {
        Visibility::Public(_) => true,
        Visibility::Restricted(to) => to.path.is_ident("crate"),
        _ => false,
    }
}

/// What must be so for that which has these attributes.
fn conditions(attributes: &[Attribute]) -> Vec<Attribute> {
    let conditions = attributes.iter().filter(|one| one.path().is_ident("cfg"));
    conditions.cloned().collect()
}

/// Whether a name stands anywhere in code.
fn names(code: TokenStream, name: &str) -> bool {
    code.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == name,
        TokenTree::Group(group) => names(group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// A line of a doc comment.
fn doc(attribute: &Attribute) -> Option<String> {
    let text = text(attribute, "doc")?;
    Some(text.strip_prefix(' ').unwrap_or(&text).to_owned())
}

/// What an attribute of this name is set to, as `#[path = "chart.rs"]`.
fn text(attribute: &Attribute, name: &str) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    match &pair.value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) if pair.path.is_ident(name) => Some(text.value()),
        _ => None,
    }
}

fn has_glob(tree: &UseTree) -> bool {
    match tree {
        UseTree::Glob(_) => true,
        UseTree::Path(path) => has_glob(&path.tree),
        UseTree::Group(group) => group.items.iter().any(has_glob),
        UseTree::Name(_) | UseTree::Rename(_) => false,
    }
}

impl Source {
    pub(crate) fn parse(path: &str, content: &[u8]) -> Self {
        let mut source = Self {
            path: path.to_owned(),
            text: String::from_utf8_lossy(content).into_owned(),
            exports: Vec::new(),
            opaque: false,
            modules: Vec::new(),
            imports: BTreeMap::new(),
            globs: BTreeSet::new(),
            types: BTreeSet::new(),
            mistake: None,
        };
        match syn::parse_file(&source.text) {
            Ok(file) => {
                let of_file = conditions(&file.attrs);
                source.read(file.items);
                for export in &mut source.exports {
                    export.conditions.extend_from_slice(&of_file);
                }
            }
            Err(error) => {
                let place = source.place(error.span());
                let message = format!("this file is not valid Rust: {error}");
                source.opaque = true;
                // No error: the compiler says it better, if the build gets as far.
                source.mistake = Some(Diagnostic::warning(message).at(place));
            }
        }
        source
    }

    fn read(&mut self, items: Vec<Item>) {
        for item in items {
            match item {
                Item::Fn(item) => {
                    let span = item.sig.ident.span();
                    let name = item.sig.ident.to_string();
                    let function = Some((item.sig, item.block.to_token_stream()));
                    self.export(name, item.vis, &item.attrs, function, span);
                }
                Item::Const(item) => {
                    let name = item.ident.to_string();
                    self.export(name, item.vis, &item.attrs, None, item.ident.span());
                }
                Item::Static(item) => {
                    let name = item.ident.to_string();
                    self.export(name, item.vis, &item.attrs, None, item.ident.span());
                }
                Item::Use(item) => {
                    let mut names = Vec::new();
                    self.import(&item.tree, &mut Vec::new(), &mut names);
                    // What a private glob brings is private.
                    self.opaque |= is_visible(&item.vis) && has_glob(&item.tree);
                    for name in names {
                        self.export(name, item.vis.clone(), &item.attrs, None, item.span());
                    }
                }
                Item::Mod(item) if item.content.is_none() => {
                    let file = item.attrs.iter().find_map(|one| text(one, "path"));
                    let file = file.as_deref().and_then(|file| file.strip_suffix(".rs"));
                    let name = file.map_or_else(|| item.ident.to_string(), str::to_owned);
                    self.modules.push(name);
                }
                Item::Type(item) => self.declare(&item.ident),
                Item::Struct(item) => self.declare(&item.ident),
                Item::Enum(item) => self.declare(&item.ident),
                // A definition makes nothing; an invocation may make anything.
                Item::Macro(item) => self.opaque |= item.ident.is_none(),
                Item::Verbatim(_) => self.opaque = true,
                _ => {}
            }
        }
    }

    fn export(
        &mut self,
        name: String,
        visibility: Visibility,
        attributes: &[Attribute],
        function: Option<(Signature, TokenStream)>,
        span: Span,
    ) {
        let (signature, body) = function.unzip();
        let conditions = conditions(attributes);
        // What only tests have is no export.
        let of_tests = |one: &Attribute| matches!(one.parse_args::<syn::Path>(), Ok(path) if path.is_ident("test"));
        if !conditions.iter().any(of_tests) {
            self.exports.push(Export {
                name,
                visibility,
                conditions,
                docs: attributes.iter().filter_map(doc).collect(),
                signature,
                body: body.unwrap_or_default(),
                span,
            });
        }
    }

    fn declare(&mut self, name: &Ident) {
        self.types.insert(name.to_string());
    }

    /// Notes the names that an import brings, and where they come from.
    fn import(&mut self, tree: &UseTree, path: &mut Vec<String>, names: &mut Vec<String>) {
        let (name, local) = match tree {
            UseTree::Path(tree) => {
                path.push(tree.ident.to_string());
                self.import(&tree.tree, path, names);
                path.pop();
                return;
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, path, names);
                }
                return;
            }
            UseTree::Glob(_) => {
                self.globs.insert(path.join("::"));
                return;
            }
            UseTree::Name(tree) => (tree.ident.to_string(), tree.ident.to_string()),
            UseTree::Rename(tree) => (tree.ident.to_string(), tree.rename.to_string()),
        };
        // `self` in braces is what is before them.
        let (path, local) = match (name.as_str(), path.last()) {
            ("self", Some(last)) if local == "self" => (path.join("::"), last.clone()),
            ("self", _) => (path.join("::"), local),
            _ => ([path.as_slice(), &[name]].concat().join("::"), local),
        };
        self.imports.insert(local.clone(), path);
        names.push(local);
    }

    /// Everything public of this name. More than one if each has a condition.
    pub(crate) fn exports(&self, name: &str) -> impl Iterator<Item = &Export> {
        self.named(name).filter(|export| export.is_visible())
    }

    /// Everything of this name that is not public.
    pub(crate) fn hidden(&self, name: &str) -> impl Iterator<Item = &Export> {
        self.named(name).filter(|export| !export.is_visible())
    }

    fn named(&self, name: &str) -> impl Iterator<Item = &Export> {
        self.exports
            .iter()
            .filter(move |export| export.name == name)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.exports(name).next().is_some()
    }

    /// The attributes under which there is such an export; empty if it is always there.
    pub(crate) fn condition(&self, name: &str) -> TokenStream {
        let conditions = self.exports(name).map(|export| {
            let conditions = export.conditions.iter();
            let tokens = conditions.filter_map(|one| one.parse_args::<TokenStream>().ok());
            tokens.collect::<Vec<_>>()
        });
        let conditions: Vec<_> = conditions.collect();
        match conditions.as_slice() {
            any if any.iter().any(Vec::is_empty) => TokenStream::new(),
            [all] => quote! { #(#[cfg(#all)])* },
            any => {
                let any = any.iter().map(|all| quote! { all(#(#all),*) });
                quote! { #[cfg(any(#(#any),*))] }
            }
        }
    }

    /// The doc comment of an export.
    pub(crate) fn docs(&self, name: &str) -> String {
        let docs = self.exports(name).map(|export| export.docs.join("\n"));
        docs.map(|docs| docs.trim().to_owned())
            .find(|docs| !docs.is_empty())
            .unwrap_or_default()
    }

    /// Its functions.
    pub(crate) fn functions(&self) -> impl Iterator<Item = (&Export, &Signature)> {
        let functions = self.exports.iter();
        functions.filter_map(|export| Some((export, export.signature.as_ref()?)))
    }

    /// Whether another of its functions names this one.
    pub(crate) fn uses(&self, name: &str) -> bool {
        let mut others = self.exports.iter().filter(|export| export.name != name);
        others.any(|other| names(other.body.clone(), name))
    }

    /// The path of a type, from the name of a package on if the file imports it.
    pub(crate) fn path_of(&self, path: &syn::Path) -> String {
        let mut names: Vec<_> = path
            .segments
            .iter()
            .map(|part| part.ident.to_string())
            .collect();
        if let Some(import) = names.first().and_then(|name| self.imports.get(name)) {
            names[0].clone_from(import);
        }
        names.join("::")
    }

    /// Whether a name means what it means without imports and declarations of the file.
    pub(crate) fn leaves(&self, name: &str) -> bool {
        !self.opaque && !self.imports.contains_key(name) && !self.types.contains(name)
    }

    /// Whether a name surely means what the language's own prelude says.
    pub(crate) fn is_standard(&self, name: &str) -> bool {
        self.globs.is_empty() && self.leaves(name)
    }

    /// Whether a path surely means Anabranch's type of this name.
    pub(crate) fn is_ours(&self, path: &syn::Path, name: &str) -> bool {
        let prelude = self.globs.contains("anabranch::prelude") && self.leaves(name);
        let path = self.path_of(path);
        let qualified = path.strip_prefix("anabranch::").map(|path| {
            let path = path.strip_prefix("prelude::").unwrap_or(path);
            path.strip_prefix("app::").unwrap_or(path)
        });
        path == name && prelude || qualified == Some(name)
    }

    /// A place in the file.
    pub(crate) fn place(&self, span: Span) -> Place {
        Place::of(&self.path, &self.text, span)
    }
}
