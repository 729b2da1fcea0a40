//! What cargo says while it builds: messages in JSON on its standard output, and text.

use std::path::PathBuf;

use serde::Deserialize;

use super::trouble::Trouble;

/// A line of `cargo build --message-format json`. Only what is read.
#[derive(Debug, Deserialize)]
#[serde(tag = "reason")]
pub(super) enum Message {
    #[serde(rename = "compiler-message")]
    Diagnostic { message: Diagnostic },
    #[serde(rename = "compiler-artifact")]
    Artifact {
        package_id: String,
        target: Target,
        executable: Option<PathBuf>,
    },
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
pub(super) struct Target {
    pub(super) name: String,
}

/// What the compiler says of the code.
#[derive(Debug, Deserialize)]
pub(super) struct Diagnostic {
    level: String,
    /// As on a terminal.
    pub(super) rendered: Option<String>,
    spans: Vec<Span>,
}

#[derive(Debug, Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    column_start: usize,
    is_primary: bool,
}

impl Message {
    /// Reads a line. None for what is no message: build scripts of old may print on their own.
    pub(super) fn read(line: &str) -> Option<Self> {
        serde_json::from_str(line).ok()
    }
}

impl Diagnostic {
    pub(super) fn is_error(&self) -> bool {
        self.level.starts_with("error")
    }

    /// Where its mistake is.
    fn place(&self) -> Option<String> {
        let span = self.spans.iter().find(|span| span.is_primary)?;
        let Span {
            file_name,
            line_start,
            column_start,
            ..
        } = span;
        Some(format!("{file_name}:{line_start}:{column_start}"))
    }
}

/// Why a build has failed: the compiler's errors, or else what cargo itself said.
pub(super) fn trouble(errors: &[Diagnostic], said: &str) -> Trouble {
    // The compiler's summary, such as "aborting due to 2 errors", has no place.
    let placed: Vec<_> = errors.iter().filter(|one| !one.spans.is_empty()).collect();
    let shown = match placed.as_slice() {
        [] => errors.iter().collect(),
        _ => placed,
    };
    let trouble = Trouble::new(match shown.len() {
        0 | 1 => "The app does not compile".to_owned(),
        many => format!("The app does not compile: {many} errors"),
    });
    if shown.is_empty() {
        let said = anstream::adapter::strip_str(said).to_string();
        let text = of_build_script(&said).unwrap_or(said);
        return trouble.item(place_in(&text), &text);
    }
    shown.into_iter().fold(trouble, |trouble, one| {
        trouble.item(one.place(), one.rendered.as_deref().unwrap_or_default())
    })
}

/// What a build script said that failed, such as the one that wires the app. Cargo shows it
/// indented by two, behind what the script told cargo.
fn of_build_script(said: &str) -> Option<String> {
    let (_, stderr) = said.split_once("  --- stderr\n")?;
    let lines = stderr
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with("  "));
    let lines: Vec<_> = lines
        .map(|line| line.get(2..).unwrap_or_default())
        .collect();
    Some(lines.join("\n"))
}

/// The first place that a text names in the compiler's manner.
fn place_in(text: &str) -> Option<String> {
    let (_, place) = text.lines().find_map(|line| line.split_once("--> "))?;
    Some(place.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::trouble::Item;
    use super::*;

    fn error(text: &str) -> Diagnostic {
        let line = serde_json::json!({
            "reason": "compiler-message",
            "message": {
                "level": "error",
                "rendered": text,
                "spans": [{
                    "file_name": "app/page.rs",
                    "line_start": 3,
                    "column_start": 5,
                    "is_primary": true,
                }],
            },
        });
        let line = line.to_string();
        match Message::read(&line) {
            Some(Message::Diagnostic { message }) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn errors_of_the_compiler_are_shown_with_their_places_and_without_colours() {
        let trouble = trouble(&[error("\u{1b}[31mmismatched\u{1b}[0m <types>\n")], "");
        assert_eq!(trouble.title, "The app does not compile");
        let item = Item {
            place: Some("app/page.rs:3:5".to_owned()),
            text: "mismatched <types>".to_owned(),
        };
        assert_eq!(trouble.items, [item]);
    }

    #[test]
    fn what_the_wiring_of_the_app_says_is_shown_as_it_says_it() {
        let said = "error: failed to run custom build command for `hello v0.1.0`\n\n\
            Caused by:\n  process didn't exit successfully\n  --- stdout\n  cargo::rerun-if-changed=app\n\n\
            \u{20} --- stderr\n  error: `get` stands beside a page\n   --> app/route.rs:1:14\n\n  error: another\n\
            warning: build failed, waiting for other jobs to finish...\n";
        let trouble = trouble(&[], said);
        let text = "error: `get` stands beside a page\n --> app/route.rs:1:14\n\nerror: another";
        assert_eq!(trouble.items[0].text, text);
        assert_eq!(trouble.items[0].place.as_deref(), Some("app/route.rs:1:14"));
    }

    #[test]
    fn what_cargo_says_is_shown_if_there_is_nothing_else() {
        let trouble = trouble(&[], "error: failed to parse manifest\n");
        assert_eq!(trouble.items[0].text, "error: failed to parse manifest");
        assert_eq!(trouble.items[0].place, None);
    }
}
