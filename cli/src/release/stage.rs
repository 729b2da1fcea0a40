//! The files that are to be embedded: those of `public/`, and compressed ones beside them.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::error::{Error, Result};
use crate::project::Project;
use crate::{routes, terminal};

/// A folder that holds what is embedded. What has not changed is left alone in it, so that the
/// app is built again only if something has.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) folder: PathBuf,
    files: usize,
    compressed: usize,
}

/// Compressing less is not worth a second file.
const SMALLEST: usize = 1024;

/// Files that are compressed already.
const PACKED: [&str; 16] = [
    "avif", "br", "gif", "gz", "jpeg", "jpg", "jxl", "mp3", "mp4", "png", "webm", "webp", "woff",
    "woff2", "zip", "zst",
];

impl Stage {
    /// Fills the folder from `public/`.
    pub(super) fn prepare(project: &Project, compress: bool) -> Result<Self> {
        let folder = project
            .target
            .join("anabranch")
            .join(&project.name)
            .join("public");
        let public = project.public();
        let found = routes::app(project).static_files();
        let found = found.map_err(|error| failed("read", &public, error))?;
        for link in &found.closed_links {
            let link = public.join(link);
            terminal::warning(format!(
                "{} is not part of the binary: it leads to nothing visible in {}, or to a folder \
                 that it is in",
                link.display(),
                project.layout.public
            ));
        }
        for file in &found.unnamed {
            let file = public.join(file);
            terminal::warning(format!(
                "{} is not part of the binary: no URL names it",
                file.display()
            ));
        }
        let files = found.files.iter().map(PathBuf::from).collect();
        Self::fill(folder, &public, &files, compress)
    }

    fn fill(
        folder: PathBuf,
        public: &Path,
        files: &BTreeSet<PathBuf>,
        compress: bool,
    ) -> Result<Self> {
        let mut stage = Self {
            folder,
            files: 0,
            compressed: 0,
        };
        let mut kept = BTreeSet::new();
        for file in files {
            let from = public.join(file);
            let content = fs::read(&from).map_err(|error| failed("read", &from, error))?;
            let variants = match compress && is_worth_it(file, &content) {
                true => variants(&content).map_err(|error| failed("compress", &from, error))?,
                false => Vec::new(),
            };
            stage.files += 1;
            for (suffix, packed) in variants {
                let name = PathBuf::from(format!("{}.{suffix}", file.display()));
                // One that somebody has made by hand counts.
                if packed.len() < content.len() && !public.join(&name).exists() {
                    stage.put(&name, &packed)?;
                    stage.compressed += 1;
                    kept.insert(name);
                }
            }
            stage.put(file, &content)?;
            kept.insert(file.clone());
        }
        stage.clear(Path::new(""), &kept)?;
        Ok(stage)
    }

    fn put(&self, name: &Path, content: &[u8]) -> Result {
        self.make_way(name)?;
        let file = self.folder.join(name);
        if fs::read(&file).is_ok_and(|old| old == content) {
            return Ok(());
        }
        file.parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&file, content))
            .map_err(|error| failed("write", &file, error))
    }

    /// Removes files where folders are to be, and what is no file where one is to be: of a build
    /// before this one.
    fn make_way(&self, name: &Path) -> Result {
        let mut above = name.ancestors();
        let file = above.next().map(|name| (name, false));
        let folders = above.map(|name| (name, true));
        for (name, is_folder) in folders.chain(file) {
            let path = self.folder.join(name);
            let Ok(old) = fs::symlink_metadata(&path) else {
                continue;
            };
            let removed = match old.is_dir() {
                true if !is_folder => fs::remove_dir_all(&path),
                false if is_folder || !old.is_file() => fs::remove_file(&path),
                _ => Ok(()),
            };
            removed.map_err(|error| failed("remove", &path, error))?;
        }
        Ok(())
    }

    /// Removes what is not kept in a folder and below, and folders that are empty then. Whether the
    /// folder itself is.
    fn clear(&self, name: &Path, kept: &BTreeSet<PathBuf>) -> Result<bool> {
        let folder = self.folder.join(name);
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
            entries => entries.and_then(Iterator::collect::<io::Result<Vec<_>>>),
        };
        let mut is_empty = true;
        for entry in entries.map_err(|error| failed("read", &folder, error))? {
            let (path, name) = (entry.path(), name.join(entry.file_name()));
            let removed = match entry.file_type() {
                Ok(kind) if kind.is_dir() => match self.clear(&name, kept)? {
                    true => fs::remove_dir(&path).map(|()| true),
                    false => Ok(false),
                },
                Ok(_) if kept.contains(&name) => Ok(false),
                Ok(_) => fs::remove_file(&path).map(|()| true),
                Err(error) => Err(error),
            };
            is_empty &= removed.map_err(|error| failed("remove", &path, error))?;
        }
        Ok(is_empty)
    }

    /// What a person wants to know of it.
    pub(super) fn summary(&self, public: &str) -> String {
        let files = match self.files {
            1 => format!("the file of {public}/"),
            many => format!("the {many} files of {public}/"),
        };
        match self.compressed {
            0 => files,
            compressed => format!("{files} and {compressed} compressed ones"),
        }
    }
}

