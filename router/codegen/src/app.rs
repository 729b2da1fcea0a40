//! The folders of an app, and what happens with the outcome.

use std::path::{Path, PathBuf};
use std::{env, fs, io, process};

use crate::diagnostic::{Diagnostic, Level};
use crate::model::Segment;
use crate::scan::Folder;
use crate::{check, emit, model, scan};

/// Names the folder whose files become part of the executable, whatever the build script says.
const EMBED: &str = "ANABRANCH_EMBED_PUBLIC";

/// Wires the app in a folder of the package. To be called from `build.rs`.
///
/// Static files are served from the folder `public`. If the tree has mistakes, they are printed
/// and the build ends.
pub fn app(folder: impl Into<String>) {
    App::new().folder(folder).generate();
}

/// The folders of an app.
///
/// ```no_run
/// anabranch_build::App::new()
///     .folder("src/pages")
///     .public("assets")
///     .embed_public(true)
///     .generate();
/// ```
#[derive(Debug, Clone)]
pub struct App {
    folder: String,
    public: String,
    embed_public: bool,
    /// The folder in that of the app whose handlers are described for clients.
    openapi: Option<String>,
    /// None: the folder of the package that is being built.
    package: Option<PathBuf>,
    /// None: where the macro of the runtime looks for it.
    out: Option<PathBuf>,
}

impl Default for App {
    fn default() -> Self {
        Self {
            folder: "app".to_owned(),
            public: "public".to_owned(),
            embed_public: false,
            openapi: None,
            package: None,
            out: None,
        }
    }
}

impl App {
    /// An app in the folder `app`, with static files in the folder `public`.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The folder of the app, from the folder of the package.
    #[must_use]
    pub fn folder(mut self, folder: impl Into<String>) -> Self {
        self.folder = folder.into();
        self
    }

    /// The folder of static files, from the folder of the package. It need not exist, unless its
    /// files are to be [embedded](Self::embed_public).
    #[must_use]
    pub fn public(mut self, folder: impl Into<String>) -> Self {
        self.public = folder.into();
        self
    }

    /// Whether static files become a part of the executable. If not, they are read from their
    /// folder when they are asked for.
    #[must_use]
    pub fn embed_public(mut self, embed: bool) -> Self {
        self.embed_public = embed;
        self
    }

    /// Describes the handlers in a folder of the app and below as OpenAPI: the generated code has
    /// a function `openapi()` then. `"api"` is the folder `app/api`, `""` is the whole app.
    ///
    /// What it needs of the runtime is the feature `openapi` of `anabranch`.
    #[must_use]
    pub fn openapi(mut self, folder: impl Into<String>) -> Self {
        self.openapi = Some(folder.into());
        self
    }

    /// The folder of the package, if it is not the one that is being built.
    #[must_use]
    pub fn package(mut self, folder: impl Into<PathBuf>) -> Self {
        self.package = Some(folder.into());
        self
    }

    /// The generated file, if it is not `anabranch/app.rs` in the build script's `OUT_DIR`.
    #[must_use]
    pub fn out(mut self, file: impl Into<PathBuf>) -> Self {
        self.out = Some(file.into());
        self
    }

    /// Generates the code of the app, for a build script: tells cargo what it depends on, prints
    /// warnings and errors, and ends the process with status 1 if there are errors.
    pub fn generate(&self) {
        let app = self.embedding_as_told();
        let generated = app.run();
        print(&format!("cargo::rerun-if-env-changed={EMBED}"));
        for folder in &generated.watched {
            print(&format!("cargo::rerun-if-changed={folder}"));
        }
        let mut failed = false;
        for diagnostic in generated.diagnostics() {
            match diagnostic.level() {
                Level::Warning => print(&format!("cargo::warning={}", diagnostic.line())),
                Level::Error => {
                    eprintln!("{diagnostic}\n");
                    failed = true;
                }
            }
        }
        if let Err(error) = app.write(&generated) {
            eprintln!("error: the generated code cannot be written: {error}");
            failed = true;
        }
        if failed {
            process::exit(1);
        }
    }

