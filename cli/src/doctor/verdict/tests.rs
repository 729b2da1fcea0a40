//! Verdicts on pages whose parts arrive at given times.

use http::Response;

use super::*;

const TRIP: Duration = Duration::from_millis(20);
const SHELL: &[u8] = b"<!DOCTYPE html><?start name=\"0\"><p>Loading<?end>";
const PATCH: &[u8] = b"<template for=\"0\"><p>Done</template>";

/// A page whose shell and patch arrive at these milliseconds.
fn page(headers: &[(&str, &str)], shell: u64, patch: u64) -> Recording {
    let head = headers
        .iter()
        .fold(Response::builder(), |head, (name, value)| {
            head.header(*name, *value)
        });
    let (head, ()) = head.body(()).expect("a head").into_parts();
    let (shell, patch) = (Duration::from_millis(shell), Duration::from_millis(patch));
    let mut recording = Recording::new(head, TRIP, shell);
    recording.arrived(shell, SHELL);
    recording.arrived(patch, PATCH);
    recording.ended(patch);
    recording
}

fn verdict(plain: Recording, direct: Option<Recording>) -> Verdict {
    let compressed = page(&[("content-encoding", "br")], 10, 1000);
    let findings = Findings {
        plain,
        compressed,
        direct,
    };
    findings.verdict()
}

const NGINX: (&str, &str) = ("server", "nginx/1.28");

#[test]
fn a_shell_that_comes_early_is_a_stream() {
    let through_nginx = verdict(page(&[NGINX], 10, 1000), None);
    let Verdict::Streams { through, .. } = through_nginx else {
        panic!("{through_nginx:?}");
    };
    assert_eq!(through.as_deref(), Some("nginx/1.28"));
}

#[test]
fn a_shell_that_takes_most_of_the_time_is_a_stream_too() {
    let compressed = || page(&[("content-encoding", "br")], 1000, 1200);
    let findings = Findings {
        plain: page(&[], 1000, 1200),
        compressed: compressed(),
        direct: None,
    };
    let verdict = findings.verdict();
    assert!(
        matches!(verdict, Verdict::Streams { late: true, .. }),
        "{verdict:?}"
    );
    let said = verdict.explain();
    assert!(
        said[0].starts_with("It streams: the shell after 1.000 s"),
        "{said:?}"
    );
    assert!(said[1].contains("before the shell"), "{said:?}");
}

#[test]
fn a_page_that_waited_and_then_takes_long_to_arrive_was_held_back() {
    let parts = || Response::new(()).into_parts().0;
    let at = Duration::from_millis;
    // All of it is there after a second: by a slow line, and from afar on a new connection.
    for (trip, gap) in [(5, 10), (80, 85)] {
        let mut plain = Recording::new(parts(), at(trip), at(1000));
        plain.arrived(at(1000), SHELL);
        for nth in 1..=2 {
            plain.arrived(at(1000 + nth * gap), PATCH);
        }
        plain.ended(at(1000 + 2 * gap));
        let verdict = verdict(plain, None);
        assert!(
            matches!(verdict, Verdict::HeldBack(_)),
            "{gap}: {verdict:?}"
        );
    }
}

#[test]
fn a_shell_that_comes_with_the_last_patch_was_held_back() {
    let proxy = Culprit::Proxy {
        name: "nginx/1.28".to_owned(),
        ignores: true,
    };
    assert_eq!(
        verdict(page(&[NGINX], 1000, 1002), None),
        Verdict::HeldBack(proxy)
    );
    for headers in [
        &[("content-length", "83")][..],
        &[NGINX, ("content-length", "83")],
        &[("x-accel-buffering", "no")],
        &[],
    ] {
        let verdict = verdict(page(headers, 1000, 1002), None);
        let in_app = matches!(&verdict, Verdict::HeldBack(Culprit::App { .. }));
        assert!(in_app, "{headers:?}: {verdict:?}");
    }
}

#[test]
fn what_the_app_does_by_itself_decides() {
    let held = || page(&[NGINX], 1000, 1002);
    let streams = page(&[("x-accel-buffering", "no")], 10, 1000);
    let verdict_of = |direct| verdict(held(), Some(direct));
    let is_proxy = matches!(
        verdict_of(streams),
        Verdict::HeldBack(Culprit::Proxy { ignores: true, .. })
    );
    assert!(is_proxy);
    let is_app = matches!(
        verdict_of(page(&[], 1000, 1002)),
        Verdict::HeldBack(Culprit::App { .. })
    );
    assert!(is_app);
}

#[test]
fn compression_that_waits_is_found() {
    let findings = Findings {
        plain: page(&[NGINX], 10, 1000),
        compressed: page(&[NGINX, ("content-encoding", "gzip")], 1000, 1001),
        direct: None,
    };
    let compression = Culprit::Compression {
        coding: "gzip".to_owned(),
        by: Some("nginx/1.28".to_owned()),
    };
    assert_eq!(findings.verdict(), Verdict::HeldBack(compression));
}

#[test]
fn what_fails_when_it_is_compressed_does_not_stream() {
    let gzip = ("content-encoding", "gzip");
    let mut cut = page(&[gzip], 10, 1000);
    cut.cut("connection closed");
    let mut refused = page(&[], 10, 10);
    refused.status = http::StatusCode::BAD_GATEWAY;
    for (compressed, why) in [
        (cut, "the response, compressed, is cut: connection closed"),
        (refused, "the answer, compressed, is 502 Bad Gateway"),
    ] {
        let findings = Findings {
            plain: page(&[], 10, 1000),
            compressed,
            direct: None,
        };
        assert_eq!(findings.verdict(), Verdict::Failed(why.to_owned()));
    }
}

#[test]
fn a_page_that_is_there_at_once_tells_nothing() {
    assert_eq!(verdict(page(&[], 5, 6), None), Verdict::Quick);
}
