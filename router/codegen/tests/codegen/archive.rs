//! Trees as text: each file of `tests/mistakes` and `tests/trees` is an archive in the txtar
//! format, `-- path --` before each file. A file `openapi` names the folder whose
//! handlers are described. The last file is what the tree is expected to give.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anabranch_build::{App, Generated};
use tempfile::TempDir;

/// An archive.
pub(crate) struct Archive {
    pub(crate) file: PathBuf,
    comment: String,
    entries: Vec<(String, String)>,
    expected: String,
}

impl Archive {
    /// All archives in a folder beside this one.
    pub(crate) fn all(folder: &str) -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests")
            .join(folder);
        let entries = fs::read_dir(folder).unwrap();
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.into_iter().map(Self::read).collect()
    }

    fn read(file: PathBuf) -> Self {
        let text = fs::read_to_string(&file).unwrap();
        let mut comment = String::new();
        let mut entries: Vec<(String, String)> = Vec::new();
        for line in text.split_inclusive('\n') {
            let name = line.trim_end().strip_prefix("-- ");
            if let Some(name) = name.and_then(|line| line.strip_suffix(" --")) {
                entries.push((name.to_owned(), String::new()));
            } else if let Some((_, content)) = entries.last_mut() {
                content.push_str(line);
            } else {
                comment.push_str(line);
            }
        }
        let expected = entries.pop_if(|(name, _)| name == "expected");
        Self {
            file,
            comment,
            entries,
            expected: expected.map(|(_, text)| text).unwrap_or_default(),
        }
    }

    /// Runs the tree in a folder of its own. Its path is `/package` in the generated code.
    pub(crate) fn run(&self) -> (Generated, String) {
        let package = self.unpack();
        let mut app = App::new().package(package.path());
        let mut entries = self.entries.iter();
        if let Some((_, folder)) = entries.find(|(name, _)| name == "openapi") {
            app = app.openapi(folder.trim());
        }
        let generated = app.run();
        let path = package.path().to_str().unwrap();
        let code = generated.code().replace(path, "/package");
        (generated, code)
    }

    /// Writes the tree; an entry that ends in `/` is an empty folder.
    pub(crate) fn unpack(&self) -> TempDir {
        let package = TempDir::new().unwrap();
        for (name, content) in &self.entries {
            let path = package.path().join(name);
            if name.ends_with('/') {
                fs::create_dir_all(path).unwrap();
            } else {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, content).unwrap();
            }
        }
        package
    }

    /// Compares, or writes what is expected anew. Returns what differs.
    pub(crate) fn compare(&self, actual: &str) -> Option<String> {
        if env::var_os("UPDATE").is_some() {
            fs::write(&self.file, self.text(actual)).unwrap();
            return None;
        }
        (self.expected != actual).then(|| {
            let name = self.file.display();
            let expected = &self.expected;
            format!("{name}\n--- expected\n{expected}--- actual\n{actual}")
        })
    }

    fn text(&self, expected: &str) -> String {
        let mut text = self.comment.clone();
        for (name, content) in &self.entries {
            text.push_str(&format!("-- {name} --\n{content}"));
        }
        text + "-- expected --\n" + expected
    }
}
