//! Results: what a function of each role returns, where the names of the types tell.

use syn::{ReturnType, Type};

use super::signature::{Callable, Check};
use super::types::{code, last_name, parameters, plain};
use crate::diagnostic::Diagnostic;

impl Check<'_> {
    /// What is wrong with the type that it returns.
    pub(super) fn result(&self) -> Option<Diagnostic> {
        let result = match &self.signature.output {
            // A handler may return nothing.
            ReturnType::Default if self.callable == Callable::Method => return None,
            ReturnType::Default => {
                let name = &self.signature.ident;
                let error = self.error(name, format!("`{name}` returns nothing"));
                return Some(error.help(self.example()));
            }
            ReturnType::Type(_, result) => &**result,
        };
        match self.callable {
            Callable::Page | Callable::Layout => self.content(result, "Result", "html! { … }"),
            Callable::Head => self.content(result, "Result<Head>", "Head::title(…)"),
            Callable::Loading | Callable::Error | Callable::NotFound => self.infallible(result),
            Callable::Middleware => self.step(result),
            Callable::Method => self.response(result),
        }
    }

    fn infallible(&self, result: &Type) -> Option<Diagnostic> {
        let fallible = ["Result", "Option"].contains(&last_name(result)?.as_str());
        let error = self.error(result, format!("{} cannot fail", self.callable.noun()));
        fallible.then(|| error.help("return `Markup`"))
    }

    /// What a page, a layout or a head becomes: `right`, with `value` in it.
    fn content(&self, result: &Type, right: &str, value: &str) -> Option<Diagnostic> {
        let noun = self.callable.noun();
        let wanted = match self.callable {
            Callable::Head => "Head",
            _ => "Markup",
        };
        let returned = last_name(result).unwrap_or_default();
        if returned == wanted {
            let error = self.error(
                result,
                format!("{noun} returns a `Result`, since it may fail"),
            );
            return Some(error.help(format!(
                "write `-> {right}`, and `Ok(…)` around what it returns"
            )));
        }
        let wrong = match self.ours(result).as_deref() {
            Some([]) => wanted == "Head",
            Some([within, ..]) => self.is_no_result(within),
            None => self.is_no_result(result),
        };
        if wrong {
            let message = format!("{noun} returns a `Result` of `{wanted}`");
            let help = format!("write `-> {right}`, and return `Ok({value})`");
            return Some(self.error(result, message).help(help));
        }
        let error = self.error(result, format!("{noun} fails with Anabranch's `Error`"));
        self.fails_otherwise(result).then(|| {
            error.help(format!(
                "write `-> {right}`: `?` turns any other error into it"
            ))
        })
    }

    /// What a middleware returns.
    fn step(&self, result: &Type) -> Option<Diagnostic> {
        let within = self.ours(result)?;
        let wrong = match within.first() {
            Some(Type::Tuple(_)) | None => true,
            Some(within) => last_name(within).is_some_and(|name| name == "Markup"),
        };
        let error = self.error(result, "a middleware returns the request to go on");
        wrong.then(|| error.help("write `-> Result<Request>`, and return `Ok(request)`"))
    }

    /// What a handler answers.
    fn response(&self, result: &Type) -> Option<Diagnostic> {
        let within = self.ours(result)?;
        let wrong = match within.get(1) {
            Some(Type::Path(error)) => self.source.is_ours(&error.path, "Error"),
            Some(_) => false,
            None => true,
        };
        let answer = within.first().map_or("Markup".to_owned(), code);
        let message = "the `Error` of this `Result` is for pages: it is no response";
        let error = self.error(result, message);
        wrong.then(|| {
            error.help(format!(
                "write `-> RouteResult<{answer}>`: it fails with a response, and `?` works alike"
            ))
        })
    }

    /// The types in Anabranch's `Result`, if a type surely is that.
    fn ours<'t>(&self, result: &'t Type) -> Option<Vec<&'t Type>> {
        match result {
            Type::Path(path) if self.source.is_ours(&path.path, "Result") => {
                Some(parameters(&path.path))
            }
            _ => None,
        }
    }

    /// Whether a type surely is no `Result`.
    fn is_no_result(&self, of: &Type) -> bool {
        match of {
            Type::Tuple(_) | Type::Reference(_) => true,
            // What a function that is not async returns may be a future.
            Type::ImplTrait(_) => self.signature.asyncness.is_some(),
            Type::Path(path) => {
                let full = self.source.path_of(&path.path);
                let known = ["String", "Option", "Vec"].contains(&full.as_str());
                let of_axum = ["axum::response::Response", "axum::response::Html"];
                (known && self.source.leaves(&full))
                    || of_axum.contains(&full.as_str())
                    || plain(of).is_some()
            }
            _ => false,
        }
    }

    /// Whether a type surely is a `Result` with the error of someone else.
    fn fails_otherwise(&self, result: &Type) -> bool {
        let Type::Path(path) = result else {
            return false;
        };
        if self.source.is_ours(&path.path, "RouteResult") {
            return true;
        }
        let full = self.source.path_of(&path.path);
        let standard = full == "Result" && self.source.leaves("Result");
        if !standard && full != "std::result::Result" && self.ours(result).is_none() {
            return false;
        }
        match parameters(&path.path).get(1) {
            Some(Type::Tuple(_) | Type::Reference(_)) => true,
            Some(Type::Path(error)) => {
                let full = self.source.path_of(&error.path);
                let foreign = ["std::", "core::", "axum::", "http::"];
                let known = ["String", "Box"].contains(&full.as_str());
                foreign.iter().any(|package| full.starts_with(package))
                    || (known && self.source.leaves(&full))
                    || self.source.is_ours(&error.path, "RouteError")
            }
            _ => false,
        }
    }
}
