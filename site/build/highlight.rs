//! Colours for code: a few classes of tokens, each a `<span>` with a letter for its class.
//!
//! It is no parser. What it does not know stays as it is, so the text of a block is always whole.

use std::fmt::Write as _;

/// What differs from language to language.
struct Language {
    keywords: &'static [&'static str],
    comment: &'static str,
    /// What strings are quoted by.
    quotes: &'static [char],
    /// Whether names in upper case are types, and `name!` is a macro.
    is_rust: bool,
    /// Whether a line in brackets is a heading, and what stands before `=` a key.
    has_keys: bool,
}

const RUST: Language = Language {
    keywords: &[
        "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum",
        "extern", "false", "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move",
        "mut", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
        "type", "use", "where", "while",
    ],
    comment: "//",
    quotes: &['"'],
    is_rust: true,
    has_keys: false,
};

const SHELL: Language = Language {
    keywords: &[
        "cargo",
        "cd",
        "curl",
        "createdb",
        "systemctl",
        "apt-get",
        "docker",
        "nginx",
    ],
    comment: "#",
    quotes: &['"', '\''],
    is_rust: false,
    has_keys: false,
};

const TOML: Language = Language {
    keywords: &["true", "false"],
    comment: "#",
    quotes: &['"', '\''],
    is_rust: false,
    has_keys: true,
};

const NGINX: Language = Language {
    keywords: &[
        "server",
        "location",
        "upstream",
        "listen",
        "server_name",
        "proxy_pass",
        "proxy_set_header",
        "proxy_http_version",
        "FROM",
        "RUN",
        "COPY",
        "WORKDIR",
        "ENV",
        "EXPOSE",
        "USER",
        "CMD",
        "ENTRYPOINT",
        "AS",
    ],
    comment: "#",
    quotes: &['"', '\''],
    is_rust: false,
    has_keys: false,
};

/// Code as HTML, with its tokens marked.
pub(crate) fn highlighted(language: &str, code: &str) -> String {
    match language {
        "rust" => marked(&RUST, code),
        "sh" => marked(&SHELL, code),
        "toml" | "ini" => marked(&TOML, code),
        "nginx" | "dockerfile" => marked(&NGINX, code),
        _ => escaped(code),
    }
}

/// Text that is HTML, in elements and in attributes.
pub(crate) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
    html
}

fn marked(language: &Language, code: &str) -> String {
    let mut html = String::with_capacity(code.len() * 2);
    let mut rest = code;
    let mut before = '\n';
    while let Some(c) = rest.chars().next() {
        let (class, length) = token(language, rest, before);
        let (text, tail) = rest.split_at(length.max(c.len_utf8()));
        // Into a String nothing fails to be written.
        let _ = match class {
            Some(class) => write!(html, "<span class=\"{class}\">{}</span>", escaped(text)),
            None => write!(html, "{}", escaped(text)),
        };
        before = text.chars().next_back().unwrap_or(before);
        rest = tail;
    }
    html
}

/// The class and the length of what `rest` begins with; `before` is the character in front.
fn token(language: &Language, rest: &str, before: char) -> (Option<&'static str>, usize) {
    let first = rest.chars().next().unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default();
    if rest.starts_with(language.comment) && (language.is_rust || before.is_whitespace()) {
        return (Some("c"), line.len());
    }
    if language.is_rust
        && let Some(length) = raw_string(rest)
    {
        return (Some("s"), length);
    }
    if language.is_rust && first == '\'' {
        return quote(rest);
    }
    if language.quotes.contains(&first) {
        return (Some("s"), string(rest, first));
    }
    if language.is_rust && rest.starts_with("#[") {
        return (Some("m"), line.find(']').map_or(line.len(), |at| at + 1));
    }
    if language.has_keys && before == '\n' && first == '[' {
        return (Some("k"), line.trim_end().len());
    }
    if first.is_ascii_digit() {
        let is_number = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        return (Some("n"), until(rest, |c| !is_number(c)));
    }
    if first.is_alphabetic() || first == '_' {
        return name(language, rest, before);
    }
    (None, first.len_utf8())
}

fn name(language: &Language, rest: &str, before: char) -> (Option<&'static str>, usize) {
    let dashes = !language.is_rust;
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || dashes && c == '-';
    let length = until(rest, |c| !is_name(c));
    let (word, after) = rest.split_at(length);
    let is_type = language.is_rust && word.starts_with(char::is_uppercase);
    let is_key = language.has_keys && after.trim_start().starts_with('=');
    let class = if language.keywords.contains(&word) && (language.is_rust || before != '.') {
        Some("k")
    } else if language.is_rust && after.starts_with('!') && !after.starts_with("!=") {
        Some("m")
    } else if is_type || is_key {
        Some("t")
    } else {
        None
    };
    (class, length)
}

/// A character, or else a lifetime.
fn quote(rest: &str) -> (Option<&'static str>, usize) {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), _) => (Some("s"), string(rest, '\'')),
        (Some(_), Some((at, '\''))) => (Some("s"), at + 1),
        _ => (None, 1),
    }
}

/// The length of `r"…"` or `r#"…"#`.
fn raw_string(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('r')?;
    let hashes = until(inner, |c| c != '#');
    inner[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let from = hashes + 2;
    let length = rest[from..].find(&end)?;
    Some(from + length + end.len())
}

/// The length of a string with escapes; one that does not end takes its line.
fn string(rest: &str, quote: char) -> usize {
    let mut escape = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escape => escape = false,
            '\\' => escape = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    until(rest, |c| c == '\n')
}

fn until(text: &str, end: impl Fn(char) -> bool) -> usize {
    text.find(end).unwrap_or(text.len())
}
