//! Every package of the repository forbids unsafe code, those outside the workspace as well.

use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

#[test]
fn every_package_forbids_unsafe_code() {
    let found = manifests(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(found.len() > 10, "{found:?}");
    let violations: Vec<_> = found
        .iter()
        .filter_map(|path| {
            let text = fs::read_to_string(path).expect("a manifest is readable");
            let violation = check_manifest(&text)?;
            Some(format!("{}: {violation}", path.display()))
        })
        .collect();
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

/// What is missing in a manifest.
fn check_manifest(text: &str) -> Option<&'static str> {
    let manifest: Table = text.parse().expect("cargo reads it");
    let at = |path: &[&str]| {
        let (first, rest) = path.split_first()?;
        let start = manifest.get(*first);
        rest.iter().fold(start, |value, name| value?.get(*name))
    };
    let inherits = at(&["lints", "workspace"]).and_then(Value::as_bool);
    if manifest.contains_key("package") && inherits != Some(true) {
        return Some("the package does not take the lints of its workspace");
    }
    let level = at(&["workspace", "lints", "rust", "unsafe_code"]).and_then(Value::as_str);
    if manifest.contains_key("workspace") && level != Some("forbid") {
        return Some("the workspace does not forbid unsafe code");
    }
    None
}

fn manifests(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder is readable") {
        let path = entry.expect("a folder is readable").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if name != "target" && name != "node_modules" && !name.starts_with('.') {
                found.extend(manifests(&path));
            }
        } else if name == "Cargo.toml" {
            found.push(path);
        }
    }
    found
}

#[test]
fn a_manifest_without_the_lint_is_found() {
    let package = "[package]\nname = \"a\"\n";
    let inherits = "[lints]\nworkspace = true\n";
    let forbids = "[workspace.lints.rust]\nunsafe_code = \"forbid\"\n";
    for (text, whole) in [
        (format!("{package}{inherits}"), true),
        (format!("{package}{inherits}{forbids}"), true),
        (package.to_owned(), false),
        (
            format!("{package}[lints.rust]\nunsafe_code = \"allow\"\n"),
            false,
        ),
        (format!("{package}{inherits}[workspace]\n"), false),
        (forbids.replace("forbid", "warn"), false),
    ] {
        assert_eq!(check_manifest(&text).is_none(), whole, "{text}");
    }
}
