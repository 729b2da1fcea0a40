//! The counts of an earlier state: `baseline.txt`.

use std::collections::BTreeMap;
use std::env::consts::ARCH;
use std::fmt;
use std::process::Command;
use std::str::FromStr;

use crate::Result;

/// Instructions by case.
pub(crate) type Counts = BTreeMap<String, u64>;

/// Counts, and what they were made with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Baseline {
    pub(crate) tools: Tools,
    pub(crate) counts: Counts,
}

/// What else than the code decides how many instructions there are: the compiler, the functions of
/// the C library, which it chooses by what valgrind says of the processor, and valgrind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tools(String);

impl Tools {
    /// Those of this machine.
    pub(crate) fn here() -> Result<Self> {
        let libc = first_line("ldd")?;
        let valgrind = first_line("valgrind")?;
        let rustc = env!("BENCH_RUSTC");
        Ok(Self(format!(
            "{rustc}; {libc}; {valgrind}; {ARCH}{}",
            vectors()
        )))
    }
}

/// The widest vectors that the processor has, of those that valgrind knows.
fn vectors() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        return " with AVX2";
    }
    ""
}

/// What `program` says of its version.
fn first_line(program: &str) -> Result<String> {
    let output = Command::new(program)
        .arg("--version")
        .output()
        .map_err(|error| format!("{program} cannot be run ({error}); install it"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

impl fmt::Display for Tools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A line for the tools, and one for each case.
impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.tools)?;
        self.counts
            .iter()
            .try_for_each(|(case, count)| writeln!(f, "{case} {count}"))
    }
}

impl FromStr for Baseline {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (tools, counts) = text.split_once('\n').ok_or("the baseline is empty")?;
        let count = |line: &str| {
            let (case, count) = line.split_once(' ')?;
            Some((case.to_owned(), count.parse().ok()?))
        };
        let counts = counts
            .lines()
            .map(|line| count(line).ok_or_else(|| format!("no case and count: {line:?}")))
            .collect::<std::result::Result<_, _>>()?;
        let tools = Tools(tools.to_owned());
        Ok(Self { tools, counts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let counts = [("fold", 20), ("page", 10)];
        let baseline = Baseline {
            tools: Tools("rustc 1; ldd 2; valgrind 3; x86_64".to_owned()),
            counts: counts.map(|(case, n)| (case.to_owned(), n)).into(),
        };
        assert_eq!(baseline.to_string().parse(), Ok(baseline));
        assert!("tools\npage ten\n".parse::<Baseline>().is_err());
    }
}
