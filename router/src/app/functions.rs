//! What the functions of a file in `app/` may look like.

use anabranch_boundaries::{Head, Result};
use axum::extract::FromRequestParts;

use super::{Children, PageHead};

/// The `render` function of a `layout.rs`.
///
/// `async fn render(children: Children, extractors…) -> Result`, or with the heads of the page and
/// of all layouts in second place:
/// `async fn render(children: Children, head: PageHead, extractors…) -> Result`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no layout",
    label = "not a layout's `render` function",
    note = "a layout is `pub async fn render(children: Children, extractors…) -> Result`, with \
            `head: PageHead` as its second argument if it renders the `<head>`; every extractor \
            is one that leaves the request's body alone (`FromRequestParts`)",
    note = "a state is taken as `State(db): State<Db>`, and `Db` is the state of this app, `{S}`, or \
            a part of it by `FromRef`; that of an `app/` folder is named by \
            `anabranch::app!(Db)`",
    note = "what `Path<…>` and `Query<…>` read into derives `Deserialize`",
    note = "its future is `Send`: what is not, such as an `Rc`, may not live across an `.await`"
)]
pub trait LayoutFn<A, S>: Send + 'static {
    /// What is extracted for it.
    type Arguments: FromRequestParts<S> + Send + 'static;

    /// The layout, running.
    type Future: Future<Output = Result> + Send + 'static;

    /// Its arguments, if it takes nothing from the request.
    fn no_arguments() -> Option<Self::Arguments>;

    /// Starts the layout.
    fn call(self, children: Children, head: PageHead, arguments: Self::Arguments) -> Self::Future;
}

/// The `head` function of a `page.rs` or a `layout.rs`: `async fn head(extractors…) ->
/// Result<Head>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no head",
    label = "not a `head` function",
    note = "a head is `pub async fn head(extractors…) -> Result<Head>`; every extractor is one \
            that leaves the request's body alone (`FromRequestParts`)",
    note = "a state is taken as `State(db): State<Db>`, and `Db` is the state of this app, `{S}`, or \
            a part of it by `FromRef`; that of an `app/` folder is named by \
            `anabranch::app!(Db)`",
    note = "what `Path<…>` and `Query<…>` read into derives `Deserialize`",
    note = "its future is `Send`: what is not, such as an `Rc`, may not live across an `.await`"
)]
pub trait HeadFn<A, S>: Send + 'static {
    /// What is extracted for it.
    type Arguments: FromRequestParts<S> + Send + 'static;

    /// The head, running.
    type Future: Future<Output = Result<Head>> + Send + 'static;

    /// Its arguments, if it takes nothing from the request.
    fn no_arguments() -> Option<Self::Arguments>;

    /// Starts the head.
    fn call(self, arguments: Self::Arguments) -> Self::Future;
}

macro_rules! functions {
    ($($argument:ident)*) => {
        // Type parameters are in upper case; their values go by the same names.
        #[allow(non_snake_case)]
        impl<L, F, S, $($argument,)*> LayoutFn<((Children,), ($($argument,)*)), S> for L
        where
            L: FnOnce(Children, $($argument,)*) -> F + Send + 'static,
            F: Future<Output = Result> + Send + 'static,
            S: Send + Sync,
            $($argument: FromRequestParts<S> + Send + 'static,)*
        {
            type Arguments = ($($argument,)*);
            type Future = F;

            fn no_arguments() -> Option<Self::Arguments> {
                no_arguments!($($argument)*)
            }

            fn call(self, children: Children, _: PageHead, arguments: Self::Arguments) -> F {
                let ($($argument,)*) = arguments;
                self(children, $($argument,)*)
            }
        }

        #[allow(non_snake_case)]
        impl<L, F, S, $($argument,)*> LayoutFn<((Children, PageHead), ($($argument,)*)), S> for L
        where
            L: FnOnce(Children, PageHead, $($argument,)*) -> F + Send + 'static,
            F: Future<Output = Result> + Send + 'static,
            S: Send + Sync,
            $($argument: FromRequestParts<S> + Send + 'static,)*
        {
            type Arguments = ($($argument,)*);
            type Future = F;

            fn no_arguments() -> Option<Self::Arguments> {
                no_arguments!($($argument)*)
            }

            fn call(self, children: Children, head: PageHead, arguments: Self::Arguments) -> F {
                let ($($argument,)*) = arguments;
                self(children, head, $($argument,)*)
            }
        }

        #[allow(non_snake_case)]
        impl<H, F, S, $($argument,)*> HeadFn<($($argument,)*), S> for H
        where
            H: FnOnce($($argument,)*) -> F + Send + 'static,
            F: Future<Output = Result<Head>> + Send + 'static,
            S: Send + Sync,
            $($argument: FromRequestParts<S> + Send + 'static,)*
        {
            type Arguments = ($($argument,)*);
            type Future = F;

            fn no_arguments() -> Option<Self::Arguments> {
                no_arguments!($($argument)*)
            }

            fn call(self, arguments: Self::Arguments) -> F {
                let ($($argument,)*) = arguments;
                self($($argument,)*)
            }
        }
    };
}

macro_rules! no_arguments {
    () => {
        Some(())
    };
    ($($argument:ident)+) => {
        None
    };
}

functions!();
functions!(T1);
functions!(T1 T2);
functions!(T1 T2 T3);
functions!(T1 T2 T3 T4);
functions!(T1 T2 T3 T4 T5);
functions!(T1 T2 T3 T4 T5 T6);
functions!(T1 T2 T3 T4 T5 T6 T7);
functions!(T1 T2 T3 T4 T5 T6 T7 T8);
