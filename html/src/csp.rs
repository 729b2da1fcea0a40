//! Content security policy: what a page must allow for its two constant scripts to run.

use std::borrow::Cow;
use std::fmt;

/// CSP source of the bridge: the SHA-256 of [`BRIDGE`](crate::script::BRIDGE).
pub const BRIDGE_HASH: &str = "'sha256-6Ca3fuGktwm4K62ZlpMPcppI3MblV5ZEnjMzT7Y0W9E='";

/// CSP source of the trigger: the SHA-256 of [`TRIGGER`](crate::script::TRIGGER).
pub const TRIGGER_HASH: &str = "'sha256-K/oouDNzzbAUG0KU2QiXWaihYTlZpKth1HqJyH/dcG0='";

/// A nonce: the base64 text that a policy and a script tag share.
///
/// It must be new and unguessable for every response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nonce(String);

impl Nonce {
    /// Takes `text` where it is a nonce: not empty, and made of `A-Z a-z 0-9 + / - _ =` only,
    /// so that it can break out of neither attribute nor header.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        let valid = |c: u8| c.is_ascii_alphanumeric() || b"+/-_=".contains(&c);
        (!text.is_empty() && text.bytes().all(valid)).then_some(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Builds the value of a `Content-Security-Policy` header.
///
/// ```
/// use anabranch_html::csp::Policy;
///
/// let policy = Policy::strict().allow("img-src", "'self'").allow("script-src", "'self'");
/// assert!(policy.to_string().contains("; img-src 'self'"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    directives: Vec<(Cow<'static, str>, Vec<Cow<'static, str>>)>,
}

impl Policy {
    /// Allows nothing but resources of the page's own origin and, of scripts, the two alone, by
    /// hash. Script files of the site need `.allow("script-src", "'self'")`.
    #[must_use]
    pub fn strict() -> Self {
        Self::without_scripts()
            .allow("script-src", BRIDGE_HASH)
            .allow("script-src", TRIGGER_HASH)
    }

    /// Allows scripts of the page's own origin and the two scripts, by hash; no plugins, no
    /// `<base>`, and no frames on other sites. Styles, images, fonts and connections are free.
    #[must_use]
    pub fn relaxed() -> Self {
        Self { directives: vec![] }
            .allow("script-src", "'self'")
            .allow("script-src", BRIDGE_HASH)
            .allow("script-src", TRIGGER_HASH)
            .allow("object-src", "'none'")
            .allow("base-uri", "'none'")
            .allow("frame-ancestors", "'self'")
    }

    /// Like [`strict`](Self::strict), but the two scripts are allowed by a nonce, and so is every
    /// other that carries it.
    #[must_use]
    pub fn with_nonce(nonce: &Nonce) -> Self {
        Self::without_scripts().allow("script-src", format!("'nonce-{}'", nonce.as_str()))
    }

    /// Allows no script at all, for [`ScriptMode::None`](crate::script::ScriptMode::None).
    #[must_use]
    pub fn no_script() -> Self {
        Self::without_scripts().allow("script-src", "'none'")
    }

    /// Adds `source` to `directive`.
    #[must_use]
    pub fn allow(
        mut self,
        directive: impl Into<Cow<'static, str>>,
        source: impl Into<Cow<'static, str>>,
    ) -> Self {
        let directive = directive.into();
        // A second directive of the same name, in whatever case, counts for nothing.
        let same = |known: &str| known.eq_ignore_ascii_case(&directive);
        let known = self.directives.iter_mut().find(|(known, _)| same(known));
        match known {
            Some((_, sources)) => sources.push(source.into()),
            None => self.directives.push((directive, vec![source.into()])),
        }
        self
    }

    fn without_scripts() -> Self {
        Self { directives: vec![] }
            .allow("default-src", "'self'")
            .allow("base-uri", "'none'")
            .allow("object-src", "'none'")
            .allow("frame-ancestors", "'self'")
            .allow("form-action", "'self'")
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (directive, sources)) in self.directives.iter().enumerate() {
            let separator = if at == 0 { "" } else { "; " };
            write!(f, "{separator}{directive} {}", sources.join(" "))?;
        }
        Ok(())
    }
}

/// In a response's extensions: the source of a script that a layer has added to the page, for
/// whoever adds a policy further out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScriptSource(pub &'static str);

/// The value of a `Content-Security-Policy` header, with `source` added to where it says which
/// scripts run. `None` if it lets none run.
///
/// ```
/// use anabranch_html::csp::allow_script;
///
/// let policy = allow_script("default-src 'self'; img-src *", "'sha256-…'");
/// assert_eq!(
///     policy.as_deref(),
///     Some("default-src 'self'; img-src *; script-src 'self' 'sha256-…'")
/// );
/// assert_eq!(allow_script("script-src 'none'", "'sha256-…'"), None);
/// ```
#[must_use]
pub fn allow_script(header: &str, source: &str) -> Option<String> {
    // A header may hold several policies, which all have to agree.
    let policies = header
        .split(',')
        .map(|policy| allow_in_policy(policy, source));
    Some(policies.collect::<Option<Vec<_>>>()?.join(", "))
}

