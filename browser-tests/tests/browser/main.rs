//! Pages of this project in a real browser, with the native swap and with the bridge.

mod ahead;
mod cut;
mod deferred;
mod elements;
mod equal;
mod forms;
mod history;
mod interaction;
mod kit;
mod late;
mod many;
mod open;
mod order;
mod pages;
mod places;
mod policy;
mod scripts;
mod tabs;
#[path = "../support/views.rs"]
mod views;

/// Runs each case once with the native swap and once with the bridge.
macro_rules! native_and_bridge {
    ($($case:ident),+ $(,)?) => {
        mod native {
            $(#[test] fn $case() -> anabranch_paint::Result {
                super::$case(anabranch_paint::Swap::Native)
            })+
        }
        mod bridge {
            $(#[test] fn $case() -> anabranch_paint::Result {
                super::$case(anabranch_paint::Swap::Bridge)
            })+
        }
    };
}
pub(crate) use native_and_bridge;