fn is_worth_it(file: &Path, content: &[u8]) -> bool {
    let extension = file
        .extension()
        .map(|it| it.to_string_lossy().to_ascii_lowercase());
    content.len() >= SMALLEST && !extension.is_some_and(|it| PACKED.contains(&&*it))
}

fn variants(content: &[u8]) -> io::Result<Vec<(&'static str, Vec<u8>)>> {
    Ok(vec![("br", brotli(content)?), ("gz", gzip(content)?)])
}

fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    // The best there is: it is done once.
    let settings = brotli::enc::BrotliEncoderParams::default();
    brotli::BrotliCompress(&mut &*content, &mut packed, &settings)?;
    Ok(packed)
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}

fn failed(verb: &str, file: &Path, error: io::Error) -> Error {
    Error::because(format!("cannot {verb} {}", file.display()), error)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use anabranch_build::App;

    use super::*;

    /// The files and folders in a folder and below, folders with a slash at their ends.
    fn names(folder: &Path) -> Vec<String> {
        let mut names = Vec::new();
        for entry in ignore::WalkBuilder::new(folder)
            .hidden(false)
            .build()
            .skip(1)
        {
            let entry = entry.unwrap();
            let name = entry.path().strip_prefix(folder).unwrap().display();
            let slash = if entry.path().is_dir() { "/" } else { "" };
            names.push(format!("{name}{slash}"));
        }
        names.sort();
        names
    }

    fn fill(stage: &Path, public: &Path, compress: bool) -> Stage {
        let app = App::new().package(public.parent().unwrap());
        let files = app.static_files().unwrap().files;
        let files = files.iter().map(PathBuf::from).collect();
        Stage::fill(stage.to_owned(), public, &files, compress).unwrap()
    }

    #[test]
    fn text_is_compressed_and_the_rest_is_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let (public, stage) = (folder.path().join("public"), folder.path().join("stage"));
        fs::create_dir_all(public.join("css")).unwrap();
        let style = "h1 { color: red }\n".repeat(100);
        fs::write(public.join("css/site.css"), &style).unwrap();
        fs::write(public.join("small.txt"), "small").unwrap();
        fs::write(public.join("photo.png"), [0; 2048]).unwrap();
        fs::write(public.join(".secret"), "no").unwrap();

        let filled = fill(&stage, &public, true);
        assert_eq!(
            filled.summary("public"),
            "the 3 files of public/ and 2 compressed ones"
        );
        let all = [
            "css/",
            "css/site.css",
            "css/site.css.br",
            "css/site.css.gz",
            "photo.png",
            "small.txt",
        ];
        assert_eq!(names(&stage), all);
        let mut unpacked = Vec::new();
        let packed = fs::read(stage.join("css/site.css.br")).unwrap();
        brotli::BrotliDecompress(&mut &*packed, &mut unpacked).unwrap();
        assert_eq!(unpacked, style.as_bytes());
        let mut unpacked = String::new();
        let packed = fs::File::open(stage.join("css/site.css.gz")).unwrap();
        flate2::read::GzDecoder::new(packed)
            .read_to_string(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, style);

        // Again, and what has gone has gone.
        fs::remove_file(public.join("css/site.css")).unwrap();
        fill(&stage, &public, false);
        assert_eq!(names(&stage), ["photo.png", "small.txt"]);
    }

    #[test]
    fn a_file_becomes_a_folder_and_a_folder_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let (public, stage) = (folder.path().join("public"), folder.path().join("stage"));
        fs::create_dir_all(public.join("b/c")).unwrap();
        for file in ["a", "b/c/d", "b/e"] {
            fs::write(public.join(file), file).unwrap();
        }
        fill(&stage, &public, false);
        assert_eq!(names(&stage), ["a", "b/", "b/c/", "b/c/d", "b/e"]);

        fs::remove_file(public.join("a")).unwrap();
        fs::remove_dir_all(public.join("b")).unwrap();
        fs::create_dir_all(public.join("a/c")).unwrap();
        for file in ["a/c/d", "b"] {
            fs::write(public.join(file), file).unwrap();
        }
        fill(&stage, &public, false);
        assert_eq!(names(&stage), ["a/", "a/c/", "a/c/d", "b"]);

        // Nor are empty folders left.
        fs::remove_dir_all(public.join("a")).unwrap();
        fill(&stage, &public, false);
        assert_eq!(names(&stage), ["b"]);
    }

    #[test]
    fn an_error_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let gone = [PathBuf::from("gone.css")].into();
        let failed = Stage::fill(folder.path().join("stage"), folder.path(), &gone, false);
        let said = failed.unwrap_err().to_string();
        let file = folder.path().join("gone.css");
        assert!(
            said.starts_with(&format!("cannot read {}: ", file.display())),
            "{said}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn links_are_files_where_the_folder_serves_them() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let (public, stage) = (folder.path().join("public"), folder.path().join("stage"));
        fs::create_dir_all(&public).unwrap();
        fs::write(public.join("site.css"), "h1 {}").unwrap();
        fs::write(folder.path().join("secret.txt"), "secret").unwrap();
        symlink("site.css", public.join("latest.css")).unwrap();
        symlink("../secret.txt", public.join("secret.txt")).unwrap();
        fill(&stage, &public, false);
        assert_eq!(names(&stage), ["latest.css", "site.css"]);
        assert!(!stage.join("latest.css").is_symlink());
    }
}
