//! What counts as a word, for the index and for queries alike.

/// The words of a text, each with the bytes that it takes there: runs of letters and digits, in
/// lower case, without the ending of a plural.
pub(crate) fn words(text: &str) -> impl Iterator<Item = (usize, &str, String)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let from = rest + text[rest..].find(char::is_alphanumeric)?;
        let run = &text[from..];
        let length = run
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(run.len());
        rest = from + length;
        let word = &text[from..rest];
        Some((from, word, stem(&word.to_lowercase())))
    })
}

/// A word without the ending of a plural, so that `boundaries` finds `boundary`.
fn stem(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    let plural = word.len() > 3 && !word.ends_with("ss") && !word.ends_with("us");
    match word.strip_suffix('s').filter(|_| plural) {
        Some(stem) => stem.to_owned(),
        None => word.to_owned(),
    }
}
