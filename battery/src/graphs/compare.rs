//! Compares documents, and reads the order of markers and patches from the bytes themselves.

use std::collections::HashMap;

/// Checks that every placeholder has one patch, behind it. The title's may be repeated.
///
/// # Errors
/// The first placeholder or patch that has not.
pub fn wire(streamed: &str) -> Result<(), String> {
    let mut patches: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, name) in names(streamed, "<template for=\"", '"')
        .chain(names(streamed, "<template data-for=", '>'))
        .filter(|(_, name)| !name.starts_with('"') && !["title", "head"].contains(name))
    {
        patches.entry(name).or_default().push(at);
    }
    for (at, name) in names(streamed, "<?start name=\"", '"').filter(|(_, name)| *name != "title") {
        match patches.remove(name).as_deref() {
            Some([patch]) if *patch > at => {}
            found => return Err(format!("{name} at {at} has patches at {found:?}")),
        }
    }
    match patches.into_iter().next() {
        None => Ok(()),
        Some((name, at)) => Err(format!("{name} has patches at {at:?} and one placeholder")),
    }
}

fn names<'a>(
    text: &'a str,
    open: &'static str,
    close: char,
) -> impl Iterator<Item = (usize, &'a str)> {
    text.match_indices(open).filter_map(move |(at, _)| {
        let (name, _) = text[at + open.len()..].split_once(close)?;
        Some((at, name))
    })
}

/// Checks that two documents are the same, but for the order of what is in their heads: late
/// tags are added in the order in which their boundaries complete. Each comes with its name.
///
/// # Errors
/// The lines around the first that differs.
pub fn documents(wanted: (&str, &str), found: (&str, &str)) -> Result<(), String> {
    let lines = [wanted.1, found.1].map(with_sorted_head);
    let [wanted_lines, found_lines] = &lines;
    if wanted_lines == found_lines {
        return Ok(());
    }
    let both = wanted_lines.iter().zip(found_lines);
    let same = both.take_while(|(wanted, found)| wanted == found).count();
    let near = |lines: &[&str]| lines[same.saturating_sub(6)..lines.len().min(same + 6)].join("\n");
    Err(format!(
        "{} and {} differ\n--- {}\n{}\n--- {}\n{}",
        wanted.0,
        found.0,
        wanted.0,
        near(wanted_lines),
        found.0,
        near(found_lines)
    ))
}

fn with_sorted_head(document: &str) -> Vec<&str> {
    let mut lines: Vec<_> = document.lines().collect();
    let of = |tag: &str| lines.iter().position(|line| *line == tag);
    if let (Some(open), Some(close)) = (of("<head>"), of("</head>")) {
        lines[open..close].sort_unstable();
    }
    lines
}
