//! `cargo anabranch client`, with the example `examples/client`: its TypeScript compiles, does what
//! it says, and stops compiling when a field has another name in Rust.
//!
//! The packages of npm are in `client/` of the target folder, where `scripts/test` puts them. Where
//! they are not, the test of the example says so and does nothing, unless `ANABRANCH_NODE` is set.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

#[path = "dev/children.rs"]
mod children;

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use std::{env, fs};

use children::{child_of, is_left};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

#[test]
fn a_field_that_is_renamed_in_rust_breaks_the_typescript() {
    let Some(app) = Example::copy() else {
        assert!(
            env::var_os("ANABRANCH_NODE").is_none(),
            "no packages of npm: run scripts/test"
        );
        eprintln!("not tested: there are no packages of npm, which scripts/test installs");
        return;
    };
    good(&app.generate());
    good(&app.compile());
    assert_eq!(
        app.run(),
        "Amazon: 6400 km, with an estuary\n\
         Lena: 4294 km, with a delta\n\
         Ob: 3650 km, with an estuary\n\
         Conflict\n"
    );

    for file in ["src/rivers.rs", "app/api/rivers/route.rs"] {
        let file = app.folder.path().join(file);
        let text = fs::read_to_string(&file).unwrap();
        fs::write(file, text.replace("length", "kilometres")).unwrap();
    }
    good(&app.generate());
    let compiled = app.compile();
    let said = text(&compiled.stdout);
    assert!(!compiled.status.success(), "{said}");
    let place = "rivers.ts(";
    let reason = "Property 'length' does not exist on type";
    assert!(said.contains(place) && said.contains(reason), "{said}");
}

#[test]
fn what_is_missing_is_said_before_anything_is_built() {
    let folder = package();
    let missing = text(&client(folder.path()).output().unwrap().stderr);
    assert!(missing.contains("there is no folder"), "{missing}");
    fs::create_dir(folder.path().join("client")).unwrap();
    let missing = text(&client(folder.path()).output().unwrap().stderr);
    let install = "--save-dev openapi-typescript typescript@5";
    assert!(
        missing.contains("is not installed") && missing.contains(install),
        "{missing}"
    );

    install_generator(folder.path(), "");
    // Nothing but the compiler, whose version cargo asks for.
    let path = tempfile::tempdir().unwrap();
    let rustc = Path::new(env!("CARGO")).with_file_name("rustc");
    symlink(rustc, path.path().join("rustc")).unwrap();
    let missing = client(folder.path()).env("PATH", path.path()).output();
    let missing = text(&missing.unwrap().stderr);
    assert!(missing.contains("install Node.js"), "{missing}");
}

#[test]
fn what_the_generator_complains_of_is_shown() {
    let folder = package();
    fs::create_dir(folder.path().join("client")).unwrap();
    install_generator(
        folder.path(),
        "console.error('no such schema'); process.exit(3)",
    );
    let document = folder.path().join("document.json");
    fs::write(&document, "{}").unwrap();
    let mut command = client(folder.path());
    let output = command.arg("--from").arg(&document).output().unwrap();
    let said = text(&output.stderr);
    let without_node = said.contains("cannot run node");
    assert!(without_node || said.contains("no such schema"), "{said}");
    assert!(!output.status.success());
}

#[test]
fn ctrl_c_in_a_build_ends_cargo() {
    let Asking { process, cargo, .. } = Asking::start();
    let running = child_of(&process);
    interrupt(process);
    cargo.set_read_timeout(Some(LONG)).unwrap();
    let read = (&cargo).read(&mut [0]);
    // A process that is killed may reset its connection.
    let open = read.err().map(|error| error.kind());
    assert_ne!(open, Some(ErrorKind::WouldBlock), "cargo still waits");
    assert!(!is_left(running), "cargo is still there");
}

#[test]
fn ctrl_c_while_the_app_is_asked_ends_the_app() {
    let asking = Asking::start();
    writeln!(&asking.cargo, "built").unwrap();
    // The app has been asked, and has not answered.
    let (_held, _) = asking.gate.accept().unwrap();
    let app = child_of(&asking.process);
    interrupt(asking.process);
    let left = is_left(app);
    if left {
        kill_process(app, Signal::KILL).unwrap();
    }
    assert!(!left, "the app is still there");
}

/// Nothing here takes long. Only what hangs comes to this.
const LONG: Duration = Duration::from_secs(60);

/// Presses Ctrl-C, and waits until the command has said so and ended.
fn interrupt(process: Child) {
    kill_process(Pid::from_child(&process), Signal::INT).unwrap();
    let output = process.wait_with_output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error: interrupted"), "{said}");
}

/// The command, with a cargo that waits for the test and an app that waits behind a gate.
struct Asking {
    process: Child,
    cargo: TcpStream,
    gate: TcpListener,
    _folder: TempDir,
}

