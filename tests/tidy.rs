//! What ARCHITECTURE.md says of the repository, as far as a machine can check it.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// Which of our crates each of them may use. Imports run downward only.
const LAYERS: [(&str, &[&str]); 11] = [
    ("router/codegen", &[]),
    ("cli", &["router/codegen"]),
    ("html", &[]),
    ("fragments", &["html"]),
    ("boundaries", &["html"]),
    ("engine", &["boundaries", "html"]),
    ("router", &["engine", "boundaries", "html"]),
    ("server", &["engine", "boundaries", "html"]),
    ("inspector", &["engine", "html"]),
    ("openapi", &["router", "server", "engine"]),
    (
        ".",
        &[
            "router",
            "server",
            "inspector",
            "openapi",
            "fragments",
            "engine",
            "boundaries",
            "html",
        ],
    ),
];

#[test]
fn every_source_file_says_what_it_is() {
    let silent: Vec<_> = rust_files(&root())
        .into_iter()
        .filter(|file| {
            let text = read(file);
            // A crate's documentation may be a file of its own.
            !text.starts_with("//!") && !text.starts_with("#![doc = include_str!(")
        })
        .collect();
    assert!(silent.is_empty(), "no module documentation: {silent:#?}");
}

#[test]
fn imports_run_downward_only() {
    let ours: BTreeMap<_, _> = LAYERS
        .iter()
        .map(|(folder, _)| (name(folder), folder))
        .collect();
    for (folder, allowed) in LAYERS {
        let manifest = manifest(&root().join(folder));
        let used: BTreeSet<_> = table(&manifest, "dependencies")
            .keys()
            .filter_map(|dependency| ours.get(dependency.as_str()))
            .filter(|used| !allowed.contains(*used))
            .collect();
        assert!(used.is_empty(), "{folder} may not use {used:?}");
    }
}

#[test]
fn only_the_upper_crates_know_a_runtime_and_a_server() {
    let dependencies = |folder| table(&manifest(&root().join(folder)), "dependencies");
    assert!(dependencies("html").is_empty(), "html depends on nothing");
    for (folder, unknown) in [
        ("boundaries", ["tokio", "hyper", "axum"]),
        ("engine", ["hyper", "hyper-util", "axum"]),
    ] {
        for name in unknown {
            assert!(
                !dependencies(folder).contains_key(name),
                "{name} in {folder}"
            );
        }
    }
}

#[test]
fn each_crate_keeps_to_its_own_matter() {
    let rules: [(&[&str], &[&str], &str); 3] = [
        (
            &["html"],
            &["async fn", "async move", ".await", "Future", "futures"],
            "html is synchronous",
        ),
        (
            &["html", "router", "."],
            &["FuturesUnordered", "from_waker", "poll_fn"],
            "only engine drives a page",
        ),
        (
            &["html", "boundaries", "engine", "."],
            &["axum::"],
            "only router names axum's routing",
        ),
    ];
    for (folders, words, reason) in rules {
        for file in folders.iter().flat_map(|folder| sources(folder)) {
            let code = code(&file);
            for word in words {
                assert!(
                    !code.contains(word),
                    "{word} in {}: {reason}",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn one_file_walks_the_app_folder() {
    let walkers: Vec<_> = sources("router/codegen")
        .into_iter()
        .filter(|file| code(file).contains("read_dir"))
        .collect();
    let scan = root().join("router/codegen/src/scan.rs");
    assert_eq!(walkers, [scan]);
}

#[test]
fn nothing_is_unsafe() {
    let root = manifest(&root());
    let rust = &root["workspace"]["lints"]["rust"];
    assert_eq!(rust["unsafe_code"].as_str(), Some("forbid"));
    for folder in members() {
        let manifest = manifest(&folder);
        let inherits = manifest
            .get("lints")
            .and_then(|lints| lints.get("workspace"));
        assert_eq!(
            inherits.and_then(Value::as_bool),
            Some(true),
            "{} does not take the lints of the workspace",
            folder.display()
        );
    }
}

#[test]
fn versions_of_dependencies_stand_in_one_place() {
    const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];
    for folder in members() {
        let manifest = manifest(&folder);
        let platforms = table(&manifest, "target");
        let platforms = platforms.values().filter_map(Value::as_table).cloned();
        for part in platforms.chain([manifest]) {
            for (name, source) in TABLES.iter().flat_map(|tables| table(&part, tables)) {
                let inherited = source.get("workspace").and_then(Value::as_bool);
                assert!(
                    inherited == Some(true) && source.get("version").is_none(),
                    "{name} in {}: write `{name}.workspace = true`",
                    folder.display()
                );
            }
        }
    }
}

#[test]
fn paths_that_architecture_names_exist() {
    let text = read(&root().join("ARCHITECTURE.md"));
    let paths: Vec<_> = quoted(&text).filter(|word| is_path(word)).collect();
    assert!(paths.len() >= 10, "only {paths:?} look like paths");
    let missing: Vec<_> = paths
        .into_iter()
        .filter(|path| !root().join(path).exists())
        .collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names {missing:?}");
}

/// Words in backticks, without those of code blocks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let prose = text.split("```").step_by(2);
    prose.flat_map(|part| part.split('`').skip(1).step_by(2))
}

/// Whether a word is the path of a file or a folder of this repository, from its root.
fn is_path(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let folder = word.ends_with('/') && word != "app/";
    let file = [".rs", ".md", ".toml", ".js", ".html", ".sql"]
        .iter()
        .any(|extension| word.ends_with(extension));
    word.chars().all(plain) && !word.starts_with('/') && (folder || file && word.contains('/'))
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Folders of all packages.
fn members() -> Vec<PathBuf> {
    let manifest = manifest(&root());
    let members = manifest["workspace"]["members"].as_array();
    let members = members.into_iter().flatten().filter_map(Value::as_str);
    members
        .chain(["."])
        .map(|folder| root().join(folder))
        .collect()
}

fn manifest(folder: &Path) -> Table {
    read(&folder.join("Cargo.toml")).parse().unwrap()
}

/// Name of the package in a folder.
fn name(folder: &str) -> String {
    let manifest = manifest(&root().join(folder));
    manifest["package"]["name"].as_str().unwrap().to_owned()
}

/// A table of a manifest, empty if it has none.
fn table(manifest: &Table, name: &str) -> Table {
    let found = manifest.get(name).and_then(Value::as_table);
    found.cloned().unwrap_or_default()
}

/// Sources of the package in a folder, without its tests.
fn sources(folder: &str) -> Vec<PathBuf> {
    rust_files(&root().join(folder).join("src"))
}

/// The lines of a file that are no comments.
fn code(file: &Path) -> String {
    let text = read(file);
    let lines = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// All Rust files below a folder, without what is built.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                if name != "target" && name != "node_modules" && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if name.ends_with(".rs") {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "no sources in {}", folder.display());
    found
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
