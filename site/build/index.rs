//! Which words stand in which sections, and how much each counts there.

use std::collections::{BTreeMap, BTreeSet};

use super::book::Book;
use super::document::{Document, Section};
use super::words::words;

/// What a word counts in the title of a page, for the page's first section.
const TITLE: f64 = 24.0;
/// For the other sections of that page.
const TITLE_BELOW: f64 = 2.0;
const HEADING: f64 = 12.0;
/// At most, however often it stands there.
const TEXT: f64 = 5.0;

/// For each word the sections that have it, by their numbers over all pages, with a score.
pub(crate) type Index = BTreeMap<String, Vec<(usize, u16)>>;

pub(crate) fn index(book: &Book, pages: &[Document]) -> Index {
    let mut weights: BTreeMap<String, BTreeMap<usize, f64>> = BTreeMap::new();
    let mut number = 0;
    for (source, page) in book.sources.iter().zip(pages) {
        // An address may have a name that the title has not, such as `csp`.
        let name = source.url.rsplit('/').next().unwrap_or_default();
        let title = format!("{} {name}", page.title);
        for section in &page.sections {
            for (word, weight) in of_section(&title, section) {
                *weights.entry(word).or_default().entry(number).or_default() += weight;
            }
            number += 1;
        }
    }
    let sections = number as f64;
    weights
        .into_iter()
        .map(|(word, places)| {
            // A word that is everywhere says little.
            let rarity = (1.0 + sections / places.len() as f64).ln();
            let scored = places.into_iter().map(|(section, weight)| {
                let score = (weight * rarity * 8.0).clamp(1.0, f64::from(u16::MAX));
                (section, score as u16)
            });
            (word, scored.collect())
        })
        .collect()
}

fn of_section(page_title: &str, section: &Section) -> BTreeMap<String, f64> {
    let mut counts: BTreeMap<String, f64> = BTreeMap::new();
    for (_, _, word) in words(&section.text) {
        *counts.entry(word).or_default() += 1.0;
    }
    // The second mention counts less than the first.
    for weight in counts.values_mut() {
        *weight = TEXT * *weight / (*weight + 2.0);
    }
    let in_title = if section.id.is_empty() {
        TITLE
    } else {
        TITLE_BELOW
    };
    for (text, weight) in [(&*section.title, HEADING), (page_title, in_title)] {
        // Once, however often a title repeats itself.
        for word in words(text)
            .map(|(_, _, word)| word)
            .collect::<BTreeSet<_>>()
        {
            *counts.entry(word).or_default() += weight;
        }
    }
    counts
}
