//! Files that are written, and what cargo is told.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

use anabranch_build::App;
use tempfile::TempDir;

const PAGE: &str = "use anabranch::prelude::*;\n\npub async fn render() -> Result { page() }\n";

/// A package with an app of one page, and a target folder as cargo makes it.
struct Package {
    folder: TempDir,
}

impl Package {
    fn new() -> Self {
        let package = Self {
            folder: TempDir::new().unwrap(),
        };
        package.write("app/page.rs", PAGE);
        package.write("target/.rustc_info.json", "{}");
        package
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, content: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    fn out(&self) -> PathBuf {
        self.path("target/debug/build/demo-0/out/anabranch/app.rs")
    }

    fn copy(&self) -> PathBuf {
        self.path("target/anabranch/demo/app.rs")
    }

    /// What there is to say about it, if files are embedded or not.
    fn told(&self, embed: bool) -> Vec<String> {
        let app = App::new().package(self.folder.path()).embed_public(embed);
        let generated = app.run();
        generated
            .diagnostics()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    /// Runs a build script, in a process of its own because it may end it.
    fn build(&self) -> Output {
        self.build_with("build_script")
    }

    fn build_with(&self, script: &str) -> Output {
        Command::new(env::current_exe().unwrap())
            .args([&format!("writing::{script}"), "--exact", "--nocapture"])
            .env(STARTED, "")
            .env("CARGO_MANIFEST_DIR", self.folder.path())
            .env("CARGO_PKG_NAME", "demo")
            .env("OUT_DIR", self.path("target/debug/build/demo-0/out"))
            .output()
            .unwrap()
    }
}

/// Set where one of the next two is a process that another test has started.
const STARTED: &str = "ANABRANCH_TEST_STARTED";

#[test]
fn build_script() {
    if env::var_os(STARTED).is_some() {
        App::new().embed_public(true).generate();
    }
}

#[test]
fn build_script_without_files() {
    if env::var_os(STARTED).is_some() {
        App::new().generate();
    }
}

#[test]
fn the_code_is_written_with_a_copy_that_is_easy_to_find() {
    let package = Package::new();
    let output = package.build();
    assert!(output.status.success(), "{output:?}");
    let code = fs::read_to_string(package.out()).unwrap();
    assert!(code.contains("page_root"), "{code}");
    assert_eq!(fs::read_to_string(package.copy()).unwrap(), code);
}

/// The folders of the package that cargo is told to watch.
fn watched<'a>(package: &Package, output: &'a Output) -> Vec<&'a str> {
    let told = str::from_utf8(&output.stdout).unwrap().lines();
    let watched = told.filter_map(|line| line.strip_prefix("cargo::rerun-if-changed="));
    // Cargo takes what begins with the package's folder relative to it.
    let place = format!("/..{}/", package.folder.path().display());
    watched
        .map(|folder| folder.strip_prefix(&place).expect(folder))
        .collect()
}

#[test]
fn cargo_is_told_what_to_watch() {
    let package = Package::new();
    // What is not there would have changed each time.
    assert_eq!(watched(&package, &package.build()), ["app"]);
    package.write("public/robots.txt", "");
    assert_eq!(watched(&package, &package.build()), ["app", "public"]);
    // What is read at run time matters only while there is a warning about it.
    let build = || package.build_with("build_script_without_files");
    assert_eq!(watched(&package, &build()), ["app"]);
    package.write("app/[slug]/page.rs", PAGE);
    assert_eq!(watched(&package, &build()), ["app", "public"]);
}

