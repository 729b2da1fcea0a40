//! `cargo anabranch new`: an app to begin with.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use clap::Args;

use crate::error::{Error, Result};
use crate::project::cargo;
use crate::terminal;

/// The files of the folder `template`: the name that each gets, and its text. Some have other
/// names there, where cargo and git would take them for their own.
const FILES: [(&str, &str); 19] = [
    ("Cargo.toml", include_str!("../template/manifest.toml")),
    (".gitignore", include_str!("../template/gitignore")),
    (".dockerignore", include_str!("../template/dockerignore")),
    ("Dockerfile", include_str!("../template/Dockerfile")),
    ("README.md", include_str!("../template/README.md")),
    ("build.rs", include_str!("../template/build.rs")),
    ("src/main.rs", include_str!("../template/src/main.rs")),
    ("src/lib.rs", include_str!("../template/src/lib.rs")),
    ("src/rivers.rs", include_str!("../template/src/rivers.rs")),
    ("app/layout.rs", include_str!("../template/app/layout.rs")),
    ("app/page.rs", include_str!("../template/app/page.rs")),
    (
        "app/not-found.rs",
        include_str!("../template/app/not-found.rs"),
    ),
    ("app/error.rs", include_str!("../template/app/error.rs")),
    (
        "app/rivers/[name]/page.rs",
        include_str!("../template/app/rivers/[name]/page.rs"),
    ),
    (
        "app/rivers/[name]/loading.rs",
        include_str!("../template/app/rivers/[name]/loading.rs"),
    ),
    (
        "app/api/rivers/route.rs",
        include_str!("../template/app/api/rivers/route.rs"),
    ),
    (
        "public/style.css",
        include_str!("../template/public/style.css"),
    ),
    (
        "public/icon.svg",
        include_str!("../template/public/icon.svg"),
    ),
    ("tests/site.rs", include_str!("../template/tests/site.rs")),
];

/// What the template calls the app.
const PLACEHOLDER: &str = "my-app";

/// Anabranch's packages in the manifest, and their folders in a checkout.
const PACKAGES: [(&str, &str); 3] = [
    ("anabranch", ""),
    ("anabranch-build", "router/codegen"),
    ("anabranch-paint", "browser-tests"),
];

/// Which version of them the template asks for.
const VERSION: &str = "version = \"0.0.0\"";

/// Begin an app
///
/// It has a page whose parts stream in two steps, a folder with a parameter and a loading view, an
/// API route, styles, tests, and a Dockerfile.
///
/// A folder that is there already, such as an empty git repository, is filled; nothing in it is
/// overwritten. `.` is the working directory.
#[derive(Debug, Args)]
pub(crate) struct New {
    /// The folder, whose name the package gets
    #[arg(value_name = "NAME")]
    folder: PathBuf,
    /// The name of the package, if it is another
    #[arg(long)]
    name: Option<String>,
    /// A checkout of Anabranch to build with [default: the one that this command was installed from]
    #[arg(long, value_name = "CHECKOUT")]
    path: Option<PathBuf>,
    /// Begin no git repository
    #[arg(long)]
    no_git: bool,
}