    /// The same, but with static files embedded from a folder that the environment names, as it
    /// is when `cargo anabranch build` has prepared one.
    fn embedding_as_told(&self) -> Self {
        match env::var(EMBED) {
            Ok(folder) => self.clone().public(folder).embed_public(true),
            Err(_) => self.clone(),
        }
    }

    /// Generates the code of the app without writing it anywhere.
    #[must_use]
    pub fn run(&self) -> Generated {
        let package = self.package_folder();
        let folder = tidy(&self.folder);
        let mut diagnostics = Vec::new();
        if package.to_str().is_none() {
            let message =
                "the path of the package is not Unicode, so generated code cannot hold it";
            diagnostics.push(Diagnostic::error(message).at(&*package.to_string_lossy()));
        }
        let tree = self.tree(&package, &folder, &mut diagnostics);
        let described = self.described();
        if let (Some(tree), Some(described)) = (&tree, &described) {
            check::check_openapi(tree, described, &mut diagnostics);
        }
        let before = diagnostics.len();
        let public = self.public_files(&package, tree.as_ref(), &mut diagnostics);
        // A warning about a file has to go when the file does.
        let public_matters = self.embed_public || diagnostics.len() > before;
        diagnostics.sort_by_key(Diagnostic::level);
        let failed = diagnostics.iter().any(|one| one.level() == Level::Error);
        let code = match (&tree, public) {
            (Some(tree), Some(public)) if !failed => {
                emit::app(tree, &package, &public, described.as_deref())
            }
            (tree, _) => emit::broken(tree.as_ref(), &folder, &package),
        };
        Generated {
            code,
            diagnostics,
            watched: self.watched(&package, public_matters),
        }
    }

    /// The folder whose handlers are described, from the package.
    fn described(&self) -> Option<String> {
        let folder = tidy(self.openapi.as_ref()?);
        let app = tidy(&self.folder);
        Some(match folder.as_str() {
            "" | "." => app,
            below => format!("{app}/{below}"),
        })
    }

    /// The folders that the outcome depends on.
    fn watched(&self, package: &Path, public_matters: bool) -> Vec<String> {
        let mut folders = vec![tidy(&self.folder)];
        let public = tidy(&self.public);
        // For cargo, what is not there has changed each time.
        if public_matters && package.join(&public).exists() {
            folders.push(public);
        }
        let place = fixed_place(package);
        let folders = folders.iter().map(|folder| place.join(folder));
        folders.map(|path| path.display().to_string()).collect()
    }

    /// The tree of the app's folder; what is wrong with it is told.
    pub(crate) fn segments(&self, told: &mut Vec<Diagnostic>) -> Option<Segment> {
        self.tree(&self.package_folder(), &tidy(&self.folder), told)
    }

    /// Scans and checks the app's folder.
    fn tree(&self, package: &Path, folder: &str, told: &mut Vec<Diagnostic>) -> Option<Segment> {
        match scan::app(&package.join(folder), folder) {
            Ok(found) => {
                let tree = model::build(&found, told);
                check::check(&found, &tree, told);
                Some(tree)
            }
            Err(error) => {
                told.push(check::unreadable(folder, &package.join(folder), &error));
                None
            }
        }
    }

    /// Scans and checks the public folder.
    fn public_files(
        &self,
        package: &Path,
        tree: Option<&Segment>,
        told: &mut Vec<Diagnostic>,
    ) -> Option<emit::Public> {
        let folder = tidy(&self.public);
        let found = match scan::public(&package.join(&folder), &folder) {
            Ok(found) => found,
            // It is read at run time, and may be there then.
            Err(_) if !self.embed_public => Folder::default(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                told.push(check::nothing_to_embed(&folder));
                Folder::default()
            }
            Err(error) => {
                let message = format!("the public folder cannot be read: {error}");
                told.push(Diagnostic::error(message).at(&folder));
                return None;
            }
        };
        if let Some(tree) = tree {
            check::check_public(&found, tree, told);
        }
        if self.embed_public {
            check::closed_links(&found, told);
        }
        Some(match self.embed_public {
            true => emit::Public::Embedded(found),
            false => emit::Public::Folder(folder),
        })
    }

