#![doc = include_str!("../README.md")]

pub use anabranch_boundaries::panic::install_hook as install_panic_hook;
pub use anabranch_boundaries::{
    Boundary, Error, ErrorId, ErrorView, Head, IntoLoading, InvalidLocation, Loading, OrNotFound,
    Result, Shared, boundary, not_found, redirect, redirect_external, share,
};
pub use anabranch_boundaries::{millis, secs};
pub use anabranch_engine::{PageBody, ResponseParts, Settings, is_bot};
#[cfg(feature = "fragments")]
pub use anabranch_fragments::{Fragment, fragment};
pub use anabranch_html::csp;
pub use anabranch_html::script::{BRIDGE, ScriptMode, TRIGGER};
#[cfg(feature = "inspector")]
pub use anabranch_inspector::Inspector;
/// What the handlers of an `app/` tree take and answer, as an OpenAPI document.
#[cfg(feature = "openapi")]
pub use anabranch_openapi as openapi;
/// The `app/` tree: the module that its files use, and the macro that brings in the code
/// generated from it.
pub use anabranch_router::app;
pub use anabranch_router::{Component, Page, PageHandler, PageRequest, bridge, page};
pub use anabranch_router::{
    Csrf, Embedded, Form, FormState, InvalidOrigin, Public, RouteError, RouteResult, SeeOther,
    see_other,
};
pub use anabranch_router::{csrf, forms, public};
pub use anabranch_server::layers::RequestId;
pub use anabranch_server::{Connection, End, Layers, Listener, Server, Stopping, listen, serve};

/// What a page and the files of an `app/` folder need, by name.
pub mod prelude {
    pub use crate::app::{
        Children, CurrentPath, MatchedRoute, PageHead, Path, Query, Redirect, Request,
        RequestCache, State,
    };
    pub use crate::{
        Boundary, Error, Form, FormState, Head, OrNotFound, Page, PageRequest, ResponseParts,
        Result, RouteError, RouteResult, SeeOther, Settings, Shared, boundary, millis, not_found,
        page, redirect, secs, see_other, share,
    };
    pub use maud::{DOCTYPE, Markup, PreEscaped, Render, html};
}
