//! What a failed assertion leaves behind: a folder in the target folder.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;

/// What is left of a page.
pub(crate) struct Evidence<'a> {
    /// What was wrong.
    pub(crate) message: &'a str,
    /// What happened, as text.
    pub(crate) timeline: Option<&'a str>,
    /// A picture of the page, as PNG.
    pub(crate) screenshot: Option<Vec<u8>>,
    /// What the app has sent, as text.
    pub(crate) frames: Option<String>,
}

impl Evidence<'_> {
    /// Writes it into `paint/<test>/` of the target folder, which is returned.
    pub(crate) fn leave(&self) -> io::Result<PathBuf> {
        let folder = target_folder().join("paint").join(test_name());
        // What an earlier run has left there would mislead.
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir_all(&folder)?,
        }
        let text = |text: &str| text.as_bytes().to_vec();
        let files = [
            ("message.txt", Some(text(self.message))),
            ("timeline.txt", self.timeline.map(text)),
            ("screenshot.png", self.screenshot.clone()),
            ("frames.txt", self.frames.as_deref().map(text)),
        ];
        for (name, content) in files {
            if let Some(content) = content {
                fs::write(folder.join(name), content)?;
            }
        }
        Ok(folder)
    }
}

/// The name of the running test, as a folder: the test harness calls its thread so.
fn test_name() -> String {
    let thread = thread::current();
    let name = match thread.name() {
        Some(name) if name != "main" => name.to_owned(),
        // A test without a harness, or an example.
        _ => executable()
            .and_then(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
            .unwrap_or_else(|| "test".to_owned()),
    };
    name.replace("::", "-")
        .replace(|c: char| !c.is_alphanumeric() && c != '_', "-")
}

/// Cargo's target folder. Cargo tells it to nobody but integration tests of a package of its own,
/// so it is looked for: it is the folder around the running test that cargo has tagged as its
/// cache; for a doctest, whose executable is elsewhere, the one that is configured, or the one
/// beside `Cargo.lock`.
fn target_folder() -> PathBuf {
    let around_the_test = executable().and_then(|path| {
        let mut folders = path.ancestors();
        let tagged = folders.find(|folder| folder.join("CACHEDIR.TAG").is_file());
        tagged.map(Path::to_owned)
    });
    let configured = || env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let beside_the_lock = || {
        let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
        let mut folders = package.ancestors();
        let workspace = folders.find(|folder| folder.join("Cargo.lock").is_file());
        workspace.map(|folder| folder.join("target"))
    };
    around_the_test
        .or_else(configured)
        .or_else(beside_the_lock)
        .unwrap_or_else(env::temp_dir)
}

fn executable() -> Option<PathBuf> {
    env::current_exe().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_left_in_the_target_folder_under_the_name_of_the_test() {
        let evidence = Evidence {
            message: "wrong",
            timeline: None,
            screenshot: Some(b"png".to_vec()),
            frames: None,
        };
        let folder = evidence.leave().unwrap();
        let expected = "evidence-tests-it_is_left_in_the_target_folder_under_the_name_of_the_test";
        assert!(
            folder.ends_with(Path::new("paint").join(expected)),
            "{folder:?}"
        );
        assert!(executable().unwrap().starts_with(target_folder()));
        assert_eq!(fs::read(folder.join("screenshot.png")).unwrap(), b"png");
        fs::remove_dir_all(folder).unwrap();
    }
}