    /// The static files, as they are embedded, whether the build script says so or not.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn static_files(&self) -> io::Result<StaticFiles> {
        let folder = tidy(&self.public);
        let found = scan::public(&self.package_folder().join(&folder), &folder)?;
        let below = |path: &str| path[folder.len() + 1..].to_owned();
        Ok(StaticFiles {
            files: found.walk().iter().map(|it| below(&it.path)).collect(),
            closed_links: found.closed().into_iter().map(below).collect(),
            unnamed: found.unnamed().into_iter().map(below).collect(),
        })
    }

    /// Writes the code, and a copy that is easy to find below the target folder. A file that
    /// would not change is left alone, so that nothing is compiled again for it.
    ///
    /// # Errors
    /// If a file cannot be written, or nothing says where it belongs.
    pub fn write(&self, generated: &Generated) -> io::Result<()> {
        let file = match (&self.out, env::var_os("OUT_DIR")) {
            (Some(file), _) => file.clone(),
            (None, Some(folder)) => Path::new(&folder).join("anabranch").join("app.rs"),
            (None, None) => {
                return Err(io::Error::other(
                    "there is no OUT_DIR: call this from build.rs",
                ));
            }
        };
        write_changed(&file, &generated.code)?;
        let package = env::var("CARGO_PKG_NAME");
        if let (Some(target), Ok(package)) = (target_folder(&file), package) {
            let copy = target.join("anabranch").join(package).join("app.rs");
            write_changed(&copy, &generated.code)?;
        }
        Ok(())
    }

    fn package_folder(&self) -> PathBuf {
        let package = self.package.clone();
        let package = package.or_else(|| env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from));
        package.unwrap_or_default()
    }
}

/// The package's folder by a name that cargo does not make relative to the package, as it does with
/// paths inside of it. The generated code has absolute paths, so a package that was moved or renamed
/// has to be generated anew; for cargo, which misses the folder at its old place, it has changed.
fn fixed_place(package: &Path) -> PathBuf {
    match package.strip_prefix("/") {
        Ok(below) => Path::new("/..").join(below),
        Err(_) => package.to_owned(),
    }
}

/// The code of an app, and what there is to say about it.
#[derive(Debug, Clone)]
pub struct Generated {
    code: String,
    diagnostics: Vec<Diagnostic>,
    /// The folders that it depends on, for cargo.
    watched: Vec<String>,
}

impl Generated {
    /// The code. If there are errors it does not compile, and says so.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Errors, then warnings.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

/// The static files of an app.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StaticFiles {
    /// From the public folder, with `/` on every platform.
    pub files: Vec<String>,
    /// Links that are not followed: they lead outside, to what is hidden or not there, or to a
    /// folder that they are in.
    pub closed_links: Vec<String>,
    /// What is never sent, because no URL names it.
    pub unnamed: Vec<String>,
}

/// Writes a file unless it has this content already.
fn write_changed(file: &Path, content: &str) -> io::Result<()> {
    if fs::read(file).is_ok_and(|old| old == content.as_bytes()) {
        return Ok(());
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, content)
}

/// The target folder that a file is in: the one that cargo marks.
fn target_folder(file: &Path) -> Option<&Path> {
    let mut ancestors = file.ancestors();
    ancestors.find(|folder| folder.join(".rustc_info.json").exists())
}

/// The path of a folder with `/` on every platform, without what changes nothing.
fn tidy(folder: &str) -> String {
    let folder = folder.replace('\\', "/");
    let folder = folder.trim_end_matches('/');
    folder.strip_prefix("./").unwrap_or(folder).to_owned()
}

/// Tells cargo something.
#[expect(clippy::print_stdout, reason = "cargo reads it")]
fn print(line: &str) {
    println!("{line}");
}