impl New {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let name = self.name()?;
        let checkout = self.checkout()?;
        let taken: Vec<_> = FILES
            .iter()
            .map(|(path, _)| *path)
            .filter(|path| self.folder.join(path).exists())
            .collect();
        if !taken.is_empty() {
            let folder = self.folder.display();
            let taken = taken.join(", ");
            return Err(Error::new(format!("{folder} has these already: {taken}")));
        }
        for (path, text) in FILES {
            let text = filled_in(path, text, &name, checkout.as_deref());
            write(&self.folder.join(path), &text)?;
        }
        if !self.no_git {
            begin_repository(&self.folder);
        }
        terminal::done("Created", format!("`{name}` in {}", self.folder.display()));
        if let Some(why) = refusal(&self.folder) {
            terminal::warning(format!("cargo does not take it as it is: {why}"));
        }
        let enter = match self.folder.as_os_str() == "." {
            true => String::new(),
            false => format!("cd {} && ", terminal::quoted(&self.folder)),
        };
        terminal::doing("Next", format!("{enter}cargo anabranch dev --open"));
        Ok(ExitCode::SUCCESS)
    }

    /// The name of the package: that of the folder, unless another one was given.
    fn name(&self) -> Result<String> {
        let absolute = std::path::absolute(&self.folder);
        let folder = absolute.ok().and_then(|folder| {
            let name = folder.components().next_back()?;
            Some(name.as_os_str().to_string_lossy().into_owned())
        });
        let name = self.name.clone().or(folder).unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
        // Packages that the template uses cannot have its name, nor can a part of cargo's own, nor a
        // folder that cargo keeps beside the binary.
        let taken = [
            "test",
            "core",
            "std",
            "alloc",
            "build",
            "deps",
            "examples",
            "incremental",
            "site",
            "anabranch",
            "anabranch-build",
            "anabranch-paint",
            "axum",
            "maud",
            "serde",
            "tokio",
            "tracing-subscriber",
        ];
        if starts && name.chars().all(plain) && !taken.contains(&&*name) {
            return Ok(name);
        }
        let message = format!("`{name}` cannot be the name of a package here");
        Err(Error::new(format!("{message}; choose another with --name")))
    }

    /// The checkout to build with, if any.
    fn checkout(&self) -> Result<Option<PathBuf>> {
        let Some(path) = &self.path else {
            let own = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
            return Ok(own.filter(|own| is_checkout(own)).map(Path::to_owned));
        };
        let path = path.canonicalize().unwrap_or(path.clone());
        match is_checkout(&path) {
            true => Ok(Some(path)),
            false => Err(Error::new(format!(
                "there is no checkout of Anabranch in {}",
                path.display()
            ))),
        }
    }
}

fn is_checkout(folder: &Path) -> bool {
    ["src/lib.rs", "router/codegen/Cargo.toml"]
        .iter()
        .all(|file| folder.join(file).is_file())
}

/// The text of a file, for an app of this name.
fn filled_in(path: &str, text: &str, name: &str, checkout: Option<&Path>) -> String {
    // The name first: the path of a checkout may have the placeholder in it.
    let text = text.replace(PLACEHOLDER, name);
    match path {
        "Cargo.toml" => manifest(&text, checkout),
        "Dockerfile" => dockerfile(&text, checkout),
        _ => text,
    }
}

/// The manifest, with Anabranch from the checkout, or else in the version of this command.
fn manifest(text: &str, checkout: Option<&Path>) -> String {
    let mut text = text.to_owned();
    for (package, folder) in PACKAGES {
        let source = match checkout {
            None => format!("version = {:?}", env!("CARGO_PKG_VERSION")),
            Some(checkout) => {
                // By its components, because joining nothing leaves a slash at the end.
                let folder: PathBuf = checkout.join(folder).components().collect();
                // Quoted in TOML as in Rust.
                format!("path = {folder:?}")
            }
        };
        let asked = format!("{package} = {{ {VERSION}");
        text = text.replace(&asked, &format!("{package} = {{ {source}"));
    }
    text
}

/// What the Dockerfile says of a checkout.
const MOUNTED: &str = "\
# Anabranch is mounted where the absolute paths of Cargo.toml name it. `cargo add --path` writes
# relative ones, which lead nowhere in here: make them absolute.
";

/// The Dockerfile. A checkout lies outside of what is sent to docker, and comes in by a name.
fn dockerfile(text: &str, checkout: Option<&Path>) -> String {
    let Some(checkout) = checkout else {
        return text.to_owned();
    };
    // Docker reads quotes as a shell does.
    let checkout = terminal::quoted(checkout);
    let context = format!("docker build --build-context anabranch={checkout} ");
    let mount = format!("RUN --mount=type=bind,from=anabranch,target={checkout} ");
    text.replace("docker build ", &context)
        .replace("RUN ", &format!("{MOUNTED}{mount}"))
}

fn write(file: &Path, text: &str) -> Result {
    let written = file
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(file, text));
    written.map_err(|error| Error::because(format!("cannot write {}", file.display()), error))
}

