//! Who is refused: row S18 of the battery.

use crate::client::Client;
use crate::run::Run;

#[test]
fn s18_foreign_hosts_and_origins_are_refused() {
    let run = Run::started();
    let port = run.address.rsplit_once(':').unwrap().1;
    let local = format!("localhost:{port}");
    let own = format!("http://{local}");
    let evil = format!("evil.example:{port}");
    for (path, headers, status) in [
        ("/text", vec![("Host", &*local)], 200),
        ("/text", vec![("Host", &*evil)], 403),
        ("/text", vec![("Host", "localhost.evil.example")], 403),
        ("/text", vec![("Host", "")], 400),
        ("/_anabranch/events", vec![("Host", &*local)], 200),
        (
            "/_anabranch/events",
            vec![("Host", &*local), ("Origin", &*own)],
            200,
        ),
        (
            "/_anabranch/events",
            vec![("Host", &*evil), ("Origin", "http://evil.example")],
            403,
        ),
        (
            "/_anabranch/events",
            vec![("Host", &*local), ("Origin", "http://evil.example")],
            403,
        ),
        (
            "/_anabranch/events",
            vec![("Host", &*local), ("Origin", "http://localhost:1")],
            403,
        ),
        (
            "/_anabranch/events",
            vec![("Host", &*local), ("Origin", "null")],
            403,
        ),
        (
            "/_anabranch/events",
            vec![("Host", &*local), ("Sec-Fetch-Site", "cross-site")],
            403,
        ),
        (
            "/_anabranch/events",
            vec![("Host", &*local), ("Sec-Fetch-Site", "same-site")],
            403,
        ),
    ] {
        let answer = Client::get(&run.address, path, &headers);
        assert_eq!(answer.status, status, "{path} {headers:?}");
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
}

#[test]
fn who_names_no_host_is_told_so_and_not_how_to_allow_it() {
    let run = Run::started();
    let answer = Client::get(&run.address, "/text", &[("Host", "")]);
    let said = answer.whole();
    assert!(said.contains("Host header"), "{said}");
    assert!(!said.contains("--allow-host"), "{said}");
}

#[test]
fn s18_sources_cannot_be_read() {
    let run = Run::started();
    for path in [
        "/app/page.txt",
        "/src/main.rs",
        "/Cargo.toml",
        "/_anabranch/",
        "/_anabranch/../Cargo.toml",
        "/..%2fCargo.toml",
        "/%2e%2e/Cargo.toml",
        "/@fs/etc/passwd",
    ] {
        assert_eq!(run.get(path).status, 404, "{path}");
    }
}
