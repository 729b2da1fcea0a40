//! `cargo anabranch new`, and what can be done with what it makes: its tests, its routes, its
//! binary, with Anabranch from this checkout.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

#[test]
fn a_new_app_is_tested_inspected_and_built() {
    let folder = tempfile::tempdir().unwrap();
    // An empty repository, as a host of code gives it away.
    let app = folder.path().join("delta");
    fs::create_dir_all(app.join(".git")).unwrap();
    good(&anabranch(&app, &["new", "."]));
    // Versions that are on this machine.
    fs::copy(root().join("Cargo.lock"), app.join("Cargo.lock")).unwrap();

    let formatted = Command::new("rustfmt")
        .args(["--edition", "2024", "--check"])
        .args(rust_files(&app))
        .output()
        .unwrap();
    good(&formatted);
    // Its tests outlive the edit that its first page invites.
    change_headline(&app.join("app/page.rs"));
    good(&cargo(&app, &["test", "--offline"]));

    let checked = anabranch(&app, &["check"]);
    assert!(
        text(&checked.stderr).contains("no errors, no warnings"),
        "{checked:?}"
    );
    let routes = good(&anabranch(&app, &["routes"]));
    for line in ["/ ", "/api/rivers", "/rivers/[name]", "loading.rs page.rs"] {
        assert!(routes.contains(line), "{routes}");
    }

    // A profile of its own would compile everything once more.
    let arguments = ["build", "--precompress", "--profile=dev", "--", "--offline"];
    let built = anabranch(&app, &arguments);
    let said = text(&built.stderr);
    assert!(built.status.success(), "{said}");
    assert!(
        said.contains("with the 2 files of public/ and 2 compressed ones"),
        "{said}"
    );
    let binary = target().join("debug/delta");
    // From an empty folder: all that it needs is in it.
    let site = Site::start(&binary, "warn");
    let style = site.get("/style.css", "br");
    assert!(style.contains("content-encoding: br"), "{style}");
    assert!(site.get("/", "").contains("Amazon"));
    // S18: nothing of the dev server is in it.
    let channel = site.get("/_anabranch/events", "");
    assert!(channel.starts_with("HTTP/1.1 404"), "{channel}");
    // It was asked for warnings, and nothing has gone wrong.
    let log = site.end();
    assert!(!log.contains("anabranch"), "{log}");

    let site = Site::start(&binary, "info");
    site.get("/", "");
    let log = site.end();
    assert!(log.contains("INFO anabranch"), "{log}");
    // No terminal shows it, so it has no colours.
    assert!(!log.contains('\x1b'), "{log}");
}

#[test]
fn the_guide_says_how_many_crates_a_new_app_is_built_of() {
    let folder = tempfile::tempdir().unwrap();
    let app = folder.path().join("delta");
    good(&anabranch(folder.path(), &["new", "delta"]));
    let built = Crates::of(&app, "normal,build");
    let tested = Crates::of(&app, "normal,build,dev");
    let manifest = fs::read_to_string(app.join("Cargo.toml")).unwrap();
    let with_browser = manifest.replace(", default-features = false }\ntokio", " }\ntokio");
    assert_ne!(with_browser, manifest);
    fs::write(app.join("Cargo.toml"), with_browser).unwrap();
    let painted = Crates::of(&app, "normal,build,dev");

    assert_eq!(tested.ours - built.ours, 1);
    let more = tested.others - built.others;
    let with_browser = painted.others - built.others;
    says(
        "docs/cli.md",
        &format!(
            "On Linux the app is built of {} crates, and of the {} of Anabranch itself. \
             `cargo test` builds {more} more, and `anabranch-paint`.",
            built.others, built.ours,
        ),
    );
    says(
        "docs/testing.md",
        &format!(
            "In an app that `cargo anabranch new` has made, that is {more} crates on Linux besides \
             those of the app, and {with_browser} with the browser."
        ),
    );
}

/// How many crates an app is built of, besides itself.
struct Crates {
    ours: usize,
    others: usize,
}