#[test]
fn a_folder_that_is_to_be_embedded_should_be_there() {
    let package = Package::new();
    let warning = "warning: there is no such folder, so no static files are embedded
 --> public
  = help: create it, and save build.rs, so that cargo looks for it again";
    assert_eq!(package.told(true), [warning]);
    assert!(package.told(false).is_empty());
    package.write("public/robots.txt", "");
    assert!(package.told(true).is_empty());
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_is_told() {
    let package = Package::new();
    package.write("elsewhere/page.rs", PAGE);
    for link in ["app/blog", "app/_drafts"] {
        std::os::unix::fs::symlink(package.path("elsewhere"), package.path(link)).unwrap();
    }
    let file = package.path("elsewhere/page.rs");
    fs::create_dir(package.path("app/about")).unwrap();
    std::os::unix::fs::symlink(file, package.path("app/about/page.rs")).unwrap();
    let warning = "warning: links to folders are not followed, so nothing in it is used
 --> app/blog
  = help: put the folder itself here, or begin the link's name with `_`";
    assert_eq!(package.told(false), [warning]);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_told() {
    let package = Package::new();
    package.write("app/desk/page.rs", PAGE);
    let link = |path| std::os::unix::fs::symlink("/nowhere", package.path(path)).unwrap();
    link("app/desk/middleware.rs");
    // What is no convention file is nothing to the app.
    link("app/desk/notes.txt");
    let error = |file: &str| {
        format!(
            "error: this link leads nowhere\n --> {file}\n  = help: put the file itself here or \
             mend the link, or remove it"
        )
    };
    assert_eq!(package.told(false), [error("app/desk/middleware.rs")]);
    let generated = App::new().package(package.folder.path()).run();
    assert!(generated.code().contains("compile_error!"));
    assert!(!generated.code().contains(".route("));

    // Nor is a folder overlooked that has nothing else.
    fs::remove_file(package.path("app/desk/page.rs")).unwrap();
    assert_eq!(package.told(false), [error("app/desk/middleware.rs")]);

    fs::remove_file(package.path("app/desk/middleware.rs")).unwrap();
    let file = package.path("app/desk/middleware.rs");
    std::os::unix::fs::symlink("middleware.rs", &file).unwrap();
    let told = package.told(false).concat();
    assert!(told.contains("this file cannot be read: "), "{told}");
    assert!(told.contains("--> app/desk/middleware.rs"), "{told}");

    fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink(package.path("app"), &file).unwrap();
    let told = package.told(false).concat();
    let error = "error: `middleware.rs` is a link to a folder, not a file";
    assert!(told.starts_with(error), "{told}");
}

#[test]
fn warnings_go_through_cargo() {
    let package = Package::new();
    package.write("app/Page.rs", PAGE);
    let told = String::from_utf8(package.build().stdout).unwrap();
    assert!(told.contains("cargo::warning=app/Page.rs: "), "{told}");
}

#[test]
fn unchanged_code_is_not_written() {
    let package = Package::new();
    package.build();
    let files = [package.out(), package.copy()];
    let before = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for file in &files {
        File::options()
            .write(true)
            .open(file)
            .unwrap()
            .set_modified(before)
            .unwrap();
    }

    package.write(
        "app/page.rs",
        "use anabranch::prelude::*;\n\npub async fn render() -> Result { other() }\n",
    );
    package.write("app/chart.rs", "pub fn chart() {}\n");
    package.build();
    assert_eq!(files.each_ref().map(|file| modified(file)), [before; 2]);

    package.write("app/about/page.rs", PAGE);
    package.build();
    for file in &files {
        assert_ne!(modified(file), before);
    }
}

#[test]
fn new_and_deleted_files_change_the_code() {
    let package = Package::new();
    package.write("app/about/page.rs", PAGE);
    package.build();
    let with = fs::read_to_string(package.out()).unwrap();
    fs::remove_file(package.path("app/about/page.rs")).unwrap();
    package.build();
    let without = fs::read_to_string(package.out()).unwrap();
    assert!(with.contains("page_about") && !without.contains("page_about"));
}

#[test]
fn errors_end_the_build_and_leave_no_code_that_lies() {
    let package = Package::new();
    package.build();
    package.write("app/[id/page.rs", PAGE);
    let output = package.build();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.starts_with("error: ") && told.contains("app/[id"),
        "{told}"
    );
    assert!(!told.contains("panicked"), "{told}");
    let code = fs::read_to_string(package.out()).unwrap();
    assert!(code.contains("compile_error!"), "{code}");
    assert!(
        code.contains("pub mod page;"),
        "the editor has no module: {code}"
    );

    fs::remove_dir_all(package.path("app/[id")).unwrap();
    assert!(package.build().status.success());
}

#[test]
fn public_files_are_embedded_except_what_is_hidden() {
    let package = Package::new();
    package.write("public/css/site.css", "");
    package.write("public/.git/config", "");
    package.write("public/css/.draft.css", "");
    package.write("public/.well-known/security.txt", "");
    let generated = App::new()
        .package(package.folder.path())
        .embed_public(true)
        .run();
    let code = generated.code();
    assert!(code.contains("\"/css/site.css\""), "{code}");
    assert!(code.contains("\"/.well-known/security.txt\""), "{code}");
    assert!(
        !code.contains("config") && !code.contains("draft"),
        "{code}"
    );
}

#[cfg(unix)]
#[test]
fn links_are_embedded_where_the_folder_serves_them() {
    use std::os::unix::fs::symlink;

    let package = Package::new();
    for file in [
        "public/css/site.css",
        "public/.env",
        "public/.well-known/security.txt",
        "elsewhere/secret.txt",
    ] {
        package.write(file, "");
    }
    for (target, link) in [
        ("css/site.css", "latest.css"),
        ("css", "styles"),
        // A guard of `/desk` goes by the URL, as it does for the folder.
        ("../css", "desk/css"),
        (".well-known", "known"),
        // What the server would not send: outside, hidden, missing, without end.
        ("../elsewhere/secret.txt", "secret.txt"),
        ("../elsewhere", "elsewhere"),
        ("elsewhere/secret.txt", "twice.txt"),
        (".env", "env.txt"),
        ("gone.txt", "gone.txt"),
        ("loop.txt", "loop.txt"),
        ("..", "desk/up"),
        (".", "desk/here"),
        ("/dev/null", "null"),
        // Hidden itself.
        ("css/site.css", ".latest.css"),
    ] {
        let link = package.path("public").join(link);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(target, link).unwrap();
    }
    // Two folders that lead to each other: each once.
    for (folder, other) in [("one", "two"), ("two", "one")] {
        package.write(&format!("public/{folder}/{folder}.txt"), "");
        let link = package.path("public").join(folder).join("other");
        symlink(format!("../{other}"), link).unwrap();
    }
    let files = App::new().package(package.folder.path()).static_files();
    let mut files = files.unwrap();
    files.files.sort();
    let expected = [
        ".well-known/security.txt",
        "css/site.css",
        "desk/css/site.css",
        "known/security.txt",
        "latest.css",
        "one/one.txt",
        "one/other/two.txt",
        "styles/site.css",
        "two/other/one.txt",
        "two/two.txt",
    ];
    assert_eq!(files.files, expected);
    files.closed_links.sort();
    let closed = [
        "desk/here",
        "desk/up",
        "elsewhere",
        "env.txt",
        "gone.txt",
        "loop.txt",
        "null",
        "one/other/other",
        "secret.txt",
        "twice.txt",
        "two/other/other",
    ];
    assert_eq!(files.closed_links, closed);
    let told = package.told(true);
    assert_eq!(told.len(), closed.len());
    let warning = "warning: this link is not followed, so nothing is embedded for it
 --> public/desk/here
  = help: let it lead to something visible in the folder, and not to a folder that it is in";
    assert!(told.contains(&warning.to_owned()), "{told:#?}");
    // The folder itself follows them when it is asked.
    assert!(package.told(false).is_empty());
}

#[test]
fn a_file_that_is_not_utf_8_is_told() {
    let package = Package::new();
    fs::write(package.path("app/layout.html"), b"\xff{{ children }}").unwrap();
    let expected =
        "error: this file is not UTF-8\n --> app/layout.html\n  = help: save it as UTF-8";
    assert_eq!(package.told(false), [expected]);
}

#[cfg(unix)]
#[test]
fn a_static_file_that_no_url_names_is_left_out_and_told() {
    use std::os::unix::ffi::OsStrExt;

    let package = Package::new();
    let name = std::ffi::OsStr::from_bytes(b"public/gr\xfcn.txt");
    fs::create_dir(package.path("public")).unwrap();
    fs::write(package.folder.path().join(name), "").unwrap();
    let files = App::new().package(package.folder.path()).static_files();
    let files = files.unwrap();
    assert!(files.files.is_empty() && files.unnamed == ["gr\u{fffd}n.txt"]);
    let warning = "warning: no URL names this, so it is never sent\n --> public/gr\u{fffd}n.txt";
    assert!(package.told(true)[0].starts_with(warning));
}

fn modified(file: &Path) -> SystemTime {
    fs::metadata(file).unwrap().modified().unwrap()
}