/// Why cargo does not take a package, such as one in the folder of a workspace that does not name
/// it.
fn refusal(folder: &Path) -> Option<String> {
    let mut asked = Command::new(cargo());
    asked.args(["metadata", "--no-deps", "--offline", "--format-version=1"]);
    asked.arg("--manifest-path").arg(folder.join("Cargo.toml"));
    // Where there is no cargo, nothing is known.
    let answer = asked.output().ok()?;
    let said = String::from_utf8_lossy(&answer.stderr);
    let said = said.trim().trim_start_matches("error: ");
    (!answer.status.success()).then(|| said.to_owned())
}

/// Begins a git repository, unless the folder is in one or there is no git.
fn begin_repository(folder: &Path) {
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.arg("-C").arg(folder).args(arguments);
        let git = git.stdout(Stdio::null()).stderr(Stdio::null()).status();
        git.is_ok_and(|status| status.success())
    };
    if !git(&["rev-parse", "--git-dir"]) {
        git(&["init"]);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_of_the_template_is_written() {
        let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("template");
        let mut there = BTreeSet::new();
        for entry in ignore::Walk::new(&template) {
            let entry = entry.unwrap();
            if entry.path().is_file() {
                there.insert(fs::read_to_string(entry.path()).unwrap());
            }
        }
        let written: BTreeSet<_> = FILES.iter().map(|(_, text)| (*text).to_owned()).collect();
        assert_eq!(there, written);
    }

    #[test]
    fn anabranch_comes_from_the_checkout_or_from_the_registry() {
        let has = |manifest: &str, line: &str| assert!(manifest.contains(line), "{manifest}");
        let text = FILES[0].1;
        let published = manifest(text, None);
        let version = format!("version = {:?}", env!("CARGO_PKG_VERSION"));
        has(&published, &format!("anabranch = {{ {version} }}"));
        has(&published, &format!("anabranch-build = {{ {version} }}"));
        has(&published, &format!("anabranch-paint = {{ {version}, def"));
        let local = manifest(text, Some(Path::new("/src/anabranch")));
        has(&local, "anabranch = { path = \"/src/anabranch\" }");
        has(
            &local,
            "anabranch-build = { path = \"/src/anabranch/router/codegen\" }",
        );
        has(
            &local,
            "anabranch-paint = { path = \"/src/anabranch/browser-tests\", def",
        );
        assert!(!local.contains("0.0.0") && !published.contains("0.0.0"));
    }

    #[test]
    fn a_checkout_may_be_called_like_the_placeholder() {
        let checkout = Path::new("/src/my-app/anabranch");
        for (path, text) in FILES {
            let filled = filled_in(path, text, "delta", Some(checkout));
            let rest = filled.replace("/src/my-app/anabranch", "");
            assert!(!rest.contains(PLACEHOLDER), "{path}: {filled}");
            let names_it = matches!(path, "Cargo.toml" | "Dockerfile");
            assert_eq!(rest != filled, names_it, "{path}: {filled}");
        }
    }

    #[test]
    fn a_checkout_may_have_a_space_in_its_path() {
        let checkout = Path::new("/src/my files/anabranch");
        let text = filled_in("Dockerfile", FILES[3].1, "delta", Some(checkout));
        for part in [
            " --build-context anabranch='/src/my files/anabranch' ",
            ",target='/src/my files/anabranch' ",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }

    #[test]
    fn names_that_no_package_can_have_are_refused() {
        let name = |name: &str| {
            let new = New {
                folder: name.into(),
                name: None,
                path: None,
                no_git: true,
            };
            new.name().ok()
        };
        assert_eq!(name("hello-2_x").as_deref(), Some("hello-2_x"));
        assert_eq!(name("some/where/hello").as_deref(), Some("hello"));
        for wrong in [
            "2x",
            "a b",
            "ü",
            "test",
            "tokio",
            "a.b",
            "deps",
            "examples",
            "incremental",
            "tracing-subscriber",
        ] {
            assert_eq!(name(wrong), None, "{wrong}");
        }
    }
}
