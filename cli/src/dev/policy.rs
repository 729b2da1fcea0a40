//! Content security policies: what a page may do, and our script besides.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{CONTENT_SECURITY_POLICY, Entry, HeaderValue};
use sha2::{Digest, Sha256};

/// Adds a script to each policy of a response: its text by hash, and connections to the page's
/// own origin. All else stays as strict as it is.
pub(super) fn allow(headers: &mut HeaderMap, script: &str) {
    let hash = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(script)));
    if let Entry::Occupied(mut policies) = headers.entry(CONTENT_SECURITY_POLICY) {
        for value in policies.iter_mut() {
            let Ok(policies) = value.to_str() else {
                continue;
            };
            // Several may stand in one line, and each has to agree.
            let policies: Vec<_> = policies.split(',').map(|one| amend(one, &hash)).collect();
            if let Ok(amended) = HeaderValue::try_from(policies.join(", ")) {
                *value = amended;
            }
        }
    }
}

fn amend(policy: &str, hash: &str) -> String {
    let mut policy = Policy::parse(policy);
    policy.add(&["script-src-elem", "script-src", "default-src"], hash);
    policy.add(&["connect-src", "default-src"], "'self'");
    policy.to_string()
}

/// Directives in their order, each a name and its sources.
struct Policy<'p>(Vec<(&'p str, Vec<&'p str>)>);

impl<'p> Policy<'p> {
    fn parse(text: &'p str) -> Self {
        let directives = text.split(';').filter_map(|directive| {
            let mut words = directive.split_ascii_whitespace();
            Some((words.next()?, words.collect()))
        });
        Self(directives.collect())
    }

    /// Adds a source to the first of these directives that there is. The last of them stands for
    /// the one before it, which is added.
    fn add(&mut self, names: &[&'p str], source: &'p str) {
        let found = names.iter().find_map(|name| {
            let directives = self.0.iter();
            let mut directives = directives.filter(|(one, _)| one.eq_ignore_ascii_case(name));
            Some((*name, directives.next()?.1.clone()))
        });
        let Some((name, mut sources)) = found else {
            return;
        };
        if allows_everything(&sources, source) {
            return;
        }
        sources.retain(|one| !one.eq_ignore_ascii_case("'none'"));
        sources.push(source);
        let fallback = names.last() == Some(&name);
        let name = match names {
            [.., own, _] if fallback => *own,
            _ => name,
        };
        match self
            .0
            .iter_mut()
            .find(|(one, _)| one.eq_ignore_ascii_case(name))
        {
            Some(directive) => directive.1 = sources,
            None => self.0.push((name, sources)),
        }
    }
}

/// Whether a source is allowed already. A hash beside `'unsafe-inline'` would switch that off.
fn allows_everything(sources: &[&str], source: &str) -> bool {
    let has = |wanted: &str| sources.iter().any(|one| one.eq_ignore_ascii_case(wanted));
    let strict = [
        "'nonce-",
        "'sha256-",
        "'sha384-",
        "'sha512-",
        "'strict-dynamic'",
    ];
    let is_strict = |one: &str| strict.iter().any(|start| one.starts_with(start));
    let is_hash = source.starts_with("'sha");
    has(source) || is_hash && has("'unsafe-inline'") && !sources.iter().any(|one| is_strict(one))
}

impl std::fmt::Display for Policy<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (nth, (name, sources)) in self.0.iter().enumerate() {
            f.write_str(if nth == 0 { "" } else { "; " })?;
            f.write_str(name)?;
            for source in sources {
                write!(f, " {source}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_added_and_all_else_stays() {
        for (policy, amended) in [
            ("img-src 'self'", "img-src 'self'"),
            ("script-src 'none'", "script-src #"),
            (
                "script-src 'sha256-x'; connect-src 'none'",
                "script-src 'sha256-x' #; connect-src 'self'",
            ),
            ("script-src 'unsafe-inline'", "script-src 'unsafe-inline'"),
            (
                "script-src 'unsafe-inline' 'nonce-x'",
                "script-src 'unsafe-inline' 'nonce-x' #",
            ),
            (
                "script-src a; script-src-elem b",
                "script-src a; script-src-elem b #",
            ),
            (
                "default-src 'self'",
                "default-src 'self'; script-src 'self' #",
            ),
            (
                "default-src 'none'; style-src 'self'",
                "default-src 'none'; style-src 'self'; script-src #; connect-src 'self'",
            ),
        ] {
            let amended = amended.replace('#', "'sha256-y'");
            assert_eq!(amend(policy, "'sha256-y'"), amended, "{policy}");
        }
    }

    #[test]
    fn every_policy_of_a_response_is_amended() {
        let mut headers = HeaderMap::new();
        headers.append(
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("script-src a, script-src b"),
        );
        headers.append(
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("script-src c"),
        );
        allow(&mut headers, "");
        let hash = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";
        let amended: Vec<_> = headers.get_all(CONTENT_SECURITY_POLICY).iter().collect();
        assert_eq!(
            amended,
            [
                &format!("script-src a {hash}, script-src b {hash}"),
                &format!("script-src c {hash}")
            ]
        );
    }
}
