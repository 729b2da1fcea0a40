//! Pictures of the pages: where they are on the site, and how large they are.

use std::fs;
use std::path::Path;

/// The URL of a picture, by its path in the repository.
pub(crate) fn url(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    format!("/media/{name}")
}

/// Width and height in CSS pixels.
pub(crate) fn size(file: &Path) -> Result<(u32, u32), String> {
    let bytes = fs::read(file).map_err(|error| error.to_string())?;
    let size = match bytes.strip_prefix(b"\x89PNG\r\n\x1a\n") {
        Some(chunks) => png(chunks),
        None => svg(&String::from_utf8_lossy(&bytes)),
    };
    size.ok_or_else(|| "neither a PNG nor an SVG with a `viewBox`".to_owned())
}

/// The first chunk says it, after its length and its name.
fn png(chunks: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| {
        let bytes = chunks.get(at..at + 4)?;
        Some(u32::from_be_bytes(bytes.try_into().ok()?))
    };
    Some((number(8)?, number(12)?))
}

fn svg(text: &str) -> Option<(u32, u32)> {
    let (_, rest) = text.split_once("viewBox=\"")?;
    let (numbers, _) = rest.split_once('"')?;
    let mut numbers = numbers
        .split([' ', ','])
        .filter_map(|n| n.parse::<f64>().ok());
    let (width, height) = (numbers.nth(2)?, numbers.next()?);
    Some((width.ceil() as u32, height.ceil() as u32))
}
