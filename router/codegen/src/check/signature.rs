//! Signatures: whether a function is what its role asks for, as far as its text says. What it
//! does not say, the compiler finds.

use syn::spanned::Spanned;
use syn::{FnArg, GenericParam, ReturnType, Signature, Type};

use super::types::{last_name, type_of};
use crate::diagnostic::Diagnostic;
use crate::source::Source;

/// What a function is called for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Callable {
    Page,
    Head,
    Layout,
    Loading,
    Error,
    NotFound,
    Middleware,
    Method,
}

impl Callable {
    /// The name of the function; `get` stands for all methods.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Middleware => "handle",
            Self::Method => "get",
            _ => "render",
        }
    }

    /// The shortest signature that is right.
    pub(super) fn example(self) -> &'static str {
        match self {
            Self::Page => "pub async fn render() -> Result",
            Self::Head => "pub async fn head() -> Result<Head>",
            Self::Layout => "pub async fn render(children: Children) -> Result",
            Self::Loading | Self::NotFound => "pub fn render() -> Markup",
            Self::Error => "pub fn render(error: &Error) -> Markup",
            Self::Middleware => "pub async fn handle(request: Request) -> Result<Request>",
            Self::Method => "pub async fn get() -> impl IntoResponse",
        }
    }

    pub(super) fn is_async(self) -> bool {
        !matches!(self, Self::Loading | Self::Error | Self::NotFound)
    }

    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Page => "a page",
            Self::Head => "a head",
            Self::Layout => "a layout",
            Self::Loading => "a loading view",
            Self::Error => "an error view",
            Self::NotFound => "a not-found view",
            Self::Middleware => "a middleware",
            Self::Method => "a handler",
        }
    }
}

pub(super) fn check(
    callable: Callable,
    source: &Source,
    signature: &Signature,
    told: &mut Vec<Diagnostic>,
) {
    let check = Check {
        callable,
        source,
        signature,
    };
    told.extend(check.kind());
    told.extend(check.result());
    told.extend(check.arguments());
}

/// A function to be checked. Each method finds one kind of mistake.
pub(super) struct Check<'a> {
    pub(super) callable: Callable,
    pub(super) source: &'a Source,
    pub(super) signature: &'a Signature,
}

impl Check<'_> {
    pub(super) fn error(&self, at: &impl Spanned, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(message).at(self.source.place(at.span()))
    }

    pub(super) fn example(&self) -> String {
        format!("write `{}`", self.callable.example())
    }

    /// Async or not; free and not generic.
    fn kind(&self) -> Option<Diagnostic> {
        let Signature {
            ident,
            generics,
            inputs,
            ..
        } = self.signature;
        if let Some(FnArg::Receiver(receiver)) = inputs.first() {
            let message = format!("`{ident}` takes `self`, but belongs to no type");
            return Some(self.error(receiver, message).help("remove `self`"));
        }
        let mut parameters = generics.params.iter();
        if let Some(generic) = parameters.find(|one| !matches!(one, GenericParam::Lifetime(_))) {
            let error = self.error(generic, format!("`{ident}` is generic"));
            return Some(error.help("name the type: nothing else tells which one is meant"));
        }
        if let Some(argument) = inputs
            .iter()
            .find(|one| matches!(type_of(one), Some(Type::ImplTrait(_))))
        {
            let error = self.error(
                argument,
                format!("`{ident}` is generic by its `impl` argument"),
            );
            return Some(error.help("name the type: nothing else tells which one is meant"));
        }
        let noun = self.callable.noun();
        let is_async = self.signature.asyncness.is_some();
        if self.callable.is_async() && !is_async && !self.returns_future() {
            let error = self.error(
                ident,
                format!("`{ident}` is not async, but {noun} has to be"),
            );
            let name = ident.to_string();
            return Some(error.help(format!("write `pub async fn {name}`")));
        }
        if !self.callable.is_async() && is_async {
            let error = self.error(
                ident,
                format!("`{ident}` is async, but {noun} is shown at once"),
            );
            return Some(error.help(self.example()));
        }
        None
    }

    fn returns_future(&self) -> bool {
        match &self.signature.output {
            ReturnType::Type(_, result) => {
                matches!(**result, Type::ImplTrait(_))
                    || last_name(result)
                        .is_some_and(|name| name.contains("Future") || name == "Pin")
            }
            ReturnType::Default => false,
        }
    }
}
