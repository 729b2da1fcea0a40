//! The time axis: from milliseconds to pixels, and the round numbers between.

/// Above this no page is filmed, and numbers lose their digits.
const LONGEST: f64 = 1e9;

/// How many lines the axis has at most, beside the one at zero.
const LINES: f64 = 8.0;

/// Places times between two edges of the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    left: f64,
    right: f64,
    end: f64,
}

impl Axis {
    /// An axis from zero to a little beyond `end`.
    pub(super) fn new(left: f64, right: f64, end: f64) -> Self {
        let end = (sound(end) * 1.02).max(1.0);
        Self { left, right, end }
    }

    /// The place of a time. What is not a time, or lies outside, is put on the edge.
    pub(super) fn x(&self, at: f64) -> f64 {
        let share = sound(at).min(self.end) / self.end;
        self.left + share * (self.right - self.left)
    }

    /// Round times at even distances.
    pub(super) fn lines(&self) -> impl Iterator<Item = f64> + use<> {
        let step = round_step(self.end / LINES);
        let end = self.end;
        (0..)
            .map(move |n| f64::from(n) * step)
            .take_while(move |at| *at <= end)
    }

    /// A time in words, in the unit that suits the whole axis.
    pub(super) fn words(&self, at: f64) -> String {
        if self.end < 2_000.0 {
            format!("{:.0} ms", sound(at))
        } else if self.end < 20_000.0 {
            format!("{:.2} s", sound(at) / 1_000.0)
        } else {
            format!("{:.1} s", sound(at) / 1_000.0)
        }
    }

    /// A round time in words: without the digits that are zero on every line.
    pub(super) fn line_words(&self, at: f64) -> String {
        if self.end < 2_000.0 {
            format!("{at} ms")
        } else {
            format!("{} s", at / 1_000.0)
        }
    }
}

/// The time itself when it is one.
fn sound(at: f64) -> f64 {
    if at.is_nan() {
        0.0
    } else {
        at.clamp(0.0, LONGEST)
    }
}

/// The smallest of 1, 2, 5, 10, 20, … that is not below `least`.
fn round_step(least: f64) -> f64 {
    let mut power = 1.0;
    loop {
        for digit in [1.0, 2.0, 5.0] {
            if digit * power >= least {
                return digit * power;
            }
        }
        power *= 10.0;
    }
}
