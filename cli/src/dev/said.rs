//! What cargo says on its standard error: shown as it comes, a line that it draws over too, but for
//! the failure of the package's own build script. That has found mistakes in the app, which cargo
//! would show between a command line and what the script told cargo.

use super::message;

/// How cargo begins to tell of a build script that has failed.
const FAILED: &str = "error: failed to run custom build command for `";

/// Everything that was said.
#[derive(Debug)]
pub(super) struct Said {
    /// The first line of what is not shown.
    wrapper: String,
    all: Vec<u8>,
    /// Where the line begins that has not ended.
    line: usize,
    /// How much was shown, or left out.
    passed: usize,
    within: bool,
    left_out: Vec<u8>,
}

impl Said {
    /// About a build of this package.
    pub(super) fn new(package: &str) -> Self {
        Self {
            wrapper: format!("{FAILED}{package} v"),
            all: Vec::new(),
            line: 0,
            passed: 0,
            within: false,
            left_out: Vec::new(),
        }
    }

    /// Takes bytes as they come. Returns those to be shown now.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut shown = Vec::new();
        // A progress bar is a line that ends in a carriage return.
        for part in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            self.all.extend_from_slice(part);
            let line = plain(&self.all[self.line..]);
            let line = line.trim_matches(['\r', '\n']);
            let new = &self.all[self.passed..];
            if part.ends_with(b"\n") || part.ends_with(b"\r") {
                self.within = match self.within {
                    true => belongs(line),
                    false => line.starts_with(&self.wrapper),
                };
                match self.within {
                    true => self.left_out.extend_from_slice(new),
                    false => shown.extend_from_slice(new),
                }
                self.line = self.all.len();
            } else if self.within
                || self.wrapper.starts_with(line)
                || line.starts_with(&self.wrapper)
            {
                // It may be left out, once it is whole.
                continue;
            } else {
                shown.extend_from_slice(new);
            }
            self.passed = self.all.len();
        }
        shown
    }

    /// What is still to be shown at the end, and all that was said.
    pub(super) fn finish(self) -> (String, String) {
        let all = plain(&self.all);
        let script = match self.left_out.as_slice() {
            [] => None,
            _ => message::of_build_script(&all).map(|said| format!("{}\n", said.trim_end())),
        };
        let held = String::from_utf8_lossy(&self.all[self.passed..]).into_owned();
        let left_out = String::from_utf8_lossy(&self.left_out).into_owned();
        (script.unwrap_or(left_out) + &held, all)
    }
}

/// Whether a line is one more of what cargo tells of a build script that has failed.
fn belongs(line: &str) -> bool {
    let begins = ["  ", "note: ", "Caused by:"];
    line.is_empty() || begins.iter().any(|begin| line.starts_with(begin))
}

fn plain(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    anstream::adapter::strip_str(&said).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown of something that comes in parts of a size.
    fn shown(said: &str, size: usize) -> String {
        let mut taken = Said::new("hello");
        let parts = said.as_bytes().chunks(size);
        let shown: Vec<u8> = parts.flat_map(|part| taken.take(part)).collect();
        let (rest, all) = taken.finish();
        assert_eq!(all, plain(said.as_bytes()));
        String::from_utf8(shown).expect("it was text before") + &rest
    }

    #[test]
    fn mistakes_in_the_app_are_shown_without_what_cargo_says_around_them() {
        let said = "   Compiling hello v0.1.0\n    Building [==> ] 1/2: hello(build)\r\u{1b}[K\
            \u{1b}[1m\u{1b}[91merror\u{1b}[0m: failed to run custom build command for `hello v0.1.0 (/app)`\n\
            note: To improve backtraces for build dependencies, set a variable.\n\n\
            Caused by:\n  process didn't exit successfully: `/target/build` (exit status: 1)\n  --- stdout\n  \
            cargo::rerun-if-changed=app\n\n\u{20} --- stderr\n  error: `get` stands beside a page\n   \
            --> app/route.rs:1:14\nwarning: build failed, waiting for other jobs to finish...\n";
        let clean = "   Compiling hello v0.1.0\n    Building [==> ] 1/2: hello(build)\r\
            warning: build failed, waiting for other jobs to finish...\n\
            error: `get` stands beside a page\n --> app/route.rs:1:14\n";
        for size in 1..said.len() {
            assert_eq!(shown(said, size), clean, "in parts of {size}");
        }
    }

    #[test]
    fn what_other_build_scripts_say_is_shown_as_it_is() {
        let said =
            "error: failed to run custom build command for `ring v0.17.0`\n\nCaused by:\n  no cc\n";
        for size in 1..said.len() {
            assert_eq!(shown(said, size), said, "in parts of {size}");
        }
    }

    #[test]
    fn a_line_that_has_not_ended_is_shown_at_once() {
        let mut said = Said::new("hello");
        assert_eq!(said.take(b"    Building [=> ]"), b"    Building [=> ]");
        assert_eq!(said.take(b" 1/2\rerr"), b" 1/2\r");
        assert_eq!(said.take(b"ands\n"), b"errands\n");
        assert_eq!(said.finish().0, "");
    }
}
