//! When a server stops.

use std::io;
use std::pin::Pin;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a server waits for.
pub(crate) enum Stop {
    /// A future of the app's.
    On(Pin<Box<dyn Future<Output = ()> + Send>>),
    /// A signal of the system's.
    Signals(Signals),
    /// Nothing more: it has come, and there is no second.
    Never,
}

impl Stop {
    pub(crate) fn signals() -> io::Result<Self> {
        Signals::new().map(Self::Signals)
    }

    /// Waits. Returns the number of the signal, if it was one.
    ///
    /// # Cancel safety
    /// It may be called again.
    pub(crate) async fn wait(&mut self) -> Option<i32> {
        match self {
            Self::On(stop) => {
                stop.await;
                *self = Self::Never;
                None
            }
            Self::Signals(signals) => Some(signals.recv().await),
            Self::Never => std::future::pending().await,
        }
    }
}

/// SIGTERM and SIGINT.
#[cfg(unix)]
pub(crate) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn recv(&mut self) -> i32 {
        tokio::select! {
            _ = self.terminate.recv() => SignalKind::terminate().as_raw_value(),
            _ = self.interrupt.recv() => SignalKind::interrupt().as_raw_value(),
        }
    }
}

/// Ctrl-C.
#[cfg(not(unix))]
pub(crate) struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn recv(&mut self) -> i32 {
        const SIGINT: i32 = 2;
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "cannot wait for Ctrl-C");
            std::future::pending::<()>().await;
        }
        SIGINT
    }
}
