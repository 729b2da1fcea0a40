//! S20: floors of dependencies, licences, and `forbid(unsafe_code)`.
//!
//! The rules are in `deny.toml`. What checks them without a network is `tests/supply`, which CI runs
//! too; that no package goes without the lints of the workspace is looked at here.

#[path = "../../../../tests/supply/check.rs"]
mod check;
#[path = "../../../../tests/supply/graph.rs"]
mod graph;
#[path = "../../../../tests/supply/policy.rs"]
mod policy;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::row::failed;
use crate::{Form, Outcome, Tried};
use check::{check_lock, check_packages, check_shipped};
use graph::{Graph, Lock};
use policy::Policy;

/// The packages that become part of an app. The others test and measure them.
const SHIPPED: [&str; 2] = ["anabranch", "anabranch-build"];

pub(super) async fn run(_: Form) -> Outcome {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .ok_or("no workspace")?;
    let packages = linted(root)?;
    let root = root.to_owned();
    let violations = tokio::task::spawn_blocking(move || violations(&root));
    let violations = violations.await.map_err(failed)??;
    crate::check!(violations.is_empty(), "{}", violations.join("\n"));
    Ok(format!(
        "{packages} packages forbid unsafe code; deny.toml holds for all that they depend on"
    ))
}

/// How many packages there are. Each has the lints of the workspace, and those forbid unsafe code.
fn linted(root: &Path) -> Tried<usize> {
    let read = |path: &Path| fs::read_to_string(path).map_err(failed);
    let workspace = read(&root.join("Cargo.toml"))?;
    crate::check!(
        workspace.contains("unsafe_code = \"forbid\""),
        "unsafe code is not forbidden"
    );
    let members = workspace.split_once("members = [").ok_or("no members")?.1;
    let members = members.split_once(']').ok_or("no end of the members")?.0;
    let members = members
        .split(',')
        .map(|member| member.trim().trim_matches('"'));
    let mut packages = 0;
    for member in members.filter(|member| !member.is_empty()).chain(["."]) {
        let manifest = read(&root.join(member).join("Cargo.toml"))?;
        let inherits = manifest.contains("[lints]\nworkspace = true");
        crate::check!(inherits, "{member} goes without the lints of the workspace");
        packages += 1;
    }
    Ok(packages)
}

/// What of the rules does not hold.
fn violations(root: &Path) -> Tried<Vec<String>> {
    let read = |file: &str| fs::read_to_string(root.join(file)).map_err(failed);
    let policy = Policy::parse(&read("deny.toml")?);
    let lock = Lock::parse(&read("Cargo.lock")?);
    let graph = Graph::parse(&metadata(root)?);
    let mut violations = check_lock(&policy, &lock);
    violations.extend(check_packages(&policy, &graph));
    violations.extend(check_shipped(&policy, &graph, &SHIPPED));
    Ok(violations)
}

/// What cargo knows of the packages for this machine. Those for others may not be downloaded.
fn metadata(root: &Path) -> Tried<String> {
    let version = cargo(root, &["-vV"])?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or("cargo does not say which machine it is for")?;
    let format = ["--format-version", "1", "--filter-platform", host];
    cargo(
        root,
        &[&["metadata", "--offline", "--locked"][..], &format].concat(),
    )
}

fn cargo(root: &Path, arguments: &[&str]) -> Tried<String> {
    let program = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let mut command = Command::new(program);
    let output = command.args(arguments).current_dir(root).output();
    let output = output.map_err(failed)?;
    let errors = String::from_utf8_lossy(&output.stderr);
    crate::check!(output.status.success(), "cargo {arguments:?}: {errors}");
    String::from_utf8(output.stdout).map_err(failed)
}
