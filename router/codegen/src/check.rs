//! Check: what is wrong with a tree. Everything is collected, so that one build tells it all.

mod arguments;
mod exports;
mod files;
mod html;
mod openapi;
mod parameters;
mod public;
mod results;
mod signature;
mod slots;
mod types;
mod unused;
mod urls;

use crate::diagnostic::{Diagnostic, Level};
use crate::model::{File, Segment};
use crate::role::Role;
use crate::route::chains;
use crate::scan::Folder;

pub(crate) use files::{nothing_to_embed, unreadable};
pub(crate) use openapi::check as check_openapi;
pub(crate) use public::{check as check_public, closed_links};

/// Checks a tree and the folder that it was made of.
pub(crate) fn check(folder: &Folder, root: &Segment, told: &mut Vec<Diagnostic>) {
    files::check(folder, root, told);
    for route in chains(root) {
        let module = route.module();
        for (role, file) in &route.leaf().files {
            match file {
                File::Rust(source) => {
                    exports::check(*role, source, module, told);
                    slots::check(*role, source, told);
                }
                File::Html(template) => html::check(*role, template, told),
            }
        }
    }
    parameters::check(root, told);
    urls::check(root, told);
    unused::check(root, told);
    let failed = told.iter().any(|one| one.level() == Level::Error);
    // Where something is wrong, what is missing may be there already.
    if !failed && !root.reaches(Role::Page) && !root.reaches(Role::Route) {
        told.push(files::empty(&root.folder));
    }
}