impl Asking {
    /// Starts it. It waits for cargo.
    fn start() -> Self {
        let folder = package();
        fs::create_dir(folder.path().join("app")).unwrap();
        fs::write(folder.path().join("app/page.txt"), "first").unwrap();
        install_generator(folder.path(), "");
        // It is not run, but has to be there.
        let node = folder.path().join("bin/node");
        fs::create_dir(node.parent().unwrap()).unwrap();
        fs::write(&node, "#!/bin/sh\n").unwrap();
        fs::set_permissions(&node, fs::Permissions::from_mode(0o755)).unwrap();
        let path = env::var_os("PATH").unwrap();
        let bin = node.parent().unwrap().to_owned();
        let path = env::join_paths([bin].into_iter().chain(env::split_paths(&path))).unwrap();

        let (cargo, gate) = (listener(), listener());
        let held = format!("/held?gate={}", gate.local_addr().unwrap());
        let process = client(folder.path())
            .args(["--path", &held])
            .env("PATH", path)
            .env("CARGO", env!("CARGO_BIN_EXE_fake-cargo"))
            .env("REAL_CARGO", env!("CARGO"))
            .env("FAKE_CARGO", cargo.local_addr().unwrap().to_string())
            .env("FAKE_PACKAGE", id(folder.path()))
            .env("FIXTURE_APP", env!("CARGO_BIN_EXE_fixture-app"))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (cargo, _) = cargo.accept().unwrap();
        BufReader::new(&cargo)
            .read_line(&mut String::new())
            .unwrap();
        Self {
            process,
            cargo,
            gate,
            _folder: folder,
        }
    }
}

fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}

/// What cargo calls a package.
fn id(folder: &Path) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1"])
        .current_dir(folder)
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let id = metadata["workspace_members"][0].as_str();
    id.unwrap().to_owned()
}

/// A copy of the example, where node finds the packages.
struct Example {
    folder: TempDir,
}

impl Example {
    /// None if there are no packages.
    fn copy() -> Option<Self> {
        let packages = target().join("client");
        if !packages.join("node_modules/openapi-typescript").is_dir() {
            return None;
        }
        let folder = tempfile::tempdir_in(packages).unwrap();
        let example = root().join("examples/client");
        for part in ["app", "build.rs", "src"] {
            copy(&example.join(part), &folder.path().join(part));
        }
        for file in ["package.json", "rivers.ts", "tsconfig.json"] {
            let file = Path::new("client").join(file);
            copy(&example.join(&file), &folder.path().join(&file));
        }
        let root = root();
        fs::copy(root.join("Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
        let manifest = MANIFEST.replace("ROOT", root.to_str().unwrap());
        fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        Some(Self { folder })
    }

    fn generate(&self) -> Output {
        client(self.folder.path()).output().unwrap()
    }

    fn compile(&self) -> Output {
        let compiler = target().join("client/node_modules/typescript/bin/tsc");
        let mut command = Command::new("node");
        let command = command
            .arg(compiler)
            .current_dir(self.folder.path().join("client"));
        command.output().unwrap()
    }

    /// What the TypeScript prints when it asks the app.
    fn run(&self) -> String {
        let mut app = Command::new(target().join("debug/client-example"))
            .env("PORT", "0")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut log = BufReader::new(app.stderr.take().unwrap());
        log.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("Listening on ").unwrap();
        let program = self.folder.path().join("client/rivers.js");
        let output = Command::new("node").arg(program).arg(address).output();
        app.kill().unwrap();
        app.wait().unwrap();
        good(&output.unwrap())
    }
}

/// That of the example, outside of the workspace.
const MANIFEST: &str = r#"
[package]
name = "client-example"
version = "0.1.0"
edition = "2024"

[workspace]

[dependencies]
anabranch = { path = "ROOT", features = ["openapi"] }
axum = { version = "0.8", default-features = false, features = ["json"] }
serde = { version = "1", features = ["derive"] }
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
utoipa = { version = "6", default-features = false, features = ["macros"] }

[build-dependencies]
anabranch-build = { path = "ROOT/router/codegen" }
"#;

/// A package that cargo can describe, and that nobody builds.
fn package() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let manifest = "[package]\nname = \"hello\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/main.rs"), "fn main() {}\n").unwrap();
    folder
}

fn install_generator(package: &Path, program: &str) {
    let folder = package.join("client/node_modules/openapi-typescript/bin");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("cli.js"), program).unwrap();
}

fn client(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tested-cargo-anabranch"));
    command
        .args(["anabranch", "client"])
        .current_dir(folder)
        .env("CARGO", env!("CARGO"))
        .env("CARGO_NET_OFFLINE", "true")
        .env("CARGO_TARGET_DIR", target());
    command
}

/// Copies a file, or a folder with all that is in it.
fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        for entry in fs::read_dir(from).unwrap() {
            let name = entry.unwrap().file_name();
            copy(&from.join(&name), &to.join(&name));
        }
    } else {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
    }
}

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap()
}

/// That of the workspace, in which most of what the example needs is built already.
fn target() -> PathBuf {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().unwrap().to_owned()
}

/// What a command printed that has succeeded.
fn good(output: &Output) -> String {
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{stderr}\n{stdout}");
    stdout
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
