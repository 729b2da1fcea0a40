//! OpenAPI: whether there is something to describe, and what cannot be.

use crate::diagnostic::Diagnostic;
use crate::model::{File, Segment};
use crate::role::Role;
use crate::route::routes;

/// Checks the folder whose handlers are described.
pub(crate) fn check(root: &Segment, folder: &str, told: &mut Vec<Diagnostic>) {
    let routes = routes(root);
    let inside = routes.iter().filter(|route| route.is_in(folder));
    let mut inside = inside.filter(|route| route.source().is_some()).peekable();
    if inside.peek().is_none() {
        let message = "there is no `route.rs` whose handlers could be described as OpenAPI";
        let help = "`.openapi(…)` in the build script names a folder in that of the app: `.openapi(\"api\")`";
        told.push(Diagnostic::error(message).at(folder).help(help));
    }
    for route in inside.filter(|route| !route.is_described(folder)) {
        let file = route.leaf().file(Role::Route).map(File::path);
        let message =
            "this is not in the OpenAPI document, which has no parameter for several segments";
        let help = "put it in a folder outside of those that are described";
        told.push(
            Diagnostic::warning(message)
                .at(file.unwrap_or_default())
                .help(help),
        );
    }
}
