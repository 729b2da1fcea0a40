//! The package that a command works on, as `cargo metadata` describes it.

use std::collections::{BTreeSet, HashMap};
use std::env;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use clap::Args;
use serde::Deserialize;

use crate::error::{Error, Result};

/// Which package, and which of its binaries.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Selection {
    /// The package of the app [default: the one of the working directory]
    #[arg(short, long, value_name = "NAME")]
    package: Option<String>,
    /// The binary that serves it, where the package has several
    #[arg(long, value_name = "NAME")]
    bin: Option<String>,
    /// The path of a Cargo.toml
    #[arg(long, value_name = "FILE")]
    manifest_path: Option<PathBuf>,
}

/// A package with an app.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    /// Its identity, as cargo's messages have it.
    pub(crate) id: String,
    pub(crate) name: String,
    /// Where its manifest is.
    pub(crate) folder: PathBuf,
    pub(crate) manifest: PathBuf,
    /// Names of its binaries, and the one that cargo would run.
    bins: Vec<String>,
    default_run: Option<String>,
    pub(crate) layout: Layout,
    pub(crate) workspace: PathBuf,
    pub(crate) target: PathBuf,
    /// The folders of the package and of all that it depends on by path.
    pub(crate) sources: BTreeSet<PathBuf>,
    /// Whether it depends on the crate, by which a package may serve pages without files.
    uses_anabranch: bool,
    wanted_bin: Option<String>,
}

/// The folders of the app in its package: `package.metadata.anabranch` in its manifest, to be
/// the same as in its build script.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(crate) struct Layout {
    pub(crate) app: String,
    pub(crate) public: String,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            app: "app".to_owned(),
            public: "public".to_owned(),
        }
    }
}

/// The cargo that has called this, or the one in `PATH`.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

impl Project {
    /// Asks cargo.
    pub(crate) fn find(selection: &Selection) -> Result<Self> {
        Self::answered(selection, Self::question(selection).output())
    }

    /// What to ask cargo.
    pub(crate) fn question(selection: &Selection) -> Command {
        let mut command = Command::new(cargo());
        command.args(["metadata", "--format-version", "1"]);
        if let Some(manifest) = &selection.manifest_path {
            command.arg("--manifest-path").arg(manifest);
        }
        command
    }

    /// Reads its answer.
    pub(crate) fn answered(selection: &Selection, output: io::Result<Output>) -> Result<Self> {
        let output = output.map_err(|error| Error::because("cannot run cargo", error))?;
        let metadata = Metadata::read(&output)?;
        let root = metadata.root(selection.package.as_deref())?;
        let folder = folder(&root.manifest_path);
        let sources = metadata.sources(root);
        let mut dependencies = root.dependencies.iter();
        let uses_anabranch = dependencies.any(|one| one.name == "anabranch");
        Ok(Self {
            id: root.id.clone(),
            name: root.name.clone(),
            folder,
            manifest: root.manifest_path.clone(),
            bins: root.bins(),
            default_run: root.default_run.clone(),
            layout: root.layout(),
            workspace: metadata.workspace_root,
            target: metadata.target_directory,
            sources,
            uses_anabranch,
            wanted_bin: selection.bin.clone(),
        })
    }

    /// The name of the binary that serves the app.
    pub(crate) fn bin(&self) -> Result<&str> {
        let named = self.wanted_bin.as_ref().or(self.default_run.as_ref());
        match (named, self.bins.as_slice()) {
            (Some(name), bins) if bins.contains(name) => Ok(name),
            (Some(name), _) => Err(Error::new(format!(
                "the package `{}` has no binary `{name}`",
                self.name
            ))),
            (None, [only]) => Ok(only),
            (None, []) => Err(Error::new(format!(
                "the package `{}` has no binary that could serve it",
                self.name
            ))),
            (None, several) => Err(Error::new(format!(
                "the package `{}` has several binaries: say `--bin` and one of {}",
                self.name,
                several.join(", ")
            ))),
        }
    }

    /// # Errors
    /// If there is nothing of Anabranch in the package: no folder of files, and not the crate.
    pub(crate) fn has_app(&self) -> Result {
        let folder = self.folder.join(&self.layout.app);
        match self.uses_anabranch || folder.is_dir() {
            true => Ok(()),
            false => Err(self.no_app()),
        }
    }

