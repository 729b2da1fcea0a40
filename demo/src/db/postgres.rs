//! The store of many machines: a PostgreSQL server that they share.
//!
//! # Layout
//! * `prepare`: migrations and import, by one of those that start together
//! * `import`: tables -> server, by `COPY`
//! * `value`: parameters and columns as PostgreSQL has them
//! * `functions.sql`: what the queries use that only SQLite brings; `flights.sql`, `desk.sql`: the
//!   tables

mod import;
mod prepare;
mod value;

use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio_postgres::error::{DbError, Severity, SqlState};
use tokio_postgres::{Client, Config, GenericClient, NoTls};

use super::join::join;
use super::pool::{Lent, Pool};
use super::{Answer, BoxError, Prepared, Query, Result, Row, Store, TABLES, Table};

/// Connections that write, apart from those that read: a login does not wait behind counts.
const WRITERS: usize = 2;

/// How long to wait for a server that does not answer at all.
const PATIENCE: Duration = Duration::from_secs(5);

/// The data on a server.
#[derive(Debug)]
pub struct Postgres {
    // A place of a pool is filled when it is first lent, and again when the server ended the
    // connection: a server may come back.
    readers: Arc<Pool<Client>>,
    writers: Arc<Pool<Client>>,
    config: Config,
}

impl Postgres {
    /// Opens the database that `config` names, filling it first when it is not complete. Of several
    /// programs that start together, one fills it and the others wait.
    ///
    /// # Errors
    /// When the server cannot be reached, or the database can neither be used nor filled.
    pub async fn open(config: &Config, connections: usize) -> Result<Self, BoxError> {
        Self::prepare(config, &TABLES).await?;
        Ok(Self::new(config, connections))
    }

    /// Leaves a complete database of `tables`.
    ///
    /// # Errors
    /// When the server cannot be reached or the database not be written, or a table is damaged.
    pub async fn prepare(config: &Config, tables: &[Table<'_>]) -> Result<Prepared, BoxError> {
        prepare::prepare(&mut connect(config).await?, tables).await
    }

    /// A store over a database that is already complete, which up to `connections` connections
    /// read. They are opened when they are needed.
    #[must_use]
    pub fn new(config: &Config, connections: usize) -> Self {
        Self {
            readers: Pool::new(connections, Vec::new()),
            writers: Pool::new(WRITERS, Vec::new()),
            config: config.clone(),
        }
    }

    /// Waits for a place, and takes its connection, which the caller puts back while it is sound.
    async fn lend(&self, pool: &Arc<Pool<Client>>) -> Result<(Lent<Client>, Client)> {
        let mut lent = pool.lend().await;
        let client = match lent.connection.take() {
            Some(client) if !client.is_closed() => client,
            _ => connect(&self.config).await?,
        };
        Ok((lent, client))
    }
}

impl Store for Postgres {
    fn read(&self, query: Query) -> Answer<'_> {
        Box::pin(async move {
            let (lent, client) = self.lend(&self.readers).await?;
            // Dropped with this future, which the task that owns the connection then notices.
            let (_waiting, gone) = oneshot::channel();
            join(tokio::spawn(read(lent, client, query, gone))).await
        })
    }

    fn write(&self, queries: Vec<Query>) -> Answer<'_> {
        Box::pin(async move {
            let (lent, client) = self.lend(&self.writers).await?;
            join(tokio::spawn(write(lent, client, queries))).await
        })
    }

    fn idle_connections(&self) -> usize {
        self.readers.idle()
    }
}

/// Reads, unless `gone` says that nobody waits: then the server is asked to stop.
async fn read(
    mut lent: Lent<Client>,
    client: Client,
    query: Query,
    gone: oneshot::Receiver<Infallible>,
) -> Result<Vec<Row>> {
    let (result, is_sound) = {
        let mut rows = pin!(run(&client, &query));
        tokio::select! {
            biased;
            result = &mut rows => {
                let is_sound = !result.as_ref().is_err_and(is_fatal);
                (result, is_sound)
            }
            _ = gone => {
                if let Err(error) = client.cancel_token().cancel_query(NoTls).await {
                    tracing::warn!(%error, "a query that nobody waits for cannot be stopped");
                }
                // A request that came too late would stop the next query of this connection. That
                // this one was stopped is the proof that none is under way.
                let result = rows.await;
                let is_sound = result.as_ref().is_err_and(is_cancellation);
                (result, is_sound)
            }
        }
    };
    lent.connection = is_sound.then_some(client);
    Ok(result?)
}

fn is_cancellation(error: &tokio_postgres::Error) -> bool {
    error.code() == Some(&SqlState::QUERY_CANCELED)
}

/// Whether the connection ends with this error.
fn is_fatal(error: &tokio_postgres::Error) -> bool {
    let severity = error.as_db_error().and_then(DbError::parsed_severity);
    severity != Some(Severity::Error)
}

async fn write(
    mut lent: Lent<Client>,
    mut client: Client,
    queries: Vec<Query>,
) -> Result<Vec<Row>> {
    let transaction = client.transaction().await?;
    let mut rows = Vec::new();
    for query in &queries {
        rows = run(&transaction, query).await?;
    }
    transaction.commit().await?;
    lent.connection = Some(client);
    Ok(rows)
}

/// Runs a statement. It is not prepared: planning it takes a fraction of what counting the rows
/// does, and an address may lead to a pooler that knows no prepared statements.
async fn run(
    client: &impl GenericClient,
    query: &Query,
) -> Result<Vec<Row>, tokio_postgres::Error> {
    let params: Vec<_> = query.params.iter().map(value::typed).collect();
    let rows = client.query_typed(&query.sql, &params).await?;
    value::rows(&rows)
}

async fn connect(config: &Config) -> Result<Client, tokio_postgres::Error> {
    let mut config = config.clone();
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(PATIENCE);
    }
    let (client, connection) = config.connect(NoTls).await?;
    // It ends when the client is dropped.
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(%error, "a connection to the database was lost");
        }
    });
    Ok(client)
}
