//! The name of a file -> its `Content-Type`.

use http::HeaderValue;

/// The media type that a file's extension stands for; text is in UTF-8.
///
/// XML says itself what it is encoded in, and JSON is always in UTF-8.
pub(super) fn of(path: &str) -> HeaderValue {
    let media_type = newer(path)
        .or_else(|| mime_guess::from_path(path).first_raw())
        .unwrap_or("application/octet-stream");
    if media_type.starts_with("text/") && media_type != "text/xml" {
        let with_charset = format!("{media_type}; charset=utf-8");
        return HeaderValue::try_from(with_charset).expect("media types are visible ASCII");
    }
    HeaderValue::from_static(media_type)
}

/// Types that the library does not know, or knows by an older name.
fn newer(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.')?;
    match extension.to_ascii_lowercase().as_str() {
        "mjs" => Some("text/javascript"),
        "map" => Some("application/json"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_those_that_browsers_want() {
        for (path, media_type) in [
            ("a.html", "text/html; charset=utf-8"),
            ("a.css", "text/css; charset=utf-8"),
            ("a.js", "text/javascript; charset=utf-8"),
            ("a.mjs", "text/javascript; charset=utf-8"),
            ("A.TXT", "text/plain; charset=utf-8"),
            ("a.md", "text/markdown; charset=utf-8"),
            ("a.csv", "text/csv; charset=utf-8"),
            ("a.ics", "text/calendar; charset=utf-8"),
            ("a.vtt", "text/vtt; charset=utf-8"),
            ("a.json", "application/json"),
            ("a.webmanifest", "application/manifest+json"),
            ("a.wasm", "application/wasm"),
            ("a.xml", "text/xml"),
            ("a.svg", "image/svg+xml"),
            ("a.png", "image/png"),
            ("a.jpg", "image/jpeg"),
            ("a.gif", "image/gif"),
            ("a.webp", "image/webp"),
            ("a.avif", "image/avif"),
            ("a.ico", "image/x-icon"),
            ("a.woff2", "font/woff2"),
            ("a.mp4", "video/mp4"),
            ("a.pdf", "application/pdf"),
            ("a.gz", "application/gzip"),
            ("a.js.map", "application/json"),
            ("a.unknown", "application/octet-stream"),
            ("LICENSE", "application/octet-stream"),
        ] {
            assert_eq!(of(path), media_type, "{path}");
        }
    }
}
