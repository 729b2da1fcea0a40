//! The script that draws what the browser is told: one constant, so that one hash allows it.

/// The inspector's script.
///
/// It takes the data blocks and itself out of the document, leaves marks and measures, and keeps
/// one element `anabranch-inspector` at the end of `<html>`. It is one function, called at once:
/// what a block declares would not all stay in it, and the page has names of its own.
pub const SCRIPT: &str = concat!(
    "(()=>{\"use strict\";const css=`",
    include_str!("inspector.css"),
    "`;\n",
    include_str!("inspector.js"),
    "})()"
);

/// CSP source of [`SCRIPT`]: its SHA-256.
pub const SCRIPT_HASH: &str = "'sha256-0I63Fv2HazhkQe8YsC/gnKScQifnqxCdxXJRyytsRto='";

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn the_hash_is_that_of_the_script() {
        let hash = STANDARD.encode(Sha256::digest(SCRIPT));
        assert_eq!(SCRIPT_HASH, format!("'sha256-{hash}'"));
    }

    #[test]
    fn the_script_ends_where_its_element_does() {
        let script = SCRIPT.to_ascii_lowercase();
        for text in ["</script", "<script", "<!--", "\r"] {
            assert!(!script.contains(text), "{text:?}");
        }
        assert!(!include_str!("inspector.css").contains(['`', '\\', '$']));
    }
}
