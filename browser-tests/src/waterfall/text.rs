//! Texts of strangers, made fit to stand in a picture: short enough, and legal in XML.

/// The text without what XML forbids or a reader cannot see, cut to about `columns` letters.
///
/// Escaping is left to the template, which escapes everything.
pub(super) fn fit(text: &str, columns: usize) -> String {
    let words = clean(text);
    let mut room = columns;
    let mut fitted = String::new();
    for letter in words.chars() {
        let Some(rest) = room.checked_sub(width(letter)) else {
            // The ellipsis takes the place of the last letter that fitted.
            fitted.pop();
            fitted.truncate(fitted.trim_end().len());
            fitted.push('…');
            return fitted;
        };
        room = rest;
        fitted.push(letter);
    }
    fitted
}

/// One line: white space is one space, and what cannot be shown is a replacement character.
pub(super) fn clean(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let forbidden = |letter: char| letter.is_control() || is_unseen(letter);
    words.join(" ").replace(forbidden, "\u{fffd}")
}

/// Whether XML forbids the letter, or it turns the direction of the letters after it.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{fffe}' | '\u{ffff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// How many columns a letter takes. East Asian scripts and emoji are twice as wide.
fn width(letter: char) -> usize {
    if letter < '\u{1100}' || ('\u{2000}'..'\u{2e80}').contains(&letter) {
        1
    } else {
        2
    }
}
