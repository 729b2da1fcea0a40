//! What cargo says while it builds: messages in JSON on its standard output, and text.

use std::path::PathBuf;

use serde::Deserialize;

use super::place::Places;
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
    /// Where a build script has put libraries.
    #[serde(rename = "build-script-executed")]
    Libraries { linked_paths: Vec<String> },
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
    #[serde(default)]
    message: String,
    rendered: Option<String>,
    spans: Vec<Span>,
}

#[derive(Debug, Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    column_start: usize,
    is_primary: bool,
    /// The call of the macro whose code this is.
    expansion: Option<Expansion>,
}

#[derive(Debug, Deserialize)]
struct Expansion {
    span: Box<Span>,
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

    /// As on a terminal, with what the compiler cannot know below its first line: what it says of
    /// maud's inside is long.
    pub(super) fn text(&self) -> String {
        let text = self.rendered.as_deref().unwrap_or_default();
        match (self.help(), text.split_once('\n')) {
            (Some(help), Some((first, rest))) => format!("{first}\n  = help: {help}\n{rest}"),
            _ => text.to_owned(),
        }
    }

    /// What to write in place of what `html!` cannot show. The compiler names only a type that is
    /// inside of maud.
    fn help(&self) -> Option<&'static str> {
        let (_, shown) = self.message.split_once("ChooseRenderOrDisplay<&")?;
        let begins = |names: &[&str]| names.iter().any(|name| shown.starts_with(name));
        if begins(&["impl Future", "{async ", "Pin<"]) {
            Some(
                "a future is placed here: write `(x.await?)`, or \
                 `(boundary(x).loading(html! { … }))` to show the page without waiting for it",
            )
        } else if begins(&["Result<", "std::result::Result<"]) {
            Some("a `Result` is placed here: write `?` behind it, as in `(x.await?)`")
        } else {
            None
        }
    }

    /// Where its mistake is: the first place in files of the project, be it the call of a macro
    /// whose code is elsewhere.
    fn place(&self, places: &Places) -> Option<String> {
        let (primary, others): (Vec<_>, Vec<_>) =
            self.spans.iter().partition(|span| span.is_primary);
        let spans = || primary.iter().chain(&others).copied();
        let mut ours = spans()
            .flat_map(Span::with_calls)
            .filter_map(|span| Some((span, places.ours(&span.file_name)?)));
        let (span, file) = match ours.next() {
            Some(found) => found,
            None => {
                let first = primary.first()?;
                (*first, first.file_name.clone())
            }
        };
        Some(format!("{file}:{}:{}", span.line_start, span.column_start))
    }
}

impl Span {
    /// It, and the calls of macros that it comes from.
    fn with_calls(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |span| Some(&*span.expansion.as_ref()?.span))
    }
}

/// Why a build has failed: the compiler's errors, or else what cargo itself said, without colours.
pub(super) fn trouble(errors: &[Diagnostic], said: &str, places: &Places) -> Trouble {
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
        let text = of_build_script(said).unwrap_or_else(|| said.to_owned());
        let text = places.shorten(&text);
        return trouble.item(place_in(&text), &text);
    }
    shown.into_iter().fold(trouble, |trouble, one| {
        trouble.item(one.place(places), &places.shorten(&one.text()))
    })
}

