//! A server under test: a child process on a core of its own.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::{Child, Command, Stdio},
    sync::LazyLock,
    time::{Duration, Instant},
};

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use tokio::time::sleep;

use crate::{
    Result,
    client::Connection,
    roster::{Origin, Peer},
};

/// How long a server may take to answer its first request.
const START_LIMIT: Duration = Duration::from_secs(30);

/// A running server; dropping it ends it.
pub(crate) struct Server {
    pub(crate) name: String,
    pub(crate) origin: Origin,
    pub(crate) address: SocketAddr,
    /// From the start of the process to its first response.
    pub(crate) cold_start: Duration,
    child: Child,
    peer: Peer,
}

/// What a server needs to start, and which page shows that it has.
#[derive(Clone, Default)]
pub(crate) struct Launch {
    /// The page of the first response.
    pub(crate) page: &'static str,
    /// A line of the head of every request, if there is one.
    pub(crate) header: String,
    /// Variables of its environment.
    pub(crate) variables: Vec<(&'static str, String)>,
    /// Whether what it logs is thrown away.
    pub(crate) silent: bool,
}

impl Server {
    /// Starts a server of the workloads.
    pub(crate) async fn start(peer: &Peer) -> Result<Self> {
        let launch = Launch {
            page: "/w1",
            ..Launch::default()
        };
        Self::launch(peer, &launch).await
    }

    /// Starts `peer` on the first core and leaves the client on the second.
    pub(crate) async fn launch(peer: &Peer, launch: &Launch) -> Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(&peer.program);
        command
            .env("PORT", address.port().to_string())
            .env("TOKIO_WORKER_THREADS", "1")
            .envs(launch.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        if launch.silent {
            command.stderr(Stdio::null());
        }
        let started = Instant::now();
        let child = spawn(&mut command, Place::Server)?;
        let mut server = Self {
            name: peer.name.clone(),
            origin: peer.origin,
            address,
            cold_start: Duration::ZERO,
            child,
            peer: peer.clone(),
        };
        server.wait_for_first_response(started, launch).await?;
        server.cold_start = started.elapsed();
        Ok(server)
    }

    /// Starts all `peers` that start.
    pub(crate) async fn start_all(peers: &[Peer]) -> Result<Vec<Self>> {
        let mut servers = Vec::new();
        for peer in peers {
            servers.extend(peer.origin.excuse(&peer.name, Self::start(peer).await)?);
        }
        Ok(servers)
    }

    /// Ends a server of the workloads, and starts it anew.
    pub(crate) async fn restart(&mut self) -> Result {
        *self = Self::start(&self.peer).await?;
        Ok(())
    }

    async fn wait_for_first_response(&mut self, started: Instant, launch: &Launch) -> Result {
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("{} does not start: {status}", self.name).into());
            }
            match Connection::open(self.address).await {
                Ok(connection) => {
                    let mut connection = connection.with(&launch.header);
                    return connection.drain(launch.page).await.map(drop);
                }
                Err(_) if started.elapsed() < START_LIMIT => sleep(Duration::from_millis(1)).await,
                Err(error) => return Err(format!("{} does not start: {error}", self.name).into()),
            }
        }
    }

    /// Whether the server streams, rather than sending each page in one piece.
    pub(crate) async fn streams(&self) -> Result<bool> {
        let mut chunks = 0;
        let mut connection = Connection::open(self.address).await?;
        connection.get("/w2", |_| chunks += 1).await?;
        Ok(chunks > 1)
    }

    /// CPU time, user and system, of all threads so far.
    pub(crate) fn cpu(&self) -> Result<Duration> {
        let mut nanoseconds = 0;
        for task in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let schedstat = fs::read_to_string(task?.path().join("schedstat"))?;
            let on_cpu = schedstat.split(' ').next().ok_or("an empty schedstat")?;
            nanoseconds += on_cpu.parse::<u64>()?;
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// Files, sockets among them, that the process has open.
    pub(crate) fn open_files(&self) -> Result<usize> {
        Ok(fs::read_dir(format!("/proc/{}/fd", self.child.id()))?.count())
    }

    /// Resident memory in KiB.
    pub(crate) fn resident(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        Ok(kibibytes.ok_or("no VmRSS in the process status")?.parse()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What runs on a core of its own, where there are enough of them.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// The first core.
    Server,
    /// The second, where there is one.
    Client,
    /// The third, or else the client's: the first belongs to the server alone.
    Database,
}

/// The cores that this program was given, before it bound itself to one of them.
static ALLOWED: LazyLock<Vec<usize>> = LazyLock::new(|| {
    let affinity = sched_getaffinity(None).unwrap_or_default();
    (0..CpuSet::MAX_CPU)
        .filter(|&core| affinity.is_set(core))
        .collect()
});

impl Place {
    fn core(self) -> Result<CpuSet> {
        let last = ALLOWED.len().checked_sub(1).ok_or("no core to run on")?;
        let place = match self {
            Self::Server => 0,
            Self::Client => 1,
            Self::Database => 2,
        };
        Ok(only(ALLOWED[place.min(last)]))
    }
}

/// Starts a program in its place, and leaves this one in the client's.
pub(crate) fn spawn(command: &mut Command, place: Place) -> Result<Child> {
    let (core, client) = (place.core()?, Place::Client.core()?);
    sched_setaffinity(None, &core)?;
    let child = command.spawn();
    sched_setaffinity(None, &client)?;
    let program = command.get_program().to_string_lossy();
    Ok(child.map_err(|error| format!("{program}: {error}"))?)
}

fn only(core: usize) -> CpuSet {
    let mut set = CpuSet::new();
    set.set(core);
    set
}

/// A loopback address that was free a moment ago.
fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
