//! What the app says on its standard error: shown as it comes, and its end kept, for when it is the
//! reason why the app has ended.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How many lines are kept.
const LINES: usize = 20;

/// How many bytes these may have.
const BYTES: usize = 16 << 10;

/// How long the end is waited for. A process that the app has left behind may hold the pipe open.
const PATIENCE: Duration = Duration::from_secs(1);

/// The end of what was said so far.
#[derive(Debug)]
pub(super) struct Tail {
    kept: Arc<Mutex<Vec<u8>>>,
    reading: JoinHandle<()>,
}

impl Tail {
    /// Reads until nobody holds the other end. What is said is shown whether this is dropped or not.
    pub(super) fn of(
        mut said: impl AsyncRead + Send + Unpin + 'static,
        show: impl Fn(&[u8]) + Send + 'static,
    ) -> Self {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let keep = kept.clone();
        let reading = tokio::spawn(async move {
            let mut part = [0; 4096];
            while let Ok(length @ 1..) = said.read(&mut part).await {
                let part = &part[..length];
                show(part);
                let mut kept = keep.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend_from_slice(part);
                let over = kept.len().saturating_sub(BYTES);
                kept.drain(..over);
            }
        });
        Self { kept, reading }
    }

    /// Waits until all was shown that a process which has ended has said. To be called once.
    pub(super) async fn ended(&mut self) {
        // What came is kept, whether that was all or not.
        let _ = timeout(PATIENCE, &mut self.reading).await;
    }

    /// The last lines, and those before them from a panic on: a backtrace stands behind what it is
    /// of.
    pub(super) fn lines(&self) -> String {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&kept);
        let lines: Vec<_> = text.trim_end().lines().collect();
        let last = lines.len().saturating_sub(LINES);
        let panic = lines.iter().rposition(|line| line.contains("panicked at "));
        lines[panic.map_or(last, |panic| panic.min(last))..].join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_last_twenty_lines_are_kept() {
        let said: String = (0..100).map(|line| format!("line {line}\n")).collect();
        let mut tail = Tail::of(std::io::Cursor::new(said.into_bytes()), |_| {});
        tail.ended().await;
        let lines = tail.lines();
        assert!(lines.starts_with("line 80\nline 81\n"), "{lines}");
        assert!(lines.ends_with("\nline 98\nline 99"), "{lines}");
    }

    #[tokio::test]
    async fn a_panic_is_kept_however_long_its_backtrace_is() {
        let said = format!(
            "begun\nthread 'main' panicked at src/main.rs:1:1:\n{}",
            "  at\n".repeat(50)
        );
        let mut tail = Tail::of(std::io::Cursor::new(said.into_bytes()), |_| {});
        tail.ended().await;
        assert!(
            tail.lines().starts_with("thread 'main' panicked"),
            "{}",
            tail.lines()
        );
    }

    #[tokio::test]
    async fn a_line_without_end_is_cut() {
        let mut tail = Tail::of(std::io::Cursor::new(vec![b'x'; 3 * BYTES]), |_| {});
        tail.ended().await;
        assert_eq!(tail.lines().len(), BYTES);
    }
}
