//! The rules of `deny.toml`, checked without a network and without `cargo deny`.
//!
//! That tool knows more: licence texts, yanked versions, advisories. What is checked here holds
//! wherever the tests run: licences, sources, banned crates, floors of versions, and denied
//! features; and that no package allows unsafe code. `examples` shows that each rule can be broken.

mod check;
mod examples;
mod graph;
mod manifests;
mod policy;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::check::{check_lock, check_packages, check_shipped};
use crate::graph::{Graph, Lock};
use crate::policy::Policy;

/// The packages that become part of an app. The others test and measure them.
const SHIPPED: [&str; 2] = ["anabranch", "anabranch-build"];

#[test]
fn dependencies_keep_the_rules() {
    let policy = Policy::parse(&read("deny.toml"));
    let lock = Lock::parse(&read("Cargo.lock"));
    let graph = Graph::parse(&metadata());
    let mut violations = check_lock(&policy, &lock);
    violations.extend(check_packages(&policy, &graph));
    violations.extend(check_shipped(&policy, &graph, &SHIPPED));
    assert!(violations.is_empty(), "{}", violations.join("\n"));
}

/// What cargo knows of the packages for this machine. Those for others may not be downloaded.
fn metadata() -> String {
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.expect("cargo says which machine it is for");
    let format = ["--format-version", "1", "--filter-platform", host];
    cargo(&[&["metadata", "--offline", "--locked"][..], &format].concat())
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo, which runs this test, can be started");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
