//! Files as a person names them who works on the package.

use std::path::{Path, PathBuf};

/// The folders that names of files are told from.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    package: PathBuf,
    /// Where the compiler runs: names that are not absolute begin here.
    workspace: PathBuf,
    /// In which nobody writes.
    target: PathBuf,
}

impl Places {
    pub(crate) fn new(package: &Path, workspace: &Path, target: &Path) -> Self {
        Self {
            package: package.to_owned(),
            workspace: workspace.to_owned(),
            target: target.to_owned(),
        }
    }

    /// The name of a file of the package, from the package on, or of the workspace, from there.
    /// None for one of another origin, and for one that is generated.
    pub(super) fn ours(&self, file: &str) -> Option<String> {
        let path = self.workspace.join(file);
        if path.starts_with(&self.target) {
            return None;
        }
        let from_package = path.strip_prefix(&self.package);
        let name = from_package.or_else(|_| path.strip_prefix(&self.workspace));
        Some(name.ok()?.display().to_string())
    }

    /// A text in which files of the package are named from the package on.
    pub(super) fn shorten(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.package.display()), "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_package_or_else_the_workspace() {
        let places = Places::new(
            Path::new("/work/apps/hello"),
            Path::new("/work"),
            Path::new("/work/target"),
        );
        for (file, name) in [
            ("apps/hello/src/main.rs", Some("src/main.rs")),
            ("/work/apps/hello/app/page.rs", Some("app/page.rs")),
            ("library/src/lib.rs", Some("library/src/lib.rs")),
            ("/work/target/debug/build/hello/out/app.rs", None),
            ("/home/registry/maud/src/lib.rs", None),
        ] {
            assert_eq!(places.ours(file).as_deref(), name, "{file}");
        }
        let text = " --> /work/apps/hello/app/page.rs:3:5\n ::: /work/library/src/lib.rs:1:1";
        let short = " --> app/page.rs:3:5\n ::: /work/library/src/lib.rs:1:1";
        assert_eq!(places.shorten(text), short);
    }
}
