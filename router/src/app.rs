//! The `app/` tree at run time: what code that is generated from a folder calls, and what the
//! files in it use.
//!
//! ```text
//! path -> canonical -> trie -> leaf -> middleware -> extract -> compose -> commit point
//! ```
//!
//! A request's path is brought to its one spelling, the trie finds its leaf, the middleware of
//! its folders runs from the root. Then all files of the page extract their arguments, and what
//! they become is composed: heads, layouts and page are one future, so that no wait adds to
//! another. The engine drives it.
//!
//! What comes before, middleware, extractors and handlers of routes, runs in order, one after the
//! other. A panic in it is a failure like any other; a deadline it has none, so what may hang
//! there needs one of its own, such as a `TimeoutLayer`.
//!
//! # Layout
//! - `canonical`, `pattern`, `trie`: which route a path is.
//! - `routes`, `table`, `leaf`: from a request to what answers it.
//! - `middleware`, `functions`: what the functions of a file may look like.
//! - `visit`: extract, compose, answer; what generated code is made of; `extracted`: what a
//!   function becomes.
//! - `content`, `children`, `heads`, `loading`, `answer`: the futures that it composes; `slot`:
//!   how one of them waits for another.
//! - `failure`, `response`: what the log says of failures; responses that are no pages; `stand_in`:
//!   pages in place of such.
//! - `captures`, `path`, `query`, `current_path`, `cache`: extractors.
//! - `caught`: what panics is an error.
//! - `href`: links.

mod answer;
mod cache;
mod canonical;
mod captures;
mod caught;
mod children;
mod content;
mod current_path;
mod extracted;
mod failure;
mod functions;
mod heads;
mod href;
mod leaf;
mod loading;
mod middleware;
mod path;
mod pattern;
mod query;
mod response;
mod routes;
mod slot;
mod stand_in;
mod table;
mod trie;
mod visit;

pub use axum::Router;
pub use axum::extract::{Request, State};
pub use axum::response::Redirect;

pub use crate::public::{Embedded, Public};
pub use cache::RequestCache;
pub use captures::MatchedRoute;
pub use children::{Children, Piece};
pub use content::{Content, Segment, Views, html};
pub use current_path::CurrentPath;
pub use extracted::{Extracting, Layout, PageContent};
pub use functions::{HeadFn, LayoutFn};
pub use heads::{HeadId, PageHead};
pub use href::Href;
pub use leaf::Leaf;
pub use middleware::{IntoRefusal, IntoStep, MiddlewareFn, Step};
pub use path::{Path, PathRejection};
pub use query::{Query, QueryRejection};
pub use routes::Routes;
pub use visit::{Answer, Visit};

/// Brings in the module `app`, which `anabranch_build::app` has generated from the `app/` folder.
///
/// The argument is the type of the app's state; without one it is `()`. The module holds the
/// files of the folder and two functions, `router()` and `routes()`.
///
/// ```text
/// anabranch::app!(Db);
///
/// #[tokio::main]
/// async fn main() -> std::io::Result<()> {
///     let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
///     anabranch::serve(listener, app::router().with_state(Db::open()?)).await
/// }
/// ```
#[macro_export]
macro_rules! app {
    () => {
        $crate::app!(());
    };
    ($state:ty) => {
        // By a name that is no app's: theirs is often called `AppState`.
        #[doc(hidden)]
        pub type __AnabranchState = $state;

        /// The routes of the `app/` folder.
        #[allow(
            missing_docs,
            private_interfaces,
            unreachable_pub,
            clippy::missing_errors_doc,
            clippy::missing_panics_doc,
            clippy::must_use_candidate,
            reason = "the files of the folder are read by their names"
        )]
        pub mod app {
            use super::__AnabranchState as State;

            include!(concat!(
                env!(
                    "OUT_DIR",
                    "anabranch::app!() brings in what a build script generates: write \
                     `fn main() { anabranch_build::app(\"app\"); }` into build.rs, beside \
                     Cargo.toml, and have anabranch-build among the build-dependencies"
                ),
                "/anabranch/app.rs"
            ));
        }
    };
}
