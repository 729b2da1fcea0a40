//! What a build script says about a tree: errors and warnings that name file, mistake and mend.

use std::fmt;
use std::ops::Range;

use proc_macro2::Span;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The build stops.
    Error,
    /// The build goes on.
    Warning,
}

/// One mistake in the tree: where it is, what it is and how to mend it.
///
/// Its `Display` looks like a message of the compiler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    level: Level,
    message: String,
    places: Vec<Place>,
    help: Vec<String>,
}

impl Diagnostic {
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self::new(Level::Error, message.into())
    }

    pub(crate) fn warning(message: impl Into<String>) -> Self {
        Self::new(Level::Warning, message.into())
    }

    fn new(level: Level, message: String) -> Self {
        Self {
            level,
            message,
            places: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Adds a file or a folder that takes part in the mistake.
    pub(crate) fn at(mut self, place: impl Into<Place>) -> Self {
        self.places.push(place.into());
        self
    }

    /// Adds a way to mend it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Whether it stops the build.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// The diagnostic in one line, since cargo shows warnings of a build script line by line.
    #[must_use]
    pub fn line(&self) -> String {
        let places: Vec<_> = self.places.iter().map(Place::to_string).collect();
        let mut line = format!("{}: {}", places.join(", "), self.message);
        for help in &self.help {
            line.push_str("; ");
            line.push_str(&help.replace('\n', " "));
        }
        line
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        write!(f, "{level}: {}", self.message)?;
        // One gutter for all excerpts, as wide as the longest line number.
        let numbers = self
            .places
            .iter()
            .filter_map(|place| place.excerpt.as_ref());
        let widest = numbers.map(|excerpt| excerpt.line).max().unwrap_or(0);
        let gutter = " ".repeat(widest.to_string().len());
        for place in &self.places {
            write!(f, "\n{gutter}--> {place}")?;
            if let Some(excerpt) = &place.excerpt {
                let number = format!("{:>1$}", excerpt.line, gutter.len());
                let indent = " ".repeat(excerpt.column - 1);
                let carets = "^".repeat(excerpt.width);
                write!(f, "\n{gutter} |")?;
                write!(f, "\n{number} | {}", excerpt.text)?;
                write!(f, "\n{gutter} | {indent}{carets}")?;
            }
        }
        for help in &self.help {
            let mut lines = help.lines();
            write!(f, "\n{gutter} = help: {}", lines.next().unwrap_or_default())?;
            for line in lines {
                let more = format!("{gutter}         {line}");
                write!(f, "\n{}", more.trim_end())?;
            }
        }
        Ok(())
    }
}

/// A file or a folder, and perhaps a place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Relative to the package.
    path: String,
    excerpt: Option<Excerpt>,
}

/// A line of a file with a part of it marked.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Excerpt {
    /// Counted from one, like the column.
    line: usize,
    column: usize,
    width: usize,
    text: String,
}

impl Place {
    /// The part of a file that a span covers; its first line, if it covers more.
    pub(crate) fn of(path: &str, text: &str, span: Span) -> Self {
        let (start, end) = (span.start(), span.end());
        let one_line = start.line == end.line;
        let end = if one_line { end.column } else { usize::MAX };
        Self::new(path, text, start.line, start.column, end)
    }

    /// The part of a file in a range of bytes.
    pub(crate) fn at(path: &str, text: &str, range: &Range<usize>) -> Self {
        let before = &text[..range.start];
        let line = 1 + before.matches('\n').count();
        let column = before.chars().rev().take_while(|c| *c != '\n').count();
        let width = text[range.clone()].chars().count();
        Self::new(path, text, line, column, column + width)
    }

    /// Some characters of a line. Lines are counted from one, characters from zero.
    fn new(path: &str, text: &str, line: usize, start: usize, end: usize) -> Self {
        let excerpt = text.lines().nth(line - 1).unwrap_or_default();
        let end = end.min(excerpt.chars().count());
        Self {
            path: path.to_owned(),
            excerpt: Some(Excerpt {
                line,
                column: start + 1,
                width: end.saturating_sub(start).max(1),
                // A tab would move the marks below it.
                text: excerpt.replace('\t', " "),
            }),
        }
    }
}

impl From<&str> for Place {
    fn from(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            excerpt: None,
        }
    }
}

impl From<&String> for Place {
    fn from(path: &String) -> Self {
        Self::from(path.as_str())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        match &self.excerpt {
            Some(excerpt) => write!(f, ":{}:{}", excerpt.line, excerpt.column),
            None => Ok(()),
        }
    }
}
