//! The limits of a server, each with its default and the reason for it.

use std::time::Duration;

use tokio::time::Instant;

/// What a client may take, in time and in memory.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    pub(crate) head_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) stall_timeout: Duration,
    /// Bytes per second.
    pub(crate) min_rate: u64,
    pub(crate) max_connections: usize,
    /// Bytes.
    pub(crate) max_head: usize,
    pub(crate) drain: Duration,
    /// Whether requests carry axum's `ConnectInfo`.
    pub(crate) connect_info: bool,
}

/// How many streams of one HTTP/2 connection may be open: what browsers and proxies expect.
pub(crate) const MAX_STREAMS: u32 = 100;

/// Bytes of a response that wait in user space for a socket that is full.
pub(crate) const MAX_UNSENT: usize = 64 << 10;

/// Bytes of a response that the kernel takes before it can send them.
///
/// That a client reads shows in what the kernel takes for it. Left to itself it takes megabytes,
/// and then nothing before a third of them has left: from a client that reads 40 KiB a second, for
/// longer than the stall timeout.
#[cfg(target_os = "linux")]
pub(crate) const MAX_UNSENT_IN_KERNEL: u32 = 128 << 10;

/// The idle timeout while every connection is taken.
pub(crate) const IDLE_UNDER_PRESSURE: Duration = Duration::from_secs(5);

/// How long a response may take to end after its pending boundaries were timed out.
pub(crate) const LAST_WORDS: Duration = Duration::from_secs(2);

/// How long a connection that was accepted before the stop may take to send its first request.
pub(crate) const FIRST_REQUEST: Duration = Duration::from_secs(1);

/// hyper's buffers are at least as large.
pub(crate) const SMALLEST_HEAD: usize = 8 << 10;

/// Files that are open beside connections: the listener, logs, a database.
const OTHER_FILES: u64 = 64;

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            stall_timeout: Duration::from_secs(30),
            min_rate: 1024,
            max_connections: 10_000.min(open_files()),
            max_head: 64 << 10,
            drain: Duration::from_secs(20),
            connect_info: false,
        }
    }
}

impl Limits {
    /// How often the limits are looked after: often enough for the shortest.
    pub(crate) fn tick(&self) -> Duration {
        let shortest = self
            .head_timeout
            .min(self.idle_timeout)
            .min(self.stall_timeout);
        (shortest / 8).clamp(Duration::from_millis(10), Duration::from_millis(500))
    }
}

/// The time `wait` after `now`; a wait that does not end in a century is as good as a century.
pub(crate) fn after(now: Instant, wait: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);
    now + wait.min(CENTURY)
}

/// How many connections the limit of open files leaves room for.
#[cfg(unix)]
fn open_files() -> usize {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let files = limit.current.unwrap_or(u64::MAX);
    let room = files.saturating_sub(OTHER_FILES).max(files / 2).max(1);
    usize::try_from(room).unwrap_or(usize::MAX)
}

#[cfg(not(unix))]
fn open_files() -> usize {
    usize::MAX
}
