//! Random numbers, the same on every machine for a seed that is printed.

use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::OnceLock;

static SEED: OnceLock<u64> = OnceLock::new();

/// Fixes the seed of this process. It stays as it is if it was used already.
pub fn set_seed(seed: u64) {
    // Who comes too late sees in the report which seed was used.
    let _ = SEED.set(seed);
}

/// The seed of this process: the one that was set, else a new one.
pub fn seed() -> u64 {
    *SEED.get_or_init(|| RandomState::new().hash_one(0))
}

/// SplitMix64.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers of one row: they depend on the seed of the process and the row's id, and not on
    /// what else is run.
    #[must_use]
    pub fn of_row(id: &str) -> Self {
        // Not RandomState, which differs from process to process.
        let mut hasher = std::hash::DefaultHasher::new();
        (seed(), id).hash(&mut hasher);
        Self::new(hasher.finish())
    }

    /// The numbers of this seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, which is not zero.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.number() % limit as u64) as usize
    }

    /// True in `percent` of all cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of `choices`, which are not empty.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// Puts `items` in any order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}
