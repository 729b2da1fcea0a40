//! Handlers: from a function to the types of its arguments and of its result.
//!
//! What a function is, and whether it can be described, are asked one after the other, so that the
//! compiler names the argument that has no description, and not the whole function.

use crate::input::Input;
use crate::operation::Operation;

/// An async function whose arguments are the tuple `A`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an async function of at most eight arguments"
)]
pub trait HandlerFn<A> {
    /// What it returns.
    type Output;
}

/// A tuple of arguments.
#[diagnostic::on_unimplemented(message = "not all of the arguments `{Self}` can be described")]
pub trait Inputs {
    /// Adds them to an operation.
    fn describe(operation: &mut Operation<'_>);
}

macro_rules! functions {
    ($(($($argument:ident)*))*) => {
        $(
            impl<F, R, $($argument),*> HandlerFn<($($argument,)*)> for F
            where
                F: Fn($($argument),*) -> R,
                R: Future,
            {
                type Output = R::Output;
            }

            impl<$($argument: Input),*> Inputs for ($($argument,)*) {
                fn describe(operation: &mut Operation<'_>) {
                    // Without arguments there is nothing to add.
                    let _ = &operation;
                    $($argument::describe(operation);)*
                }
            }
        )*
    };
}

functions! {
    () (A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E G) (A B C D E G H) (A B C D E G H I)
}
