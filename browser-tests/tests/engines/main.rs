//! What must hold in every engine and in every mode, and what each mode changes.

mod core;
mod modes;
mod pages;
mod session;
#[path = "../support/views.rs"]
mod views;

/// Runs cases in modes, one test for each pair. A mode whose browser is missing says so on
/// standard error.
macro_rules! in_modes {
    ($($module:ident: $mode:ident),+ $(,)?; $cases:tt) => {
        $(mod $module {
            crate::in_modes!(@ $mode $cases);
        })+
    };
    (@ $mode:ident { $($case:ident),+ $(,)? }) => {
        $(#[test] fn $case() -> anabranch_paint::Result {
            let mode = anabranch_paint::Mode::$mode;
            if mode.is_available() { super::$case(mode) } else { Ok(()) }
        })+
    };
}
pub(crate) use in_modes;
