//! What was measured -> what it means, and what to do.

#[cfg(test)]
mod tests;

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
        // What goes wrong with compression alone is what browsers get.
        for (recording, how) in [(plain, ""), (&self.compressed, ", compressed,")] {
            if let Some(why) = &recording.cut {
                return Verdict::Failed(format!("the response{how} is cut: {why}"));
            }
            if !recording.status.is_success() {
                return Verdict::Failed(format!("the answer{how} is {}", recording.status));
            }
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
