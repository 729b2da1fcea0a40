//! When the command is to end.

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::error::{Error, Result};

/// The signals by which a terminal, a person or a supervisor ends a process. Once it is made, they
/// do nothing by themselves any more.
pub(crate) struct Quit([Signal; 3]);

impl Quit {
    pub(crate) fn new() -> Result<Self> {
        let [interrupt, terminate, hangup] = [
            SignalKind::interrupt(),
            SignalKind::terminate(),
            SignalKind::hangup(),
        ]
        .map(|kind| signal(kind).map_err(|error| Error::because("cannot wait for signals", error)));
        Ok(Self([interrupt?, terminate?, hangup?]))
    }

    /// # Cancel safety
    /// It may be called again.
    pub(crate) async fn wait(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}
