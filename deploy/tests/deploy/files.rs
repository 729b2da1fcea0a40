//! The files of this folder, and what the guide shows of them.

use std::fs;
use std::path::Path;
use std::process::Command;

pub(crate) const NGINX: &str = include_str!("../../nginx.conf");
const SERVICE: &str = include_str!("../../hello@.service");

/// The site of `nginx.conf`, listening here without TLS, in front of these instances.
pub(crate) fn site(configuration: &str, address: &str, instances: &[&str]) -> String {
    let mut site = configuration.to_owned();
    let mut replace = |from: &str, to: &str| {
        assert_eq!(site.matches(from).count(), 1, "{from:?} in nginx.conf");
        site = site.replace(from, to);
    };
    replace("    server 127.0.0.1:3001 max_fails=0;\n", "");
    let servers = instances
        .iter()
        .map(|it| format!("server {it} max_fails=0;"));
    replace(
        "server 127.0.0.1:3000 max_fails=0;",
        &servers.collect::<Vec<_>>().join("\n"),
    );
    replace("    listen 443 ssl;\n", &format!("    listen {address};\n"));
    let plain = "server {\n    listen 80;\n    server_name hello.example;\n    return 301 https://$host$request_uri;\n}\n";
    replace(plain, "");
    let lines = site
        .lines()
        .filter(|line| !line.trim_start().starts_with("ssl_"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_guide_shows_these_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| {
        let path = folder.join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let guide = read("../docs/deployment.md");
    for (file, language) in [
        ("nginx.conf", "nginx"),
        ("hello@.service", "ini"),
        ("Dockerfile", "dockerfile"),
        ("Dockerfile.dockerignore", "text"),
    ] {
        let block = format!("```{language}\n{}```\n", read(file));
        assert!(
            guide.contains(&block),
            "docs/deployment.md shows another {file}"
        );
    }
}

#[test]
fn systemd_understands_the_unit() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let unit = folder.path().join("hello@3000.service");
    // What is not installed here.
    let installed = SERVICE
        .replace("ExecStart=/opt/hello/hello", "ExecStart=/bin/true")
        .replace("ExecStartPost=/usr/bin/curl", "ExecStartPost=/bin/true");
    assert_ne!(installed, SERVICE);
    fs::write(&unit, installed).expect("the folder is writable");
    let verified = Command::new("systemd-analyze")
        .arg("verify")
        .arg(&unit)
        .output();
    let Ok(verified) = verified else {
        eprintln!("nothing is checked: there is no systemd-analyze here");
        return;
    };
    let said = String::from_utf8_lossy(&verified.stderr);
    assert!(verified.status.success(), "{said}");
    assert!(!said.contains("hello@3000"), "{said}");
}
