//! Counts instructions in user space with valgrind's callgrind.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::Result;
use crate::case::Case;

/// How often a case runs. The difference between two runs leaves out what starts and warms the
/// process.
const FEW: u64 = 20;
const MANY: u64 = 120;

/// Instructions that `case` takes once.
pub(crate) fn instructions(case: Case) -> Result<u64> {
    let total = total(case, MANY)?.saturating_sub(total(case, FEW)?);
    Ok(total / (MANY - FEW))
}

/// Instructions of a process that runs `case` so often.
fn total(case: Case, times: u64) -> Result<u64> {
    let file = Scratch::new(case, times);
    let mut out = std::ffi::OsString::from("--callgrind-out-file=");
    out.push(&file.0);
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(out)
        .arg(env::current_exe()?)
        .args(["run", case.name(), &times.to_string()])
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("valgrind cannot be run ({error}); install it"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let counted = std::fs::read_to_string(&file.0)?;
    total_of(&counted).ok_or_else(|| "callgrind counted nothing".into())
}

/// The total in what callgrind writes.
fn total_of(counted: &str) -> Option<u64> {
    let total = counted
        .lines()
        .find_map(|line| line.strip_prefix("totals: "))?;
    total.trim().parse().ok()
}

/// A file that goes with its name.
struct Scratch(PathBuf);

impl Scratch {
    fn new(case: Case, times: u64) -> Self {
        let process = std::process::id();
        let name = format!("bench-micro.{process}.{}.{times}", case.name());
        Self(env::temp_dir().join(name))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // It is missing if valgrind did not get so far.
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::total_of;

    #[test]
    fn the_total_is_the_line_that_says_so() {
        let counted = "events: Ir\nsummary: 12\n\nfn=(1) main\n3 5\n\ntotals: 1234\n";
        assert_eq!(total_of(counted), Some(1234));
        assert_eq!(total_of("events: Ir\n"), None);
    }
}
