//! What the name of a folder says of the URL.

use syn::Ident;

/// What a folder adds to the URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SegmentKind {
    /// The folder of the app itself: nothing.
    Root,
    /// `(group)`: nothing.
    Group(String),
    /// `flights`: itself.
    Static(String),
    /// `[id]`: one segment, whatever it is.
    Parameter(String),
    /// `[...rest]`: one segment or more.
    CatchAll(String),
    /// `[[...rest]]`: any number of segments, none too.
    OptionalCatchAll(String),
}

impl SegmentKind {
    /// Reads the name of a folder.
    pub(crate) fn parse(name: &str) -> Result<Self, Malformed> {
        let between = |open, close| name.strip_prefix(open)?.strip_suffix(close);
        if let Some(name) = between("[[...", "]]") {
            parameter(name).map(Self::OptionalCatchAll)
        } else if let Some(name) = between("[...", "]") {
            parameter(name).map(Self::CatchAll)
        } else if let Some(name) = between("[", "]") {
            parameter(name).map(Self::Parameter)
        } else if name.contains(['[', ']']) {
            Err(Malformed::Brackets)
        } else if name.starts_with("(.") {
            Err(Malformed::Intercepting)
        } else if name.starts_with('(') || name.ends_with(')') {
            match between("(", ")") {
                Some(group) if !group.is_empty() && group.chars().all(is_plain) => {
                    Ok(Self::Group(group.to_owned()))
                }
                _ => Err(Malformed::Group),
            }
        } else if name.starts_with('@') {
            Err(Malformed::Slot)
        } else if let Some(meant) = elsewhere(name) {
            Err(Malformed::Elsewhere(meant))
        } else if let Some(illegal) = name.chars().find(|c| !is_plain(*c)) {
            Err(Malformed::Character(illegal))
        } else {
            Ok(Self::Static(name.to_owned()))
        }
    }

    /// The segment as it stands in a pattern; none for what is not in the URL.
    pub(crate) fn pattern(&self) -> Option<String> {
        match self {
            Self::Root | Self::Group(_) => None,
            Self::Static(name) => Some(name.clone()),
            Self::Parameter(name) => Some(format!("[{name}]")),
            Self::CatchAll(name) => Some(format!("[...{name}]")),
            Self::OptionalCatchAll(name) => Some(format!("[[...{name}]]")),
        }
    }

    /// The name of its parameter.
    pub(crate) fn parameter(&self) -> Option<&str> {
        match self {
            Self::Parameter(name) | Self::CatchAll(name) | Self::OptionalCatchAll(name) => {
                Some(name)
            }
            Self::Root | Self::Group(_) | Self::Static(_) => None,
        }
    }

    /// Whether it takes all that is left of the URL.
    pub(crate) fn is_catch_all(&self) -> bool {
        matches!(self, Self::CatchAll(_) | Self::OptionalCatchAll(_))
    }
}

/// What may stand in a URL as it is, on every platform and in every browser.
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~')
}

/// A parameter as other routers spell it, `{id}`, `{*rest}`, `:id` or `*rest`, as it is spelt here.
fn elsewhere(name: &str) -> Option<String> {
    let braces = name.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
    let one = name.strip_prefix(':');
    let rest = braces.unwrap_or(name).strip_prefix('*');
    let (open, name) = match (rest, braces.or(one)) {
        (Some(rest), _) => ("[...", rest),
        (None, Some(one)) => ("[", one),
        (None, None) => return None,
    };
    let name = parameter(name).ok()?;
    Some(format!("{open}{name}]"))
}

/// A parameter is the field of a struct and the argument of a function, so it has to be a name.
fn parameter(name: &str) -> Result<String, Malformed> {
    if name.is_empty() {
        return Err(Malformed::Unnamed);
    }
    if name.contains(['[', ']']) || name.starts_with('.') {
        return Err(Malformed::Brackets);
    }
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    match starts && name.chars().all(letters) && name != "_" {
        true => Ok(name.to_owned()),
        false => Err(Malformed::Parameter(name.to_owned())),
    }
}

/// Why a folder's name is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Malformed {
    Brackets,
    Unnamed,
    Parameter(String),
    Group,
    /// A parameter as other routers spell it; this is how it is spelt here.
    Elsewhere(String),
    Character(char),
    Slot,
    Intercepting,
}