/// What a build script said that failed, such as the one that wires the app. Cargo shows it
/// indented by two, behind what the script told cargo.
pub(super) fn of_build_script(said: &str) -> Option<String> {
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
    use std::path::Path;

    use serde_json::{Value, json};

    use super::super::trouble::Item;
    use super::*;

    fn places() -> Places {
        let package = Path::new("/hello");
        Places::new(package, package, &package.join("target"))
    }

    fn span(file: &str, line: usize, expansion: &Value) -> Value {
        json!({
            "file_name": file,
            "line_start": line,
            "column_start": 5,
            "is_primary": line != 0,
            "expansion": expansion,
        })
    }

    fn error(text: &str) -> Diagnostic {
        diagnostic("", text, &[span("/hello/app/page.rs", 3, &Value::Null)])
    }

    fn diagnostic(message: &str, text: &str, spans: &[Value]) -> Diagnostic {
        let message =
            json!({ "level": "error", "message": message, "rendered": text, "spans": spans });
        let line = json!({ "reason": "compiler-message", "message": message }).to_string();
        match Message::read(&line) {
            Some(Message::Diagnostic { message }) => message,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn errors_of_the_compiler_are_shown_with_their_places_and_without_colours() {
        let trouble = trouble(
            &[error("\u{1b}[31mmismatched\u{1b}[0m <types>\n")],
            "",
            &places(),
        );
        assert_eq!(trouble.title, "The app does not compile");
        let item = Item {
            place: Some("app/page.rs:3:5".to_owned()),
            text: "mismatched <types>".to_owned(),
        };
        assert_eq!(trouble.items, [item]);
    }

    /// Of a value in `html!` that maud cannot show, as rustc 1.95 tells of it.
    fn in_html(shown: &str) -> Diagnostic {
        let html = span("/hello/app/page.rs", 4, &Value::Null);
        let render_to = span("/hello/app/page.rs", 4, &json!({ "span": html }));
        let maud = "/registry/src/maud-0.27.0/src/lib.rs";
        let spans = [
            span(maud, 439, &json!({ "span": render_to })),
            span(maud, 0, &Value::Null),
        ];
        let message = format!(
            "the method `implements_render_or_display` exists for reference \
             `&&ChooseRenderOrDisplay<&{shown}>`, but its trait bounds were not satisfied"
        );
        let text = "error[E0599]: …\n --> /hello/app/page.rs:4:5\n\n";
        diagnostic(&message, text, &spans)
    }

    #[test]
    fn a_mistake_in_a_macro_is_where_the_macro_is_called() {
        let trouble = trouble(&[in_html("Vec<u8>")], "", &places());
        let item = Item {
            place: Some("app/page.rs:4:5".to_owned()),
            text: "error[E0599]: …\n --> app/page.rs:4:5".to_owned(),
        };
        assert_eq!(trouble.items, [item]);
    }

    #[test]
    fn a_mistake_elsewhere_is_where_it_is() {
        let registry = "/registry/src/maud-0.27.0/src/lib.rs";
        let error = diagnostic("", "error", &[span(registry, 7, &Value::Null)]);
        let place = format!("{registry}:7:5");
        assert_eq!(error.place(&places()), Some(place));
    }

    #[test]
    fn what_html_cannot_show_has_a_word_of_help() {
        for (shown, help) in [
            (
                "impl Future<Output = Result<..., ...>>",
                "= help: a future is placed here",
            ),
            (
                "{async block@app/page.rs:1:1: 1:6}",
                "= help: a future is placed here",
            ),
            ("Result<PreEscaped<String>, Error>", "write `?` behind it"),
        ] {
            let text = in_html(shown).text();
            let lines: Vec<_> = text.lines().collect();
            assert_eq!(lines[0], "error[E0599]: …");
            assert!(lines[1].contains(help), "{text}");
            assert_eq!(lines[2], " --> /hello/app/page.rs:4:5");
        }
        assert!(!in_html("Vec<u8>").text().contains("help"));
    }

    #[test]
    fn what_the_wiring_of_the_app_says_is_shown_as_it_says_it() {
        let said = "error: failed to run custom build command for `hello v0.1.0`\n\n\
            Caused by:\n  process didn't exit successfully\n  --- stdout\n  cargo::rerun-if-changed=app\n\n\
            \u{20} --- stderr\n  error: `get` stands beside a page\n   --> app/route.rs:1:14\n\n  error: another\n\
            warning: build failed, waiting for other jobs to finish...\n";
        let trouble = trouble(&[], said, &places());
        let text = "error: `get` stands beside a page\n --> app/route.rs:1:14\n\nerror: another";
        assert_eq!(trouble.items[0].text, text);
        assert_eq!(trouble.items[0].place.as_deref(), Some("app/route.rs:1:14"));
    }

    #[test]
    fn what_cargo_says_is_shown_if_there_is_nothing_else() {
        let trouble = trouble(&[], "error: failed to parse manifest\n", &places());
        assert_eq!(trouble.items[0].text, "error: failed to parse manifest");
        assert_eq!(trouble.items[0].place, None);
    }
}
