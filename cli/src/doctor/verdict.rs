//! What was measured -> what it means, and what to do.

use std::time::Duration;

use http::header::{self, HeaderName};

use super::recording::{Recording, time};

/// Everything that was measured.
#[derive(Debug)]
pub(super) struct Findings {
    pub(super) plain: Recording,
    /// The same for a client that accepts compressed bodies, as browsers do.
    pub(super) compressed: Recording,
    /// The same from the app itself.
    pub(super) direct: Option<Recording>,
}

/// What it means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Streams {
        shell: Duration,
        end: Duration,
        /// Next to all of the time is before the shell.
        late: bool,
        through: Option<String>,
    },
    /// Nothing was to be streamed.
    Whole,
    /// Too quick to tell.
    Quick,
    Failed(String),
    HeldBack(Culprit),
}

/// Who holds a stream back.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Culprit {
    /// A layer or a handler in the app, with the header that shows it.
    App { sign: String },
    /// Something between the app and here, by the name it gives itself.
    Proxy { name: String, ignores: bool },
    /// Compression, by its coding, and whoever may do it.
    Compression { coding: String, by: Option<String> },
}

/// A page that is there sooner tells nothing: networks are not steadier.
const TELLING: Duration = Duration::from_millis(100);

impl Findings {
    pub(super) fn verdict(&self) -> Verdict {
        let plain = &self.plain;
        if let Some(why) = &plain.cut {
            return Verdict::Failed(format!("the response is cut: {why}"));
        }
        if !plain.status.is_success() {
            return Verdict::Failed(format!("the answer is {}", plain.status));
        }
        if plain.patches() == 0 {
            return Verdict::Whole;
        }
        if plain.end() < TELLING {
            return Verdict::Quick;
        }
        if !plain.is_spread() {
            return Verdict::HeldBack(self.culprit());
        }
        match self.compressed.header(header::CONTENT_ENCODING) {
            Some(coding) if !self.compressed.is_spread() => {
                Verdict::HeldBack(Culprit::Compression {
                    coding: coding.to_owned(),
                    by: proxy(&self.compressed),
                })
            }
            _ => Verdict::Streams {
                shell: plain.first(),
                end: plain.end(),
                late: plain.is_late(),
                through: proxy(plain),
            },
        }
    }

    fn culprit(&self) -> Culprit {
        let sign = |recording: &Recording| match recording.header(header::CONTENT_LENGTH) {
            Some(length) => format!(
                "`Content-Length: {length}`: whoever sets it for a page in patches has collected \
                 the whole page"
            ),
            None => match accel(recording) {
                Some(value) => {
                    format!("`X-Accel-Buffering: {value}`, which proxies take away, is still there")
                }
                None => "no header names a proxy".to_owned(),
            },
        };
        if let Some(direct) = &self.direct {
            return match direct.patches() > 0 && !direct.is_spread() {
                true => Culprit::App {
                    sign: format!("asked directly, it is as late; {}", sign(direct)),
                },
                false => Culprit::Proxy {
                    name: proxy(&self.plain)
                        .unwrap_or("what stands in front of the app".to_owned()),
                    ignores: accel(direct) == Some("no"),
                },
            };
        }
        // A proxy that buffers does not know the length of what it buffers.
        let collected = self.plain.headers.contains_key(header::CONTENT_LENGTH);
        match proxy(&self.plain) {
            Some(name) if !collected => Culprit::Proxy {
                name,
                ignores: true,
            },
            _ => Culprit::App {
                sign: sign(&self.plain),
            },
        }
    }
}

/// The name of a proxy, if the response has come through one that says so. Apps that
/// `anabranch::serve` serves give no name.
fn proxy(recording: &Recording) -> Option<String> {
    let names = [
        header::VIA,
        HeaderName::from_static("x-served-by"),
        HeaderName::from_static("cf-ray"),
        header::SERVER,
    ];
    let named = names.into_iter().find_map(|name| {
        let value = recording.header(name.clone())?;
        Some((name, value.to_owned()))
    });
    named.map(|(name, value)| match name.as_str() {
        "cf-ray" => "cloudflare".to_owned(),
        _ => value,
    })
}

