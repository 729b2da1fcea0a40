//! Made-up packages that break each rule.

use serde_json::{Value, json};

use crate::check::{check_lock, check_packages, check_shipped};
use crate::graph::{Graph, Lock};
use crate::policy::Policy;

const POLICY: &str = r#"
    [licenses]
    allow = ["MIT", "Apache-2.0"]
    exceptions = [{ crate = "tool", allow = ["GPL-3.0-only"] }]
    [[licenses.clarify]]
    crate = "tool"
    expression = "GPL-3.0-only"

    [bans]
    deny = [
        { crate = "server:<1.12", reason = "it loses bytes" },
        { crate = "parser@2.0.1", reason = "it was published by mistake" },
        { crate = "openssl", reason = "use rustls" },
    ]
    [[bans.features]]
    crate = "markup"
    deny = ["web"]

    [sources]
    allow-registry = ["https://registry.example/index"]
    allow-git = ["https://git.example/allowed"]
"#;

const REGISTRY: &str = "registry+https://registry.example/index";

fn locked(name: &str, version: &str, source: &str) -> Vec<String> {
    let lock = format!("[[package]]\nname = {name:?}\nversion = {version:?}\nsource = {source:?}");
    check_lock(&Policy::parse(POLICY), &Lock::parse(&lock))
}

#[test]
fn a_version_below_its_floor_is_refused() {
    assert_eq!(
        locked("server", "1.11.9", REGISTRY),
        ["server 1.11.9 is banned: it loses bytes"]
    );
    for version in ["1.12.0", "1.13.1", "2.0.0"] {
        assert!(locked("server", version, REGISTRY).is_empty(), "{version}");
    }
}

#[test]
fn a_banned_crate_is_refused() {
    assert_eq!(
        locked("openssl", "9.0.0", REGISTRY),
        ["openssl 9.0.0 is banned: use rustls"]
    );
    assert!(locked("openssl-probe", "9.0.0", REGISTRY).is_empty());
    assert_eq!(locked("parser", "2.0.1", REGISTRY).len(), 1);
    assert!(locked("parser", "2.0.2", REGISTRY).is_empty());
}

#[test]
fn a_source_that_is_not_listed_is_refused() {
    for source in [
        "registry+https://elsewhere.example/index",
        "git+https://git.example/other#0123",
        "git+https://registry.example/index#0123",
        "path",
    ] {
        let expected = format!("a 1.0.0 comes from {source}");
        assert_eq!(locked("a", "1.0.0", source), [expected]);
    }
    let allowed = "git+https://git.example/allowed?branch=main#0123";
    assert!(locked("a", "1.0.0", allowed).is_empty());
    let ours = "[[package]]\nname = \"ours\"\nversion = \"1.0.0\"";
    assert!(check_lock(&Policy::parse(POLICY), &Lock::parse(ours)).is_empty());
}

/// `cargo metadata` of packages `(name, licence, features)`; each depends on the next, as `kind`.
fn graph(packages: &[(&str, Value, Value)], kind: &Value) -> Graph {
    let manifest = |(name, license, _): &(&str, Value, Value)| json!({ "id": name, "name": name, "version": "1.0.0", "license": license });
    let nodes = packages
        .iter()
        .enumerate()
        .map(|(at, (name, _, features))| {
            let next = packages.get(at + 1).into_iter();
            let deps =
                next.map(|(next, ..)| json!({ "pkg": next, "dep_kinds": [{ "kind": kind }] }));
            let deps: Vec<_> = deps.collect();
            json!({ "id": name, "features": features, "deps": deps })
        });
    let graph = json!({
        "packages": packages.iter().map(manifest).collect::<Vec<_>>(),
        "resolve": { "nodes": nodes.collect::<Vec<_>>() },
    });
    Graph::parse(&graph.to_string())
}

fn licensed(name: &str, license: Value) -> Vec<String> {
    let graph = graph(&[(name, license, json!([]))], &Value::Null);
    check_packages(&Policy::parse(POLICY), &graph)
}

#[test]
fn a_licence_that_is_not_listed_is_refused() {
    for license in [
        "MIT",
        "MIT OR GPL-3.0-only",
        "MIT/GPL-3.0",
        "MIT AND Apache-2.0",
        "(GPL-3.0-only OR MIT) AND Apache-2.0",
    ] {
        assert!(licensed("a", json!(license)).is_empty(), "{license}");
    }
    for license in [
        "GPL-3.0-only",
        "MIT AND GPL-3.0-only",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        let expected = format!("a 1.0.0 has the licence {license}");
        assert_eq!(licensed("a", json!(license)), [expected]);
    }
    assert_eq!(licensed("a", Value::Null), ["a 1.0.0 names no licence"]);
    let unreadable = licensed("a", json!("Ours, all ours"));
    assert!(
        unreadable[0].starts_with("a 1.0.0: licence Ours"),
        "{unreadable:?}"
    );
}

#[test]
fn an_exception_is_for_one_crate_and_for_tests() {
    assert!(licensed("tool", Value::Null).is_empty());
    let policy = Policy::parse(POLICY);
    let packages = [
        ("app", json!("MIT"), json!([])),
        ("tool", Value::Null, json!([])),
    ];
    for kind in &[Value::Null, json!("build")] {
        let shipped = check_shipped(&policy, &graph(&packages, kind), &["app"]);
        assert_eq!(shipped, ["tool 1.0.0 is for tests only"]);
    }
    let tests = check_shipped(&policy, &graph(&packages, &json!("dev")), &["app"]);
    assert!(tests.is_empty());
}

#[test]
fn a_denied_feature_is_refused() {
    let features = |enabled: Value| {
        let graph = graph(&[("markup", json!("MIT"), enabled)], &Value::Null);
        check_packages(&Policy::parse(POLICY), &graph)
    };
    assert!(features(json!(["default"])).is_empty());
    assert_eq!(
        features(json!(["default", "web"])),
        ["markup 1.0.0 has the feature web"]
    );
}
