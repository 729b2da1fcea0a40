//! Sections of the guide, by words.
//!
//! The index was made at build time: for each word the sections that have it, with what it counts
//! there, more in a title than in a heading, and more there than in the text. A word of the query
//! finds the words that begin with it, and if there are none, those that differ in one letter.

mod query;
mod snippet;
mod words;

use std::fmt::Write as _;

use crate::guide::{PAGES, Page, SECTIONS, Section, TERMS};

pub use query::Query;
pub use snippet::{Piece, snippet};

/// How many sections are shown at most.
const LIMIT: usize = 30;

/// What a word is worth that only begins as the query's does, in hundredths.
const BEGINNING: u32 = 60;
/// What a word is worth that differs in one letter.
const SIMILAR: u32 = 40;

/// A section that was found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Its page.
    pub page: &'static Page,
    /// The section itself.
    pub section: &'static Section,
    /// The words of the index that it was found by.
    pub terms: Vec<&'static str>,
    score: u32,
}

impl Hit {
    /// Where it is on the site.
    #[must_use]
    pub fn url(&self) -> String {
        match self.section.id {
            "" => self.page.url.to_owned(),
            id => format!("{}#{id}", self.page.url),
        }
    }
}

/// The sections that have all words of the query, else those that have most of them; the best
/// first.
#[must_use]
pub fn search(query: &Query) -> Vec<Hit> {
    let mut found: Vec<Found> = vec![Found::default(); SECTIONS.len()];
    for word in query.words() {
        let mut best = vec![(0, ""); SECTIONS.len()];
        for (term, worth, places) in matching(word) {
            for &(section, score) in places {
                let score = u32::from(score) * worth / 100;
                let best = &mut best[usize::from(section)];
                *best = (*best).max((score, term));
            }
        }
        for (found, (score, term)) in found.iter_mut().zip(best) {
            if score > 0 {
                found.words += 1;
                found.score += score;
                found.terms.push(term);
            }
        }
    }
    let most = found.iter().map(|found| found.words).max().unwrap_or(0);
    if most == 0 {
        return Vec::new();
    }
    let found = found.into_iter().zip(SECTIONS);
    let mut hits: Vec<_> = found
        .filter(|(found, _)| found.words == most)
        .map(|(found, section)| Hit {
            page: &PAGES[section.page],
            section,
            terms: found.terms,
            score: found.score,
        })
        .collect();
    // Stable, so that equals stay in reading order.
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.score));
    hits.truncate(LIMIT);
    hits
}

/// What a section was found by.
#[derive(Clone, Debug, Default)]
struct Found {
    words: usize,
    score: u32,
    terms: Vec<&'static str>,
}

type Places = &'static [(u16, u16)];

/// The words of the index that a word of a query stands for, with what they are worth.
fn matching(word: &str) -> Vec<(&'static str, u32, Places)> {
    let first = TERMS.partition_point(|&(term, _)| term < word);
    let beginning = TERMS[first..]
        .iter()
        .take_while(|(term, _)| term.starts_with(word));
    let found: Vec<_> = beginning
        .map(|&(term, places)| (term, if term == word { 100 } else { BEGINNING }, places))
        .collect();
    if !found.is_empty() {
        return found;
    }
    let similar = TERMS
        .iter()
        .filter(|(term, _)| query::differ_in_one_letter(word, term));
    similar
        .map(|&(term, places)| (term, SIMILAR, places))
        .collect()
}

/// What was found, as Markdown.
#[must_use]
pub fn markdown(query: &Query) -> String {
    let mut text = "# Search\n".to_owned();
    if query.is_empty() {
        text.push_str("\nAsk with `/search.md?q=words`.\n");
        return text;
    }
    let hits = search(query);
    if hits.is_empty() {
        text.push_str("\nNothing was found.\n");
    }
    for hit in &hits {
        let (page, section) = (hit.page, hit.section);
        let title = match section.title {
            "" => page.title.to_owned(),
            title => format!("{}: {title}", page.title),
        };
        let anchor = match section.id {
            "" => String::new(),
            id => format!("#{id}"),
        };
        let pieces = snippet(section.text, &hit.terms);
        let pieces: String = pieces.iter().map(|piece| &*piece.text).collect();
        // Into a String nothing fails to be written.
        let _ = write!(
            text,
            "\n- [{title}]({}{anchor}): {pieces}",
            page.markdown_url()
        );
    }
    text.push('\n');
    text
}