impl Malformed {
    /// What is wrong with the name.
    pub(crate) fn message(&self, name: &str) -> String {
        match self {
            Self::Brackets => format!("the brackets of `{name}` do not match any kind of segment"),
            Self::Unnamed => format!("the parameter of `{name}` has no name"),
            Self::Parameter(parameter) => {
                format!("the parameter `{parameter}` is not a Rust name")
            }
            Self::Group => format!("`{name}` is not the name of a group"),
            Self::Elsewhere(_) => format!("`{name}` is no parameter here"),
            Self::Character(' ') => format!("the folder `{name}` has a space in its name"),
            Self::Character(illegal) => {
                format!("`{illegal}` cannot stand in the name of a folder that is in a URL")
            }
            Self::Slot => format!("`{name}` would be a parallel route, which Anabranch has not"),
            Self::Intercepting => {
                format!("`{name}` would be an intercepting route, which Anabranch has not")
            }
        }
    }

    /// How to mend it.
    pub(crate) fn help(&self, name: &str) -> String {
        match self {
            Self::Brackets => {
                let name = suggestion(name).unwrap_or_else(|| "id".to_owned());
                format!(
                    "write `[{name}]` for one segment, `[...{name}]` for one or more, \
                     `[[...{name}]]` for any number"
                )
            }
            Self::Unnamed => "give it one, as in `[id]` or `[...rest]`".to_owned(),
            Self::Parameter(parameter) => {
                let new = suggestion(parameter).unwrap_or_else(|| "id".to_owned());
                let new = name.replace(parameter.as_str(), &new);
                format!("it becomes a field and an argument: write `{new}`")
            }
            Self::Group => {
                let name = suggestion(name).unwrap_or_else(|| "shop".to_owned());
                format!("write letters, digits, `-` and `_` in parentheses, as in `({name})`")
            }
            Self::Elsewhere(meant) => format!("write `{meant}`"),
            Self::Character(_) => "write letters, digits, `-`, `_`, `.` and `~` only, or begin \
                                   the name with `_` to keep the folder out of the URLs"
                .to_owned(),
            Self::Slot => {
                "open a boundary in the page for each part that loads by itself".to_owned()
            }
            Self::Intercepting => "give it a folder of its own".to_owned(),
        }
    }
}

/// A parameter's name that is one, made of one that is none.
fn suggestion(name: &str) -> Option<String> {
    let name: String = name
        .trim_start_matches(|c: char| !c.is_ascii_alphabetic())
        .trim_end_matches(|c: char| !c.is_ascii_alphanumeric())
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    syn::parse_str::<Ident>(&name).ok().map(|_| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_folders() {
        let parsed = |name: &str| SegmentKind::parse(name);
        assert_eq!(parsed("a-b"), Ok(SegmentKind::Static("a-b".into())));
        assert_eq!(
            parsed(".well-known"),
            Ok(SegmentKind::Static(".well-known".into()))
        );
        assert_eq!(parsed("[id]"), Ok(SegmentKind::Parameter("id".into())));
        assert_eq!(parsed("[...id]"), Ok(SegmentKind::CatchAll("id".into())));
        assert_eq!(
            parsed("[[...id]]"),
            Ok(SegmentKind::OptionalCatchAll("id".into()))
        );
        assert_eq!(parsed("(a)"), Ok(SegmentKind::Group("a".into())));
    }

    #[test]
    fn names_that_are_none() {
        for (name, wrong) in [
            ("[id", Malformed::Brackets),
            ("id]", Malformed::Brackets),
            ("[[id]]", Malformed::Brackets),
            ("[..id]", Malformed::Brackets),
            ("[[...id]", Malformed::Brackets),
            ("a[id]", Malformed::Brackets),
            ("[]", Malformed::Unnamed),
            ("[...]", Malformed::Unnamed),
            ("[[...]]", Malformed::Unnamed),
            ("[1x]", Malformed::Parameter("1x".into())),
            ("[a-b]", Malformed::Parameter("a-b".into())),
            ("[_]", Malformed::Parameter("_".into())),
            ("()", Malformed::Group),
            ("(a", Malformed::Group),
            ("{id}", Malformed::Elsewhere("[id]".into())),
            (":id", Malformed::Elsewhere("[id]".into())),
            ("{*rest}", Malformed::Elsewhere("[...rest]".into())),
            ("*rest", Malformed::Elsewhere("[...rest]".into())),
            ("{}", Malformed::Character('{')),
            ("*", Malformed::Character('*')),
            ("a:b", Malformed::Character(':')),
            ("a b", Malformed::Character(' ')),
            ("ü", Malformed::Character('ü')),
            ("@side", Malformed::Slot),
            ("(.)side", Malformed::Intercepting),
        ] {
            assert_eq!(SegmentKind::parse(name), Err(wrong), "{name}");
        }
    }
}