fn accel(recording: &Recording) -> Option<&str> {
    recording.header(HeaderName::from_static("x-accel-buffering"))
}

impl Verdict {
    /// What it means and what to do, line by line.
    pub(super) fn explain(&self) -> Vec<String> {
        match self {
            Self::Streams {
                shell,
                end,
                late,
                through,
            } => {
                let through = through.as_ref();
                let through = through.map_or(String::new(), |name| format!(", through {name}"));
                let (shell, end) = (time(*shell), time(*end));
                let (shell, end) = (shell.trim(), end.trim());
                let hint = "Most of the time is before the shell: a boundary around what it waits for \
                            has the shell come sooner.";
                let hints = late.then_some(hint);
                lines(
                    &format!(
                        "It streams{through}: the shell after {shell}, all of it after {end}."
                    ),
                    hints.as_slice(),
                )
            }
            Self::Whole => lines(
                "The page has come in one piece, without a patch, so there is nothing to tell.",
                &[
                    "Choose a page with a boundary that waits for something.",
                    "If this is one, the app takes this client for a bot, or for one of HTTP/1.0: behind \
                     nginx before 1.29.7, `proxy_http_version 1.1;` helps with `axum::serve`.",
                ],
            ),
            Self::Quick => lines(
                "The page was there at once, too quick to tell whether something holds it back.",
                &["Choose a page with a part that takes a second."],
            ),
            Self::Failed(why) => lines(&format!("The page cannot be judged: {why}."), &[]),
            Self::HeldBack(culprit) => culprit.explain(),
        }
    }
}

impl Culprit {
    fn explain(&self) -> Vec<String> {
        match self {
            Self::App { sign } => lines(
                "The page is held back in the app: its shell has waited for its last patch.",
                &[
                    &format!("What shows it: {sign}."),
                    "Look for a layer or middleware that collects the body, to hash, rewrite or log it, \
                     and leave pages out of it.",
                    "To be sure, ask the app itself: --direct http://127.0.0.1:3000/…",
                ],
            ),
            Self::Proxy { name, ignores } => {
                let header = match ignores {
                    true => {
                        "It ignores the header `X-Accel-Buffering: no`, by which the app asks for each \
                             page to be passed on as it comes."
                    }
                    false => {
                        "The app sends no `X-Accel-Buffering: no` with this page; something has \
                              taken the header away."
                    }
                };
                let mend = match name.to_ascii_lowercase().contains("nginx") {
                    true => {
                        "In nginx: remove `proxy_ignore_headers X-Accel-Buffering;`, or write \
                             `proxy_buffering off;` in the `location`."
                    }
                    false => {
                        "Switch off the buffering of responses there, and compression that waits for a \
                              full buffer."
                    }
                };
                let sure = "If it still does not stream then, a layer in the app may do the same: tell them \
                            apart with --direct and the app's own address.";
                lines(
                    &format!(
                        "The page is held back by {name}: its shell has waited for its last patch."
                    ),
                    &[header, mend, sure],
                )
            }
            Self::Compression { coding, by } => {
                let by = by.as_ref();
                let who = by.map_or("a layer in the app".to_owned(), String::clone);
                lines(
                    &format!(
                        "The page streams, but not compressed: `Content-Encoding: {coding}` waits for the end."
                    ),
                    &[
                        &format!(
                            "Most likely {who} compresses without flushing. Switch that off (in nginx: `gzip off;`)."
                        ),
                        "`anabranch::serve` compresses each patch as it is written.",
                    ],
                )
            }
        }
    }
}

fn lines(first: &str, rest: &[&str]) -> Vec<String> {
    let rest = rest.iter().map(|line| format!("  {line}"));
    std::iter::once(first.to_owned()).chain(rest).collect()
}

#[cfg(test)]
mod tests {
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
    fn a_page_that_is_there_at_once_tells_nothing() {
        assert_eq!(verdict(page(&[], 5, 6), None), Verdict::Quick);
    }
}
