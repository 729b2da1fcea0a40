//! The packages that are there: from `Cargo.lock` those of every platform, from `cargo metadata`
//! what their manifests say.

use std::collections::{BTreeMap, BTreeSet};

use semver::Version;
use serde::Deserialize;

/// `Cargo.lock`.
#[derive(Deserialize)]
pub(crate) struct Lock {
    #[serde(rename = "package")]
    pub(crate) packages: Vec<Locked>,
}

/// A package in `Cargo.lock`.
#[derive(Deserialize)]
pub(crate) struct Locked {
    pub(crate) name: String,
    pub(crate) version: Version,
    /// None for those of the workspace.
    pub(crate) source: Option<String>,
}

impl Lock {
    pub(crate) fn parse(text: &str) -> Self {
        toml::from_str(text).unwrap_or_else(|error| panic!("Cargo.lock: {error}"))
    }
}

/// What `cargo metadata` prints.
#[derive(Deserialize)]
pub(crate) struct Graph {
    pub(crate) packages: Vec<Package>,
    resolve: Resolve,
}

/// A manifest.
#[derive(Deserialize)]
pub(crate) struct Package {
    id: String,
    pub(crate) name: String,
    pub(crate) version: Version,
    pub(crate) license: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    features: Vec<String>,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<EdgeKind>,
}

#[derive(Deserialize)]
struct EdgeKind {
    /// None for ordinary dependencies, else `build` or `dev`.
    kind: Option<String>,
}

impl Graph {
    pub(crate) fn parse(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_else(|error| panic!("cargo metadata: {error}"))
    }

    /// The features of a package that something enables.
    pub(crate) fn features(&self, package: &Package) -> &[String] {
        let mut nodes = self.resolve.nodes.iter();
        let node = nodes.find(|node| node.id == package.id);
        node.map_or(&[], |node| &node.features)
    }

    /// The packages that a user of these builds: all but what is for their own tests.
    pub(crate) fn built_for(&self, roots: &[&str]) -> Vec<&Package> {
        let nodes: BTreeMap<_, _> = self.resolve.nodes.iter().map(|it| (&it.id, it)).collect();
        let named = |package: &&Package| roots.contains(&package.name.as_str());
        let mut todo: Vec<_> = self
            .packages
            .iter()
            .filter(named)
            .map(|it| &it.id)
            .collect();
        assert_eq!(todo.len(), roots.len(), "not all of {roots:?} are packages");
        let mut built = BTreeSet::new();
        while let Some(id) = todo.pop() {
            if built.insert(id) {
                let edges = nodes.get(id).into_iter().flat_map(|node| &node.deps);
                todo.extend(
                    edges
                        .filter(|edge| !edge.is_for_tests())
                        .map(|edge| &edge.pkg),
                );
            }
        }
        let packages = self.packages.iter();
        packages.filter(|it| built.contains(&it.id)).collect()
    }
}

impl Edge {
    fn is_for_tests(&self) -> bool {
        let mut kinds = self.dep_kinds.iter();
        kinds.all(|kind| kind.kind.as_deref() == Some("dev"))
    }
}
