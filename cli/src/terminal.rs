//! What is said on the terminal, in the manner of cargo. Without a terminal it is plain lines.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;

use anstyle::{AnsiColor, Style};

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BUSY: Style = AnsiColor::Cyan.on_default().bold();
const DOUBTFUL: Style = AnsiColor::Yellow.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();

/// Something was done: a verb, and what it was done to.
pub(crate) fn done(verb: &str, what: impl Display) {
    anstream::eprintln!("{GOOD}{verb:>12}{GOOD:#} {what}");
}

/// Something goes on.
pub(crate) fn doing(verb: &str, what: impl Display) {
    anstream::eprintln!("{BUSY}{verb:>12}{BUSY:#} {what}");
}

/// Something may not be as it was meant.
pub(crate) fn warning(what: impl Display) {
    anstream::eprintln!("{DOUBTFUL}warning{DOUBTFUL:#}: {what}");
}

/// Something went wrong.
pub(crate) fn error(what: impl Display) {
    anstream::eprintln!("{BAD}error{BAD:#}: {what}");
}

/// Text that may have colours in it, with a line break of its own.
pub(crate) fn text(text: &str) {
    anstream::eprint!("{text}");
}

/// A path as a part of a command that somebody may copy.
pub(crate) fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/\\:._-+,@%".contains(c);
    match path.chars().all(plain) {
        true => path,
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

/// What another process says, byte for byte.
pub(crate) fn bytes(bytes: &[u8]) {
    // Where nobody listens any more, nothing is missed.
    let _ = io::stderr().write_all(bytes);
}
