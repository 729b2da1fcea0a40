//! Every property, with the inputs in `fuzz/seeds` and with random ones.
//!
//! `PROPERTIES_SEED` chooses other random inputs than the usual ones, `PROPERTIES_INPUTS` how many
//! of them each property gets. A property that fails prints both the input and how to see it again.

use std::env;
use std::fs;
use std::path::PathBuf;

use anabranch_properties::{bridge, patch, path, range, routes};

const SEED: u64 = 1;

/// How many random inputs each property gets: what takes about a second.
const INPUTS: u64 = 1_000;

#[test]
fn every_path_has_one_spelling() {
    let words = words(include_str!("../../dictionaries/path.dict"));
    try_all("path", path::check, |random| {
        let mut path = vec![b'/'];
        for _ in 0..random.below(10) {
            path.extend(random.one_of(&words));
        }
        path
    });
}

#[test]
fn the_most_particular_route_answers() {
    try_all("routes", routes::check, |random| random.bytes(120));
}

#[test]
fn a_range_is_what_it_says() {
    let words = words(include_str!("../../dictionaries/range.dict"));
    try_all("range", range::check, |random| {
        let mut range = Vec::new();
        if random.below(4) > 0 {
            range.extend(b"bytes=");
        }
        for _ in 0..random.below(6) {
            range.extend(random.one_of(&words));
        }
        range
    });
}

#[test]
fn patches_make_the_page() {
    try_all("patch", patch::check, |random| random.bytes(400));
}

#[test]
fn the_bridge_makes_the_page() {
    try_all("bridge", bridge::check, |random| random.bytes(400));
}

fn try_all(name: &'static str, check: fn(&[u8]), random_input: impl Fn(&mut Random) -> Vec<u8>) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../seeds")
        .join(name);
    let seeds = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut count = 0;
    for file in seeds {
        let file = file.expect("a readable folder").path();
        let input = fs::read(&file).expect("a readable file");
        count += 1;
        let _shown = Shown(name, &file.display(), &input);
        check(&input);
    }
    assert!(count > 0, "no inputs in {}", folder.display());

    let seed = from_env("PROPERTIES_SEED").unwrap_or(SEED);
    for number in 0..from_env("PROPERTIES_INPUTS").unwrap_or(INPUTS) {
        let input = random_input(&mut Random(seed.wrapping_mul(1 << 32).wrapping_add(number)));
        let origin = format!("number {number} of PROPERTIES_SEED={seed}");
        let _shown = Shown(name, &origin, &input);
        check(&input);
    }
}

fn from_env(name: &str) -> Option<u64> {
    let value = env::var(name).ok()?;
    let number = value.parse();
    Some(number.unwrap_or_else(|_| panic!("{name} is {value:?}, not a number")))
}

/// The words of a libFuzzer dictionary: one a line, in quotes, with `\xNN` for what is not plain.
fn words(dictionary: &str) -> Vec<Vec<u8>> {
    let lines = dictionary.lines().filter(|line| !line.starts_with('#'));
    lines.map(word).collect()
}

fn word(line: &str) -> Vec<u8> {
    let quoted = line
        .strip_prefix('"')
        .and_then(|line| line.strip_suffix('"'));
    let mut parts = quoted.expect("a word in quotes").split("\\x");
    let mut word = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, plain) = part.split_at(2);
        word.push(u8::from_str_radix(code, 16).expect("a hexadecimal number"));
        word.extend(plain.as_bytes());
    }
    word
}

/// Prints an input when the property panics with it.
struct Shown<'a>(&'static str, &'a dyn std::fmt::Display, &'a [u8]);

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self(name, origin, input) = self;
            eprintln!("{name} fails with {origin}: {}", input.escape_ascii());
        }
    }
}

/// SplitMix64: equal seeds give equal inputs everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).expect("small");
        usize::try_from(self.next() % end).expect("smaller")
    }

    fn one_of<'a>(&mut self, words: &'a [Vec<u8>]) -> &'a [u8] {
        &words[self.below(words.len())]
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        let len = self.below(most);
        (0..len).map(|_| self.next().to_le_bytes()[0]).collect()
    }
}
