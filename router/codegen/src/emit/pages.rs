//! One function for each page and for each place where a request ends that no route takes.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::modules::export;
use super::pretty::comment;
use super::{html, modules, visible};
use crate::model::{File, Segment};
use crate::names::{Names, ident};
use crate::role::Role;
use crate::route::Route;
use crate::source::Source;

/// The functions to be emitted, with their names.
pub(super) struct Pages<'a> {
    pub(super) routes: Vec<(Option<Ident>, &'a Route<'a>)>,
    pub(super) unmatched: Vec<(Ident, &'a Route<'a>)>,
    /// Where middleware fails, if no request ends there.
    failed: Vec<(Ident, Route<'a>)>,
}

impl<'a> Pages<'a> {
    pub(super) fn new(routes: &'a [Route<'a>], unmatched: &'a [Route<'a>]) -> Self {
        let mut names = Names::default();
        let mut name = |prefix: &str, route: &Route<'_>| {
            let modules = &route.leaf().module;
            let place = match modules.is_empty() {
                true => "root".to_owned(),
                false => modules.join("_"),
            };
            ident(&names.take(&format!("{prefix}_{place}")))
        };
        let of_routes = routes.iter().map(|route| {
            let page = route.leaf().has(Role::Page);
            (page.then(|| name("page", route)), route)
        });
        let of_routes = of_routes.collect();
        let of_unmatched = unmatched
            .iter()
            .map(|route| (name("unmatched", route), route));
        let of_unmatched = of_unmatched.collect();
        let mut pages = Self {
            routes: of_routes,
            unmatched: of_unmatched,
            failed: Vec::new(),
        };
        for route in routes.iter().chain(unmatched) {
            for (nth, _) in route.middleware() {
                if let Some(above) = route.above(nth)
                    && pages.function_of(&above).is_none()
                {
                    pages.failed.push((name("failed", &above), above));
                }
            }
        }
        pages
    }

    pub(super) fn functions(&self) -> TokenStream {
        let pages = self.routes.iter().filter_map(|(name, route)| {
            let page = route.leaf().file(Role::Page)?;
            let doc = format!(" `{}`", page.path());
            Some(function(name.as_ref()?, &doc, route, Some(page)))
        });
        let unmatched = self.unmatched.iter().map(|(name, route)| {
            let doc = format!(" What no route takes at or below `{}`.", route.pattern());
            function(name, &doc, route, None)
        });
        let failed = self.failed.iter().map(|(name, route)| {
            let doc = format!(
                " What a middleware below {} fails with.",
                route.leaf().folder
            );
            function(name, &doc, route, None)
        });
        pages.chain(unmatched).chain(failed).collect()
    }

    /// The function that shows what the middleware of the nth segment fails with.
    pub(super) fn above(&self, route: &Route<'_>, nth: usize) -> Option<&Ident> {
        self.function_of(&route.above(nth)?)
    }

    /// The function without a page for a chain. A chain is known by its last segment.
    fn function_of(&self, place: &Route<'_>) -> Option<&Ident> {
        let is_it = |route: &Route<'_>| std::ptr::eq(route.leaf(), place.leaf());
        let unmatched = self.unmatched.iter().map(|(name, route)| (name, *route));
        let failed = self.failed.iter().map(|(name, route)| (name, route));
        let mut all = unmatched.chain(failed);
        all.find_map(|(name, route)| is_it(route).then_some(name))
    }
}

/// The function of a page, or of a place without one.
fn function(name: &Ident, doc: &str, route: &Route<'_>, page: Option<&File>) -> TokenStream {
    let extract = extract(route, page);
    let compose = compose(route, page);
    let condition = page.map(condition);
    quote! {
        #[doc = #doc]
        #condition
        async fn #name(mut visit: Visit<State>) -> Answer {
            #extract
            #compose
            visit.answer(content).await
        }
    }
}

/// Under which condition a page is there, as far as its exports can be seen.
pub(super) fn condition(page: &File) -> TokenStream {
    match page {
        File::Rust(source) if source.has("render") && !source.opaque => source.condition("render"),
        _ => TokenStream::new(),
    }
}

