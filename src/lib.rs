#![doc = include_str!("../README.md")]

pub use anabranch_boundaries::{
    Boundary, Error, ErrorId, ErrorView, Head, IntoLoading, InvalidLocation, Loading, OrNotFound,
    Result, Shared, boundary, not_found, redirect, redirect_external, share,
};
pub use anabranch_boundaries::{millis, secs};
pub use anabranch_engine::{PageBody, ResponseParts, Settings, is_bot};
pub use anabranch_html::csp;
pub use anabranch_html::script::{BRIDGE, ScriptMode, TRIGGER};
pub use anabranch_router::{Component, Page, PageHandler, PageRequest, bridge, page};

/// What a page needs, by name.
pub mod prelude {
    pub use crate::{
        Boundary, Error, Head, OrNotFound, Page, PageRequest, ResponseParts, Result, Settings,
        Shared, boundary, millis, not_found, page, redirect, secs, share,
    };
    pub use maud::{DOCTYPE, Markup, PreEscaped, Render, html};
}
