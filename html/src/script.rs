//! The scripts of a streamed page: the bridge once, the trigger once per flush.
//!
//! Both are constant text, so two hashes in a content security policy allow them ([`crate::csp`])
//! and no identifier ever stands in script text.

use std::borrow::Cow;
use std::time::Duration;

use crate::csp::Nonce;
use crate::document::escape;

/// Text of the bridge. It swaps patches where the browser does not do so by itself, and shows a
/// notice when the response stopped before its end. `bridge.js` beside this file explains it.
pub const BRIDGE: &str = include_str!("bridge.min.js");

/// Text of the trigger, which follows the patches of every flush. It does nothing where there
/// is no bridge.
pub const TRIGGER: &str = "self.$a&&$a()";

/// How a page carries the bridge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ScriptMode {
    /// In the page, once, behind the shell.
    #[default]
    Inline,
    /// As an external script at this URL, which serves [`BRIDGE`]. It may arrive late: it then
    /// catches up with what is there.
    External(Cow<'static, str>),
    /// Neither bridge nor trigger, for `script-src 'none'`. Only a browser with the native swap
    /// replaces loading views then.
    None,
}

/// The script tags of a page.
#[derive(Clone, Debug)]
pub struct Scripts {
    /// How the page carries the bridge.
    pub mode: ScriptMode,
    /// Silence after which the bridge takes the response for cut.
    pub watchdog: Duration,
    /// What the bridge then tells the reader.
    pub cut_notice: Cow<'static, str>,
}

impl Scripts {
    /// Writes the bridge, or the tag that loads it. With a `nonce`, for policies that do not
    /// list the hash.
    pub fn write_bridge(&self, out: &mut String, nonce: Option<&Nonce>) {
        match &self.mode {
            ScriptMode::None => return,
            ScriptMode::Inline => out.push_str("<script"),
            ScriptMode::External(url) => {
                out.push_str("<script async");
                attribute(out, "src", url);
            }
        }
        attribute(out, "data-w", &self.watchdog.as_millis().to_string());
        attribute(out, "data-t", &self.cut_notice);
        write_nonce(out, nonce);
        out.push('>');
        if self.mode == ScriptMode::Inline {
            out.push_str(BRIDGE);
        }
        out.push_str("</script>");
    }

    /// Writes the trigger.
    pub fn write_trigger(&self, out: &mut String, nonce: Option<&Nonce>) {
        if self.mode == ScriptMode::None {
            return;
        }
        out.push_str("<script");
        write_nonce(out, nonce);
        out.push('>');
        out.push_str(TRIGGER);
        out.push_str("</script>");
    }
}

fn write_nonce(out: &mut String, nonce: Option<&Nonce>) {
    if let Some(nonce) = nonce {
        attribute(out, "nonce", nonce.as_str());
    }
}

fn attribute(out: &mut String, name: &str, value: &str) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(out, value);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scripts(mode: ScriptMode) -> Scripts {
        Scripts {
            mode,
            watchdog: Duration::from_secs(15),
            cut_notice: "Cut & \"gone\"".into(),
        }
    }

    fn written(scripts: &Scripts, nonce: Option<&Nonce>) -> String {
        let mut out = String::new();
        scripts.write_bridge(&mut out, nonce);
        scripts.write_trigger(&mut out, nonce);
        out
    }

    #[test]
    fn the_minified_bridge_is_its_source_without_comments_and_line_ends() {
        let source = include_str!("bridge.js");
        let minified: String = source
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with("//"))
            .collect();
        assert_eq!(
            minified, BRIDGE,
            "write the left side to html/src/bridge.min.js, and update the hash in csp.rs"
        );
        assert!(BRIDGE.len() <= 900, "{} bytes", BRIDGE.len());
    }

    #[test]
    fn a_late_bridge_knows_the_triggers_that_it_has_missed() {
        assert!(BRIDGE.contains(&format!("n.text==\"{TRIGGER}\"")));
    }

    #[test]
    fn an_inline_page_carries_the_bridge_and_a_constant_trigger() {
        assert_eq!(
            written(&scripts(ScriptMode::Inline), None),
            format!(
                "<script data-w=\"15000\" data-t=\"Cut &amp; &quot;gone&quot;\">{BRIDGE}</script>\
                 <script>self.$a&&$a()</script>"
            )
        );
    }

    #[test]
    fn an_external_bridge_is_loaded_without_blocking() {
        assert_eq!(
            written(&scripts(ScriptMode::External("/a.js?v=1&x".into())), None),
            "<script async src=\"/a.js?v=1&amp;x\" data-w=\"15000\" \
             data-t=\"Cut &amp; &quot;gone&quot;\"></script><script>self.$a&&$a()</script>"
        );
    }

    #[test]
    fn no_script_means_none() {
        assert_eq!(written(&scripts(ScriptMode::None), None), "");
    }

    #[test]
    fn a_nonce_stands_on_both_tags() {
        let nonce = Nonce::new("abc123").unwrap();
        let tags = written(&scripts(ScriptMode::Inline), Some(&nonce));
        assert_eq!(tags.matches(" nonce=\"abc123\">").count(), 2);
    }
}