/// Everything that reads the request, before anything is sent. The page is last: it may take
/// the body.
fn extract(route: &Route<'_>, page: Option<&File>) -> TokenStream {
    let mut code = TokenStream::new();
    for (nth, segment, layout) in route.with(Role::Layout) {
        let visible = visible(route, nth);
        let variable = format_ident!("layout_{nth}");
        code.extend(match layout {
            File::Rust(_) => {
                let render = export(segment, Role::Layout, "render");
                let file = layout.path();
                quote! { let #variable = visit.at(#file).layout(#visible, #render).await?; }
            }
            File::Html(_) => {
                let pieces = html::path(segment, Role::Layout);
                quote! { let #variable = visit.html_layout(#pieces); }
            }
        });
        code.extend(extract_head(route, nth, Role::Layout));
    }
    let leaf = route.leaf();
    let last = route.chain().len() - 1;
    code.extend(match page {
        Some(File::Rust(_)) => {
            let visible = visible(route, last);
            let head = extract_head(route, last, Role::Page);
            let render = export(leaf, Role::Page, "render");
            let file = page.map(File::path);
            quote! { #head let content = visit.at(#file).page(#visible, #render).await?; }
        }
        Some(File::Html(_)) => {
            let text = html::path(leaf, Role::Page);
            quote! { let content = visit.html_page(#text); }
        }
        None => quote! { let content = visit.unmatched(); },
    });
    code
}

/// The segments around the content, from the leaf to the root.
fn compose(route: &Route<'_>, page: Option<&File>) -> TokenStream {
    let mut code = TokenStream::new();
    for (nth, segment) in route.chain().iter().enumerate().rev() {
        let mut steps = TokenStream::new();
        let is_leaf = nth + 1 == route.chain().len();
        if is_leaf && page.is_some() {
            steps.extend(head_of(segment, nth, Role::Page));
        }
        let mut shown = None;
        if let Some(loading) = segment.file(Role::Loading)
            && page.is_some()
        {
            let file = loading.path();
            let loading = match loading {
                File::Rust(_) => export(segment, Role::Loading, "render"),
                File::Html(_) => {
                    let text = html::path(segment, Role::Loading);
                    quote! { || ::anabranch::app::html(#text) }
                }
            };
            let views = views(|role| route.nearest(role, nth));
            steps.extend(quote! {
                let views = #views;
                let content = visit.at(#file).loading(#loading, views, content);
            });
            shown = Some(views.to_string());
        }
        if segment.has(Role::Error) || segment.has(Role::NotFound) {
            let views = views(|role| Some((segment, segment.file(role)?)));
            // The views of the loading may be the very same.
            let same = shown == Some(views.to_string());
            let views = (!same).then(|| quote! { let views = #views; });
            steps.extend(quote! {
                #views
                let content = visit.catch(views, content);
            });
        }
        if segment.has(Role::Layout) {
            let layout = format_ident!("layout_{nth}");
            steps.extend(quote! { let content = visit.under(#layout, content); });
            steps.extend(head_of(segment, nth, Role::Layout));
        }
        if !steps.is_empty() {
            code.extend(comment(&segment.folder));
            code.extend(steps);
        }
    }
    code
}

/// The views of a failure: those that a search finds.
fn views<'a>(find: impl Fn(Role) -> Option<(&'a Segment, &'a File)>) -> TokenStream {
    let view = |role, ignored: TokenStream| match find(role) {
        None => quote! { None },
        Some((segment, File::Rust(_))) => {
            let render = modules::export(segment, role, "render");
            quote! { Some(#render) }
        }
        Some((segment, File::Html(_))) => {
            let text = html::path(segment, role);
            quote! { Some(|#ignored| ::anabranch::app::html(#text)) }
        }
    };
    let error = view(Role::Error, quote! { _ });
    let not_found = view(Role::NotFound, quote! {});
    match find(Role::Error).or_else(|| find(Role::NotFound)) {
        Some(_) => quote! { Views { error: #error, not_found: #not_found } },
        None => quote! { Views::default() },
    }
}

/// Reads what the head of a layout or of a page needs, if it has one.
fn extract_head(route: &Route<'_>, nth: usize, role: Role) -> Option<TokenStream> {
    let segment = route.chain()[nth];
    let source = segment.source(role)?;
    let condition = head_condition(source)?;
    let visible = visible(route, nth);
    let variable = head_variable(nth, role);
    let head = export(segment, role, "head");
    let file = &source.path;
    Some(quote! { #condition let #variable = visit.at(#file).head(#visible, #head).await?; })
}

/// Gives the content its head, if it has one.
fn head_of(segment: &Segment, nth: usize, role: Role) -> Option<TokenStream> {
    let condition = head_condition(segment.source(role)?)?;
    let variable = head_variable(nth, role);
    Some(quote! { #condition let content = visit.headed(#variable, content); })
}

/// None if there is no head, else the condition under which there is.
fn head_condition(source: &Source) -> Option<TokenStream> {
    source.has("head").then(|| source.condition("head"))
}

fn head_variable(nth: usize, role: Role) -> Ident {
    match role {
        Role::Page => format_ident!("page_head"),
        _ => format_ident!("head_{nth}"),
    }
}
