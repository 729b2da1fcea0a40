//! Whether a name looks like another one that was misspelt.

/// Whether `name` is `wanted` in another case, or one slip of a finger away from it: a letter
/// too many, too few, wrong, or exchanged with its neighbour. Long names may have two.
pub(crate) fn resembles(name: &str, wanted: &str) -> bool {
    let (name, wanted) = (normal(name), normal(wanted));
    // Few people get the first letter wrong: `set` is no misspelt `get`, `header` no `render`.
    let slips = match (name.first() == wanted.first(), wanted.len()) {
        (true, 6..) => 2,
        (true, _) | (false, 5..) => 1,
        (false, _) => 0,
    };
    distance(&name, &wanted) <= slips
}

/// Without what case and separators add.
fn normal(name: &str) -> Vec<char> {
    let letters = name.chars().filter(|c| !matches!(c, '-' | '_' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}

/// The edit distance in which an exchange of neighbours counts as one.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::resembles;

    #[test]
    fn slips_resemble() {
        for (name, wanted) in [
            ("rendr", "render"),
            ("Render", "render"),
            ("redner", "render"),
            ("gett", "get"),
            ("GET", "get"),
            ("hadnle", "handle"),
            ("layuot", "layout"),
            ("not_found", "not-found"),
            ("notFound", "not-found"),
            ("Page", "page"),
        ] {
            assert!(resembles(name, wanted), "{name} for {wanted}");
        }
    }

    #[test]
    fn other_words_do_not() {
        for (name, wanted) in [
            ("set", "get"),
            ("read", "head"),
            ("cut", "put"),
            ("age", "page"),
            ("chart", "route"),
            ("header", "render"),
        ] {
            assert!(!resembles(name, wanted), "{name} for {wanted}");
        }
    }
}
