//! The image of the Dockerfile: what it says fits together, and the app needs nothing that it lacks.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tokio::time::timeout;

use crate::client::{BROWSER, Client};
use crate::instance::Instance;

const DOCKERFILE: &str = include_str!("../../Dockerfile");

/// Where cargo has built the app.
const APP: &str = env!("CARGO_BIN_EXE_hello");

/// What of the C library and of the compiler's the base has, by the beginnings of their names.
const IN_THE_BASE: [&str; 6] = [
    "linux-vdso.so",
    "ld-linux",
    "libc.so",
    "libm.so",
    "libgcc_s.so",
    "libstdc++.so",
];

fn stages() -> (&'static str, &'static str) {
    DOCKERFILE.rsplit_once("\nFROM ").expect("two stages")
}

#[test]
fn it_is_built_by_the_compiler_that_the_packages_need() {
    let (build, _) = stages();
    let compiler = format!(
        "\nFROM rust:{}-slim-bookworm AS build\n",
        env!("CARGO_PKG_RUST_VERSION")
    );
    assert!(build.contains(&compiler), "{build}");
}

/// A program runs with the C library of the release that it was built on.
#[test]
fn both_stages_are_of_one_debian() {
    let (build, image) = stages();
    assert!(build.contains("-bookworm "), "{build}");
    assert!(
        image.starts_with("gcr.io/distroless/cc-debian12:"),
        "{image}"
    );
}

#[test]
fn it_has_the_program_that_was_built_and_starts_it() {
    let (build, image) = stages();
    let name = Path::new(APP).file_stem().and_then(|name| name.to_str());
    let name = name.expect("a plain name");
    let manifest = format!(" --manifest-path {name}/Cargo.toml\n");
    let built = format!("\nCOPY --from=build /src/{name}/target/release/{name} ./\n");
    // The exec form: SIGTERM reaches the app, not a shell.
    let command = format!("\nCMD [\"./{name}\"]");
    assert!(build.contains("\nWORKDIR /src\n"), "{build}");
    assert!((build.to_owned() + "\n").contains(&manifest), "{build}");
    assert!(image.contains(&built), "{image}");
    assert!(image.contains(&command), "{image}");
    assert!(image.contains("\nUSER nonroot\n"), "{image}");
}

/// The base has no package manager to add another with.
#[test]
fn the_app_needs_no_library_that_the_base_lacks() {
    let Ok(needed) = Command::new("ldd").arg(APP).output() else {
        eprintln!("nothing is checked: there is no ldd here");
        return;
    };
    let needed = String::from_utf8(needed.stdout).expect("names of files");
    let names = needed.lines().filter_map(|line| {
        let path = line.split_whitespace().next()?;
        path.rsplit('/').next()
    });
    let lacks: Vec<_> = names
        .filter(|name| !IN_THE_BASE.iter().any(|base| name.starts_with(base)))
        .collect();
    assert!(lacks.is_empty(), "{lacks:?}");
}

/// With the variables of the image and no others, and without a file beside it.
#[tokio::test]
async fn the_app_streams_with_nothing_but_itself() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let (_, image) = stages();
    let variables = image.lines().find_map(|line| line.strip_prefix("ENV "));
    let variables = variables.expect("it listens to more than itself");
    let mut program = tokio::process::Command::new(APP);
    program.current_dir(&folder).env_clear();
    for variable in variables.split(' ') {
        let (name, value) = variable.split_once('=').expect("NAME=value");
        // Here, loopback and a port that is free.
        let value = match (name, value) {
            ("HOST", "0.0.0.0") => "127.0.0.1",
            ("PORT", "3000") => "0",
            _ => panic!("{variable} is not what the guide publishes"),
        };
        program.env(name, value);
    }
    let visit = async {
        let mut app = Instance::of(program).await;
        let mut client = Client::connect(&app.address).await.expect("it listens");
        let mut reply = client.get("/", BROWSER).await.expect("a head");
        let shell = reply.until("A moment").await.expect("the shell");
        assert!(!shell.contains("one second late"), "{shell}");
        let whole = reply.whole().await.expect("an end");
        assert!(whole.contains("one second late"), "{whole}");
        drop(client);
        app.stop().await;
    };
    timeout(Duration::from_secs(60), visit)
        .await
        .expect("in time");
    let left: Vec<_> = fs::read_dir(&folder).expect("it is there").collect();
    // `docker run --read-only` lets it write nothing.
    assert!(left.is_empty(), "{left:?}");
}
