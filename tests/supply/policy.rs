//! The part of `deny.toml` that is checked here.

use semver::{Version, VersionReq};
use serde::Deserialize;
use serde::de::{Deserializer, Error};
use spdx::{Expression, Licensee, ParseMode};

/// What may be among the dependencies.
#[derive(Deserialize)]
pub(crate) struct Policy {
    pub(crate) licenses: Licenses,
    pub(crate) bans: Bans,
    pub(crate) sources: Sources,
}

#[derive(Deserialize)]
pub(crate) struct Licenses {
    /// Licences that every package may have.
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
    #[serde(default)]
    clarify: Vec<Clarification>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    package: Spec,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Clarification {
    #[serde(rename = "crate")]
    package: Spec,
    expression: String,
}

#[derive(Deserialize)]
pub(crate) struct Bans {
    pub(crate) deny: Vec<Ban>,
    #[serde(default)]
    pub(crate) features: Vec<DeniedFeatures>,
}

#[derive(Deserialize)]
pub(crate) struct Ban {
    #[serde(rename = "crate")]
    pub(crate) package: Spec,
    pub(crate) reason: String,
}

#[derive(Deserialize)]
pub(crate) struct DeniedFeatures {
    #[serde(rename = "crate")]
    pub(crate) package: Spec,
    pub(crate) deny: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Sources {
    allow_registry: Vec<String>,
    allow_git: Vec<String>,
}

/// `name`, `name@1.2.3` or `name:<1.2`: a package, one of its versions, or some of them.
pub(crate) struct Spec {
    name: String,
    versions: VersionReq,
}

impl Policy {
    /// Reads `deny.toml`.
    pub(crate) fn parse(text: &str) -> Self {
        toml::from_str(text).unwrap_or_else(|error| panic!("deny.toml: {error}"))
    }
}

impl Licenses {
    /// The licence that the policy names for a package, whatever its manifest says.
    pub(crate) fn clarified(&self, name: &str, version: &Version) -> Option<&str> {
        let mut clarified = self.clarify.iter();
        let found = clarified.find(|entry| entry.package.matches(name, version))?;
        Some(&found.expression)
    }

    /// Whether a package may have this licence. `Err` says why the licence cannot be read.
    pub(crate) fn allow(
        &self,
        name: &str,
        version: &Version,
        license: &str,
    ) -> Result<bool, String> {
        // As cargo, which knows the slash of old manifests.
        let license = Expression::parse_mode(license, ParseMode::LAX);
        let license = license.map_err(|error| error.reason.to_string())?;
        let exceptions = self.exceptions_for(name, version);
        let allowed: Vec<_> = exceptions.chain(&self.allow).map(licensee).collect();
        Ok(license.evaluate(|required| allowed.iter().any(|license| license.satisfies(required))))
    }

    /// Whether a package is allowed only because it is named.
    pub(crate) fn is_exception(&self, name: &str, version: &Version) -> bool {
        self.exceptions_for(name, version).next().is_some()
    }

    fn exceptions_for(&self, name: &str, version: &Version) -> impl Iterator<Item = &String> {
        let entries = self.exceptions.iter();
        let fitting = entries.filter(|entry| entry.package.matches(name, version));
        fitting.flat_map(|entry| &entry.allow)
    }
}

fn licensee(license: &String) -> Licensee {
    Licensee::parse(license).unwrap_or_else(|error| panic!("deny.toml: {license}: {error}"))
}

impl Sources {
    /// Whether packages may come from a source, as `Cargo.lock` spells it.
    pub(crate) fn allow(&self, source: &str) -> bool {
        match source.split_once('+') {
            Some(("registry" | "sparse", url)) => self.allow_registry.iter().any(|it| it == url),
            Some(("git", url)) => {
                let repository = url.split(['?', '#']).next();
                self.allow_git.iter().any(|it| Some(&**it) == repository)
            }
            _ => false,
        }
    }
}

impl Spec {
    pub(crate) fn matches(&self, name: &str, version: &Version) -> bool {
        self.name == name && self.versions.matches(version)
    }
}

impl<'de> Deserialize<'de> for Spec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (name, versions) = if let Some((name, version)) = text.split_once('@') {
            (name, format!("={version}"))
        } else {
            let (name, versions) = text.split_once(':').unwrap_or((&text, "*"));
            (name, versions.to_owned())
        };
        Ok(Self {
            name: name.to_owned(),
            versions: versions.parse().map_err(D::Error::custom)?,
        })
    }
}
