//! The rules, one function for each place to look at. A violation is a sentence.

use super::graph::{Graph, Lock, Package};
use super::policy::Policy;

/// Sources, banned crates and floors of versions.
pub(crate) fn check_lock(policy: &Policy, lock: &Lock) -> Vec<String> {
    let mut violations = Vec::new();
    for package in &lock.packages {
        let (name, version) = (&package.name, &package.version);
        let source = package.source.as_ref();
        if let Some(source) = source.filter(|source| !policy.sources.allow(source)) {
            violations.push(format!("{name} {version} comes from {source}"));
        }
        let bans = policy.bans.deny.iter();
        for ban in bans.filter(|ban| ban.package.matches(name, version)) {
            violations.push(format!("{name} {version} is banned: {}", ban.reason));
        }
    }
    violations
}

/// Licences and features.
pub(crate) fn check_packages(policy: &Policy, graph: &Graph) -> Vec<String> {
    let mut violations = Vec::new();
    for package in &graph.packages {
        violations.extend(check_license(policy, package));
        let Package { name, version, .. } = package;
        let rules = policy.bans.features.iter();
        for rule in rules.filter(|rule| rule.package.matches(name, version)) {
            let enabled = graph.features(package).iter();
            for feature in enabled.filter(|feature| rule.deny.contains(feature)) {
                violations.push(format!("{name} {version} has the feature {feature}"));
            }
        }
    }
    violations
}

/// No package that the policy makes an exception for is part of an app.
pub(crate) fn check_shipped(policy: &Policy, graph: &Graph, shipped: &[&str]) -> Vec<String> {
    let built = graph.built_for(shipped).into_iter();
    let exceptions = built.filter(|it| policy.licenses.is_exception(&it.name, &it.version));
    exceptions
        .map(|it| format!("{} {} is for tests only", it.name, it.version))
        .collect()
}

fn check_license(policy: &Policy, package: &Package) -> Option<String> {
    let Package { name, version, .. } = package;
    let clarified = policy.licenses.clarified(name, version);
    let Some(license) = clarified.or(package.license.as_deref()) else {
        return Some(format!("{name} {version} names no licence"));
    };
    match policy.licenses.allow(name, version, license) {
        Ok(true) => None,
        Ok(false) => Some(format!("{name} {version} has the licence {license}")),
        Err(error) => Some(format!("{name} {version}: licence {license}: {error}")),
    }
}
