//! Packages in which there is nothing to serve.

use std::fs;
use std::process::{Command, Stdio};

#[test]
fn a_package_without_an_app_is_refused_before_it_is_built() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("Cargo.toml");
    let text = "[package]\nname = \"hello\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(&manifest, text).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/main.rs"), "fn main() {}\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_tested-cargo-anabranch"))
        .args(["anabranch", "dev", "--port", "0", "--manifest-path"])
        .arg(&manifest)
        .env("CARGO", env!("CARGO"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let app = folder.path().canonicalize().unwrap().join("app");
    let wanted = format!("error: there is no app in {}\n", app.display());
    assert_eq!(said, wanted);
    assert!(!output.status.success());
}
