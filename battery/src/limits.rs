//! The limits of a server under test.

use std::time::Duration;

use anabranch::Server;

use crate::Tried;
use crate::row::failed;

/// The limits of a server under test. What is not said stays at the server's default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// [`Server::head_timeout`].
    pub head: Option<Duration>,
    /// [`Server::idle_timeout`].
    pub idle: Option<Duration>,
    /// [`Server::stall_timeout`].
    pub stall: Option<Duration>,
    /// [`Server::drain`].
    pub drain: Option<Duration>,
    /// [`Server::min_rate`].
    pub rate: Option<u64>,
    /// [`Server::max_connections`].
    pub connections: Option<u64>,
    /// [`Server::max_head`].
    pub max_head: Option<u64>,
}

impl Limits {
    /// A server with these limits.
    pub fn server(&self) -> Server {
        let mut server = Server::new();
        let size = |size: u64| usize::try_from(size).unwrap_or(usize::MAX);
        if let Some(limit) = self.head {
            server = server.head_timeout(limit);
        }
        if let Some(limit) = self.idle {
            server = server.idle_timeout(limit);
        }
        if let Some(limit) = self.stall {
            server = server.stall_timeout(limit);
        }
        if let Some(limit) = self.drain {
            server = server.drain(limit);
        }
        if let Some(rate) = self.rate {
            server = server.min_rate(rate);
        }
        if let Some(limit) = self.connections {
            server = server.max_connections(size(limit));
        }
        if let Some(limit) = self.max_head {
            server = server.max_head(size(limit));
        }
        server
    }

    /// As arguments of `battery serve`; times in milliseconds.
    #[must_use]
    pub fn arguments(&self) -> Vec<String> {
        let millis = |limit: Option<Duration>| limit.map(|limit| limit.as_millis() as u64);
        let all = [
            ("head", millis(self.head)),
            ("idle", millis(self.idle)),
            ("stall", millis(self.stall)),
            ("drain", millis(self.drain)),
            ("rate", self.rate),
            ("connections", self.connections),
            ("max-head", self.max_head),
        ];
        let said = all
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        said.map(|(name, value)| format!("{name}={value}"))
            .collect()
    }

    /// Reads [`arguments`](Self::arguments).
    ///
    /// # Errors
    /// If one of them is none.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Tried<Self> {
        let mut limits = Self::default();
        for argument in arguments {
            let pair = argument.split_once('=');
            let (name, value) = pair.ok_or_else(|| format!("not a limit: {argument}"))?;
            let value: u64 = value.parse().map_err(failed)?;
            let time = Some(Duration::from_millis(value));
            match name {
                "head" => limits.head = time,
                "idle" => limits.idle = time,
                "stall" => limits.stall = time,
                "drain" => limits.drain = time,
                "rate" => limits.rate = Some(value),
                "connections" => limits.connections = Some(value),
                "max-head" => limits.max_head = Some(value),
                _ => return Err(format!("not a limit: {name}")),
            }
        }
        Ok(limits)
    }
}
