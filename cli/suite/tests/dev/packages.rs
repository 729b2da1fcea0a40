//! Packages in which there is nothing to serve.

use std::fs;
use std::process::{Command, Stdio};

use crate::run::Run;

#[test]
fn a_dependency_that_is_added_is_watched() {
    let run = Run::started();
    // Of several files, the first by name is shown: it is one of these.
    let dependency = tempfile::Builder::new().prefix(".a").tempdir().unwrap();
    let path = dependency.path().canonicalize().unwrap();
    let source = path.join("src/lib.rs");
    fs::create_dir(path.join("src")).unwrap();
    fs::write(&source, "").unwrap();
    let manifest = "[package]\nname = \"delta\"\nedition = \"2024\"\n";
    fs::write(path.join("Cargo.toml"), manifest).unwrap();

    let manifest = fs::read_to_string(run.path("Cargo.toml")).unwrap();
    let dependencies = format!("\n[dependencies]\ndelta = {{ path = {path:?} }}\n");
    run.save("Cargo.toml", &(manifest.clone() + &dependencies));
    run.says("Changed Cargo.toml");
    // Nothing of this needs the end of a build.
    let build = run.build();
    run.says(path.to_str().unwrap());
    fs::write(&source, "pub fn mouth() {}\n").unwrap();
    run.says(&format!("Changed {}", source.display()));
    build.succeeds();
    let build = run.build();

    // What is no dependency any more is not watched.
    run.save("Cargo.toml", &manifest);
    run.says("Changed Cargo.toml");
    run.says(path.to_str().unwrap());
    fs::write(&source, "pub fn source() {}\n").unwrap();
    run.save_page("second");
    loop {
        let line = run.says("Changed ");
        assert!(!line.contains(path.to_str().unwrap()), "{line}");
        if line.contains("app/page.txt") {
            break;
        }
    }
    build.succeeds();
    assert_eq!(run.build().page, "second");
}

/// As the output of another tool may be that has a folder of its own.
#[test]
fn static_files_outside_of_the_package_are_watched() {
    let run = Run::started();
    let outside = tempfile::Builder::new().prefix("a").tempdir().unwrap();
    let outside = outside.path().canonicalize().unwrap();
    let manifest = fs::read_to_string(run.path("Cargo.toml")).unwrap();
    let name = outside.file_name().unwrap().to_str().unwrap();
    let by_name = format!("\n[package.metadata.anabranch]\npublic = \"../{name}\"\n");

    fs::remove_dir_all(run.path("public")).unwrap();
    std::os::unix::fs::symlink(&outside, run.path("public")).unwrap();
    let linked = format!("{manifest}# linked\n");
    let named = format!("{manifest}{by_name}");
    for (nth, manifest) in [linked, named].iter().enumerate() {
        run.save("Cargo.toml", manifest);
        run.build().succeeds();
        run.says("Unchanged");
        let mut events = run.events();
        let before = events.next();
        let style = format!("h1 {{ margin: {nth}px }}");
        fs::write(outside.join("style.css"), style).unwrap();
        let styled = events.until(|state| state["styles"] != before["styles"]);
        assert_eq!(styled["page"], before["page"], "it reloads");
        assert!(!run.has_build());
    }
}

#[test]
fn a_manifest_with_a_mistake_is_for_the_build_to_tell() {
    let run = Run::started();
    let manifest = fs::read_to_string(run.path("Cargo.toml")).unwrap();
    run.save("Cargo.toml", "[package");
    run.build().fails("unclosed table");
    run.save("Cargo.toml", &manifest);
    run.build().succeeds();
    run.says("Unchanged");
}

#[test]
fn a_package_without_an_app_is_refused_before_it_is_built() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("Cargo.toml");
    let text = "[package]\nname = \"hello\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(&manifest, text).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/main.rs"), "fn main() {}\n").unwrap();
    let app = folder.path().canonicalize().unwrap().join("app");
    let wanted = format!("error: there is no app in {}: ", app.display());
    // Each says what may have been forgotten.
    for command in [&["dev", "--port", "0"][..], &["check"], &["routes"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_tested-cargo-anabranch"))
            .arg("anabranch")
            .args(command)
            .arg("--manifest-path")
            .arg(&manifest)
            .env("CARGO", env!("CARGO"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.starts_with(&wanted), "{said}");
        assert!(said.contains("[package.metadata.anabranch]"), "{said}");
        assert!(!output.status.success());
    }
}
