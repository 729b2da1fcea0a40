//! The files that are to be embedded: those of `public/`, and compressed ones beside them.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::error::{Error, Result};
use crate::project::Project;

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
        Self::fill(folder, &project.public(), compress)
            .map_err(|error| Error::because("cannot prepare the files of public/", error))
    }

    fn fill(folder: PathBuf, public: &Path, compress: bool) -> io::Result<Self> {
        let mut stage = Self {
            folder,
            files: 0,
            compressed: 0,
        };
        let mut kept = BTreeSet::new();
        for file in files(public)? {
            let content = fs::read(public.join(&file))?;
            let variants = match compress && is_worth_it(&file, &content) {
                true => vec![("br", brotli(&content)?), ("gz", gzip(&content)?)],
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
            stage.put(&file, &content)?;
            kept.insert(file);
        }
        for old in files(&stage.folder)?.difference(&kept) {
            fs::remove_file(stage.folder.join(old))?;
        }
        Ok(stage)
    }

    fn put(&self, name: &Path, content: &[u8]) -> io::Result<()> {
        let file = self.folder.join(name);
        if fs::read(&file).is_ok_and(|old| old == content) {
            return Ok(());
        }
        file.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(file, content)
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

/// The files of a folder and below, by their paths in it. What is hidden is not sent, links may
/// lead outside; `.well-known` is an exception.
fn files(folder: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    let mut todo = vec![PathBuf::new()];
    while let Some(path) = todo.pop() {
        let entries = match fs::read_dir(folder.join(&path)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let hidden = name.to_string_lossy().starts_with('.') && name != ".well-known";
            let kind = entry.file_type()?;
            match path.join(name) {
                _ if hidden => {}
                path if kind.is_dir() => todo.push(path),
                path if kind.is_file() => {
                    found.insert(path);
                }
                _ => {}
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let names = files(folder).unwrap();
        names
            .iter()
            .map(|name| name.display().to_string())
            .collect()
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

        let filled = Stage::fill(stage.clone(), &public, true).unwrap();
        assert_eq!(
            filled.summary("public"),
            "the 3 files of public/ and 2 compressed ones"
        );
        let all = [
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
        Stage::fill(stage.clone(), &public, false).unwrap();
        assert_eq!(names(&stage), ["photo.png", "small.txt"]);
    }
}
