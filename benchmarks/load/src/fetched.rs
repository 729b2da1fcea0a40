//! A response as the client saw it, with the reads that brought it.

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use crate::{Result, client::Connection, server::Server, workload::PARKED};

/// How long a page is fetched again until its shell is seen in a read of its own. A client that
/// comes late finds two writes in one read, which proves nothing.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Fetched {
    /// The first frame.
    pub(crate) shell: String,
    pub(crate) body: String,
    pub(crate) frames: usize,
    /// Whether the shell came in a read of its own, ahead of the next frame.
    pub(crate) shell_alone: bool,
    /// Where each frame ends in the body, and how many reads it took until then.
    reads: Vec<(usize, usize)>,
}

impl Fetched {
    /// A page whose frames came in a read of its own each.
    #[cfg(test)]
    pub(crate) fn in_reads<'a>(frames: impl Iterator<Item = &'a str>) -> Self {
        let mut fetched = Self {
            shell: String::new(),
            body: String::new(),
            frames: 0,
            shell_alone: true,
            reads: Vec::new(),
        };
        for frame in frames {
            fetched.frames += 1;
            fetched.body.push_str(frame);
            fetched.reads.push((fetched.body.len(), fetched.frames));
        }
        fetched
    }

    /// How many reads it took until the byte at `offset` was there.
    pub(crate) fn reads_until(&self, offset: usize) -> usize {
        let frame = self.reads.partition_point(|&(end, _)| end <= offset);
        self.reads
            .get(frame)
            .map_or(usize::MAX, |&(_, reads)| reads)
    }
}

/// Fetches `path` until `streamed` says that its shell was seen alone, or long enough.
pub(crate) async fn fetch(
    server: &Server,
    path: &str,
    streamed: impl Fn(&Fetched) -> bool,
) -> Result<Fetched> {
    let mut fetched = fetch_once(server, path).await?;
    let started = Instant::now();
    while !streamed(&fetched) && fetched.frames > 1 && started.elapsed() < PATIENCE {
        fetched = fetch_once(server, path).await?;
    }
    Ok(fetched)
}

/// Fetches `path`, and of the page that parks no more than its first read.
pub(crate) async fn fetch_once(server: &Server, path: &str) -> Result<Fetched> {
    let mut connection = Connection::open(server.address).await?;
    let mut chunks: Vec<Vec<u8>> = Vec::new();
    let mut reads = Vec::new();
    let mut length = 0;
    let mut shell_alone = false;
    connection
        .get_until(path, |chunk| {
            match reads.first() {
                None => shell_alone = chunk.ends_read,
                Some(&(_, shell_reads)) => shell_alone &= chunk.reads > shell_reads,
            }
            length += chunk.data.len();
            reads.push((length, chunk.reads));
            chunks.push(chunk.data.into());
            if path == PARKED && chunk.ends_read {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
        .await?;
    Ok(Fetched {
        shell: String::from_utf8(chunks.first().cloned().unwrap_or_default())?,
        body: String::from_utf8(chunks.concat())?,
        frames: chunks.len(),
        shell_alone,
        reads,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_belongs_to_the_frame_that_holds_it() {
        let fetched = Fetched::in_reads(["ab", "cd"].into_iter());
        assert_eq!([0, 1, 2, 3].map(|at| fetched.reads_until(at)), [1, 1, 2, 2]);
        assert_eq!(fetched.reads_until(4), usize::MAX);
    }
}