impl Crates {
    fn of(app: &Path, edges: &str) -> Self {
        // Each time, because cargo drops the versions of what the app does not use.
        fs::copy(root().join("Cargo.lock"), app.join("Cargo.lock")).unwrap();
        let edges = format!("--edges={edges}");
        let mut tree = vec!["tree", "--offline", &edges, "--prefix=none"];
        tree.extend(["--target=x86_64-unknown-linux-gnu", "--format={p}"]);
        let tree = good(&cargo(app, &tree));
        // `name v1.2.3 (proc-macro)`, and a folder for what is not from a registry.
        let crates: BTreeSet<_> = tree
            .lines()
            .map(|line| line.splitn(3, ' ').collect::<Vec<_>>())
            .filter(|words| words.len() >= 2)
            .map(|words| (words[0], words[1]))
            .filter(|(name, _)| *name != "delta")
            .collect();
        let is_ours = |(name, _): &&(&str, &str)| name.starts_with("anabranch");
        let ours = crates.iter().filter(is_ours).count();
        let others = crates.len() - ours;
        Self { ours, others }
    }
}

fn says(chapter: &str, sentence: &str) {
    let guide = fs::read_to_string(root().join(chapter)).unwrap();
    assert!(
        guide.contains(sentence),
        "{chapter} does not say: {sentence}"
    );
}

#[test]
fn nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("README.md"), "mine").unwrap();
    let refused = anabranch(folder.path(), &["new", ".", "--name", "delta"]);
    assert!(!refused.status.success());
    assert!(text(&refused.stderr).contains("README.md"), "{refused:?}");
    let readme = fs::read_to_string(folder.path().join("README.md")).unwrap();
    assert_eq!(readme, "mine");
    assert!(!folder.path().join("Cargo.toml").exists());
}

#[test]
fn a_workspace_that_does_not_name_the_app_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("Cargo.toml");
    for (members, is_told) in [("", true), ("\"apps/*\"", false)] {
        let manifest = format!("[workspace]\nmembers = [{members}]\nresolver = \"3\"\n");
        fs::write(&workspace, manifest).unwrap();
        let app = format!("apps/delta{}", members.len());
        let made = anabranch(folder.path(), &["new", &app]);
        good(&made);
        let said = text(&made.stderr);
        let tells = said.contains("warning: cargo does not take it as it is: ");
        assert_eq!(tells, is_told, "{said}");
        assert_eq!(said.contains("`workspace.members`"), is_told, "{said}");
    }
}

/// The app, served from an empty folder. Ended when dropped.
struct Site {
    process: Child,
    address: String,
    _folder: TempDir,
}

impl Site {
    fn start(binary: &Path, log: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let mut process = Command::new(binary)
            .current_dir(folder.path())
            .env("PORT", address.port().to_string())
            .env("RUST_LOG", log)
            .env_remove("CLICOLOR_FORCE")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It says where it listens when it does.
        let read = process.stderr.as_mut().unwrap().read(&mut [0]);
        assert_eq!(read.unwrap(), 1, "it has ended");
        Self {
            process,
            address: address.to_string(),
            _folder: folder,
        }
    }

    /// What it has logged.
    fn end(mut self) -> String {
        self.process.kill().unwrap();
        let mut log = String::new();
        let said = self.process.stderr.as_mut().unwrap();
        said.read_to_string(&mut log).unwrap();
        log
    }

    /// Head and body, as they come.
    fn get(&self, path: &str, coding: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: {coding}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// That of the workspace, in which most of what the app needs is built already.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn anabranch(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tested-cargo-anabranch"));
    let command = command.arg("anabranch").args(arguments).current_dir(folder);
    command.env("CARGO_TARGET_DIR", target()).output().unwrap()
}

fn cargo(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO"));
    let command = command.args(arguments).current_dir(folder);
    command.env("CARGO_TARGET_DIR", target()).output().unwrap()
}

/// What a command printed that has succeeded.
fn good(output: &Output) -> String {
    let said = text(&output.stderr);
    assert!(output.status.success(), "{said}\n{}", text(&output.stdout));
    text(&output.stdout)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn change_headline(page: &Path) {
    let source = fs::read_to_string(page).unwrap();
    let (before, rest) = source.split_once("h1 { \"").unwrap();
    let (_, after) = rest.split_once('"').unwrap();
    fs::write(page, format!("{before}h1 {{ \"Hello\"{after}")).unwrap();
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(path);
        }
    }
    found
}