    /// That the folder of the app is not there. It is also what a build script with a folder of
    /// its own comes to, since only the manifest is read here.
    pub(crate) fn no_app(&self) -> Error {
        let app = &self.layout.app;
        let folder = self.folder.join(app).display().to_string();
        Error::new(format!(
            "there is no app in {folder}: create `{app}/page.rs`, or name in Cargo.toml the folder \
             that the build script names\n\n    [package.metadata.anabranch]\n    app = \"src/pages\""
        ))
    }

    pub(crate) fn public(&self) -> PathBuf {
        self.folder.join(&self.layout.public)
    }

    /// Where the files of a folder of the package are. That may be outside of the package, by a
    /// link or by `..` in its name.
    pub(crate) fn place(&self, folder: &str) -> PathBuf {
        let named = self.folder.join(folder);
        let (Ok(place), Ok(package)) = (named.canonicalize(), self.folder.canonicalize()) else {
            return named;
        };
        match place.strip_prefix(package) {
            Ok(below) => self.folder.join(below),
            Err(_) => place,
        }
    }
}

fn folder(manifest: &Path) -> PathBuf {
    manifest.parent().unwrap_or(manifest).to_owned()
}

/// What is read of `cargo metadata`.
#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    workspace_root: PathBuf,
    target_directory: PathBuf,
    resolve: Resolve,
}

#[derive(Debug, Deserialize)]
struct Package {
    id: String,
    name: String,
    manifest_path: PathBuf,
    /// None for a folder.
    source: Option<String>,
    default_run: Option<String>,
    dependencies: Vec<Dependency>,
    targets: Vec<Target>,
    metadata: Option<serde_json::Value>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
    /// The package of the working directory, if it is in one.
    root: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    dependencies: Vec<String>,
}

impl Metadata {
    fn read(output: &Output) -> Result<Self> {
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let said = said.trim().trim_start_matches("error: ");
            return Err(Error::new(said));
        }
        serde_json::from_slice(&output.stdout)
            .map_err(|error| Error::because("cannot read what `cargo metadata` says", error))
    }

    fn root(&self, name: Option<&str>) -> Result<&Package> {
        let members: Vec<_> = self
            .packages
            .iter()
            .filter(|package| self.workspace_members.contains(&package.id))
            .collect();
        let found = match (name, &self.resolve.root, members.as_slice()) {
            (Some(name), _, members) => members.iter().find(|package| package.name == name),
            (None, Some(root), members) => members.iter().find(|package| package.id == *root),
            (None, None, [only]) => Some(only),
            (None, None, _) => None,
        };
        found.copied().ok_or_else(|| {
            let names: Vec<_> = members.iter().map(|package| &*package.name).collect();
            let names = names.join(", ");
            Error::new(match name {
                Some(name) => format!("there is no package `{name}`, only {names}"),
                None => format!("say which package the app is in: `--package` and one of {names}"),
            })
        })
    }

    /// The folders of a package and of those that it depends on by path.
    fn sources(&self, root: &Package) -> BTreeSet<PathBuf> {
        let packages: HashMap<_, _> = self.packages.iter().map(|one| (&one.id, one)).collect();
        let nodes: HashMap<_, _> = self
            .resolve
            .nodes
            .iter()
            .map(|one| (&one.id, one))
            .collect();
        let mut found = BTreeSet::new();
        let mut todo = vec![&root.id];
        while let Some(id) = todo.pop() {
            let local = packages.get(id).filter(|one| one.source.is_none());
            if let Some(package) = local
                && found.insert(folder(&package.manifest_path))
                && let Some(node) = nodes.get(id)
            {
                todo.extend(&node.dependencies);
            }
        }
        found
    }
}

impl Package {
    fn bins(&self) -> Vec<String> {
        let bins = self.targets.iter();
        let bins = bins.filter(|target| target.kind.iter().any(|kind| kind == "bin"));
        bins.map(|target| target.name.clone()).collect()
    }

    fn layout(&self) -> Layout {
        let ours = self.metadata.as_ref().and_then(|all| all.get("anabranch"));
        ours.and_then(|ours| Layout::deserialize(ours).ok())
            .unwrap_or_default()
    }
}
