//! Ends a browser when the process that started it has gone.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::{Error, Result};

/// Ends Chromium and removes its profile when this process has gone, however it went.
///
/// A browser in a static is never dropped, so something outside of the process must see its end:
/// a shell that waits for the end of its input.
pub(crate) struct Reaper(Child);

impl Reaper {
    /// Starts to wait for the end of this process.
    pub(crate) fn start(chromium: Option<u32>, profile: &Path) -> Result<Self> {
        // The shell outlives an interrupt from the keyboard, which goes to it as well.
        const SCRIPT: &str = "trap '' INT; cat >/dev/null; kill \"$0\" 2>/dev/null; \
            for _ in 1 2 3 4 5 6 7 8 9; do kill -0 \"$0\" 2>/dev/null && sleep 0.1; done; \
            rm -rf -- \"$1\"";
        let pid = chromium.ok_or_else(|| Error::new("Chromium has ended at once"))?;
        Command::new("sh")
            .args(["-c", SCRIPT, &pid.to_string()])
            .arg(profile)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(Self)
            .map_err(|error| Error::because("cannot start the shell that ends Chromium", error))
    }
}

impl Drop for Reaper {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // The process was started by this one, so waiting can fail only when it is gone.
        let _ = self.0.wait();
    }
}
