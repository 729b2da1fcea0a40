//! Reading: frames as they come, and what they add up to.

use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use tokio::time::timeout;

use super::record::Record;
use super::wire::Wire;
use super::{End, Patch, StreamRequest, StreamTest};
use crate::dom;

/// Paused time passes only when nothing else can happen, so the shortest time there is means that
/// everything that can happen has happened.
const AT_REST: Duration = Duration::from_millis(1);

/// No page takes so long. A test that waits longer for a response would wait for ever.
pub(super) const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl StreamTest {
    pub(super) async fn open(request: StreamRequest) -> Self {
        let record = Arc::<Record>::default();
        let response = match request.send(&record).await {
            Ok(response) => response,
            Err(error) => panic!("{request} failed: {error}\n  at {}", request.call_site()),
        };
        let (parts, body) = response.into_parts();
        let mut page = Self {
            request,
            record,
            status: parts.status,
            headers: parts.headers,
            body,
            end: End::Open,
            bytes: Vec::new(),
            wire: Wire::new(),
            frames: Vec::new(),
            shell: String::new(),
            taken: 0,
        };
        page.read().await;
        page.shell = page.wire.seen(0..page.wire.len());
        page
    }

    pub(super) async fn open_whole(request: StreamRequest) -> Self {
        let mut page = Self::open(request.whole()).await;
        let at = page.request.call_site();
        page.read_to_the_end(at).await;
        page
    }

    pub(super) async fn read_to_the_end(&mut self, at: &Location<'_>) {
        self.release_all();
        let all = async { while self.read().await {} };
        if timeout(A_DAY, all).await.is_err() {
            self.fail(at, "the response has not ended in a day");
        }
        if let End::Broken(_) = self.end {
            self.fail(at, "the response was cut");
        }
    }

    /// Reads on until nothing more arrives without time passing.
    pub(super) async fn come_to_rest(&mut self) {
        while matches!(timeout(AT_REST, self.read()).await, Ok(true)) {}
    }

    /// Reads one frame, or finds that there is none.
    ///
    /// # Cancel safety
    /// Nothing is lost.
    pub(super) async fn read(&mut self) -> bool {
        if !matches!(self.end, End::Open) {
            return false;
        }
        let frame = match self.body.frame().await {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => {
                self.end = End::Broken(error.to_string());
                return false;
            }
            None => {
                self.end = End::Ended;
                return false;
            }
        };
        if let Ok(data) = frame.into_data() {
            let from = self.wire.len();
            self.wire.read(&data);
            self.bytes.extend_from_slice(&data);
            self.frames.push(from..self.wire.len());
        }
        true
    }

    pub(super) fn take_patch(&mut self) -> Option<Patch> {
        loop {
            let patch = self.wire.patches.get(self.taken)?;
            self.taken += 1;
            if !is_of_head(&patch.name) {
                let name = self.record.name_of(&patch.name);
                return Some(Patch {
                    name: name.unwrap_or_else(|| patch.name.clone()),
                    wire_name: patch.name.clone(),
                    html: self.wire.content(patch),
                });
            }
        }
    }

    pub(super) fn document(&self, at: &Location<'_>) -> String {
        let document = match self.end {
            End::Ended => dom::assemble(&self.bytes).map(|page| page.html().to_owned()),
            _ => dom::so_far(&self.bytes),
        };
        document.unwrap_or_else(|broken| self.fail(at, broken))
    }

    /// The document of a page in one piece. One that leads elsewhere has none, and would equal any
    /// other that does.
    pub(super) fn whole_document(&self, at: &Location<'_>) -> String {
        if self.status.is_redirection() {
            let to = self.header("location").unwrap_or("nowhere");
            let what = format_args!("in one piece there is no page: it leads to {to}");
            self.fail(at, what);
        }
        dom::whole(&self.bytes).unwrap_or_else(|broken| self.fail(at, broken))
    }
}

/// Whether a patch is one of the title or of late tags, which belong to no boundary.
pub(super) fn is_of_head(wire_name: &str) -> bool {
    matches!(wire_name, "title" | "head")
}
