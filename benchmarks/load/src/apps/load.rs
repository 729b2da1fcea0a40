//! Requests as fast as they are answered: each connection asks again when it has its answer.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::{Result, client::Connection, server::Server};

/// Connections to a server that ask for one page, kept open from turn to turn.
pub(super) struct Load {
    path: &'static str,
    /// With the length of the first response.
    connections: Vec<(Connection, usize)>,
}

/// What a turn came to.
pub(super) struct Turn {
    pub(super) requests_per_second: f64,
    /// Microseconds of the server's CPU time a request.
    pub(super) cpu: f64,
    pub(super) answers: Vec<Answer>,
    /// Resident memory of the server at the end, in KiB.
    pub(super) resident: f64,
}

/// Milliseconds from a request to its answer.
pub(super) struct Answer {
    /// To the first part of the body: of a streamed page, the shell.
    pub(super) first: f64,
    pub(super) whole: f64,
}

impl Load {
    pub(super) async fn open(
        server: &Server,
        path: &'static str,
        header: &str,
        connections: usize,
    ) -> Result<Self> {
        let mut open = Vec::new();
        for _ in 0..connections {
            let mut connection = Connection::open(server.address).await?.with(header);
            let length = connection.drain(path).await?;
            open.push((connection, length));
        }
        Ok(Self {
            path,
            connections: open,
        })
    }

    /// Asks for as long as `length`, and waits for what is under way then.
    pub(super) async fn turn(&mut self, server: &Server, length: Duration) -> Result<Turn> {
        let path = self.path;
        let mut clients = JoinSet::new();
        let before = server.cpu()?;
        let started = Instant::now();
        for (connection, bytes) in self.connections.drain(..) {
            clients.spawn(async move {
                let asked = ask(connection, path, bytes, started + length).await;
                // What a task fails with must be `Send` for ever.
                asked.map_err(|error| error.to_string())
            });
        }
        let asked = clients.join_all().await;
        let elapsed = started.elapsed();
        let used = server.cpu()? - before;
        let mut answers = Vec::new();
        for asked in asked {
            let (connection, bytes, taken) = asked?;
            self.connections.push((connection, bytes));
            answers.extend(taken);
        }
        let requests = answers.len() as f64;
        Ok(Turn {
            requests_per_second: requests / elapsed.as_secs_f64(),
            cpu: used.as_secs_f64() * 1e6 / requests,
            answers,
            resident: server.resident()?,
        })
    }
}

/// Asks until `end`, once at least; returns the connection and when each answer came.
async fn ask(
    mut connection: Connection,
    path: &'static str,
    bytes: usize,
    end: Instant,
) -> Result<(Connection, usize, Vec<Answer>)> {
    let mut answers = Vec::new();
    loop {
        let asked = Instant::now();
        let since = || asked.elapsed().as_secs_f64() * 1e3;
        let (mut first, mut got) = (None, 0);
        connection
            .get(path, |chunk| {
                first.get_or_insert_with(since);
                got += chunk.data.len();
            })
            .await?;
        let whole = since();
        answers.push(Answer {
            first: first.unwrap_or(whole),
            whole,
        });
        // React writes a late part once or twice, as it comes.
        if got < bytes / 2 {
            return Err(format!("{path}: {got} bytes after {bytes}").into());
        }
        if Instant::now() >= end {
            return Ok((connection, bytes, answers));
        }
    }
}