fn allow_in_policy(policy: &str, source: &str) -> Option<String> {
    let mut directives: Vec<_> = policy
        .split(';')
        .map(|directive| directive.trim().to_owned())
        .filter(|directive| !directive.is_empty())
        .collect();
    // The first that is there decides on script elements.
    let decides = ["script-src-elem", "script-src", "default-src"]
        .into_iter()
        .find_map(|name| Some((name, directives.iter().position(|d| is_of(d, name))?)));
    if let Some((name, at)) = decides {
        let sources: Vec<_> = directives[at].split_ascii_whitespace().skip(1).collect();
        if sources.is_empty() || sources.iter().any(|s| s.eq_ignore_ascii_case("'none'")) {
            return None;
        }
        if !runs_all_inline(&sources) {
            if name == "default-src" {
                directives.push(format!("script-src {} {source}", sources.join(" ")));
            } else {
                directives[at].push(' ');
                directives[at].push_str(source);
            }
        }
    }
    Some(directives.join("; "))
}

fn is_of(directive: &str, name: &str) -> bool {
    let mut words = directive.split_ascii_whitespace();
    words
        .next()
        .is_some_and(|word| word.eq_ignore_ascii_case(name))
}

/// Whether inline scripts run without a hash. A hash would end that.
fn runs_all_inline(sources: &[&str]) -> bool {
    let begins = |source: &&str, start: &str| {
        let head = source.get(..start.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(start))
    };
    let any = |start| sources.iter().any(|source| begins(source, start));
    any("'unsafe-inline'") && !any("'nonce-") && !any("'sha") && !any("'strict-dynamic'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::{BRIDGE, TRIGGER};
    use sha2::{Digest, Sha256};

    #[test]
    fn the_hashes_are_those_of_the_scripts() {
        for (script, hash) in [(BRIDGE, BRIDGE_HASH), (TRIGGER, TRIGGER_HASH)] {
            assert_eq!(
                hash,
                format!("'sha256-{}'", base64(&Sha256::digest(script)))
            );
        }
    }

    #[test]
    fn a_strict_policy_names_both_hashes_and_nothing_unsafe() {
        assert_eq!(
            Policy::strict().to_string(),
            format!(
                "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'self'; \
                 form-action 'self'; script-src {BRIDGE_HASH} {TRIGGER_HASH}"
            )
        );
    }

    #[test]
    fn a_directive_stands_once_however_it_is_written() {
        let policy = Policy::no_script()
            .allow("Img-Src", "'self'")
            .allow("img-src", "data:")
            .allow("Form-Action", "https://pay.example");
        let policy = policy.to_string();
        assert!(
            policy.ends_with("script-src 'none'; Img-Src 'self' data:"),
            "{policy}"
        );
        assert!(
            policy.contains("; form-action 'self' https://pay.example; "),
            "{policy}"
        );
    }

    #[test]
    fn a_nonce_cannot_break_out() {
        for text in ["", "a b", "a\"b", "a'b", "a;b", "a\nb", "ä"] {
            assert_eq!(Nonce::new(text), None, "{text:?}");
        }
        let nonce = Nonce::new("aZ9+/-_=").unwrap();
        assert!(
            Policy::with_nonce(&nonce)
                .to_string()
                .ends_with("script-src 'nonce-aZ9+/-_='")
        );
    }

    #[test]
    fn a_script_is_allowed_where_a_policy_decides_on_scripts() {
        for (policy, allowed) in [
            ("script-src 'self'", Some("script-src 'self' X")),
            (
                "img-src *;; Script-Src 'nonce-a' 'unsafe-inline' ;",
                Some("img-src *; Script-Src 'nonce-a' 'unsafe-inline' X"),
            ),
            (
                "script-src a; script-src-elem b",
                Some("script-src a; script-src-elem b X"),
            ),
            ("default-src a b", Some("default-src a b; script-src a b X")),
            (
                "script-src 'unsafe-inline'",
                Some("script-src 'unsafe-inline'"),
            ),
            ("img-src 'none'", Some("img-src 'none'")),
            ("", Some("")),
            (
                "script-src a, default-src b",
                Some("script-src a X, default-src b; script-src b X"),
            ),
            ("script-src 'None'", None),
            ("script-src", None),
            ("default-src 'none'; img-src 'self'", None),
            ("script-src a, default-src 'none'", None),
        ] {
            assert_eq!(allow_script(policy, "X").as_deref(), allowed, "{policy}");
        }
    }

    /// Base64 of 32 bytes, written out so that no test dependency is needed for one line.
    fn base64(bytes: &[u8]) -> String {
        const DIGITS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::new();
        for chunk in bytes.chunks(3) {
            let group =
                chunk.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
            for digit in 0..=chunk.len() {
                text.push(char::from(
                    DIGITS[(group >> (18 - 6 * digit)) as usize & 63],
                ));
            }
            text.extend(std::iter::repeat_n('=', 3 - chunk.len()));
        }
        text
    }
}
