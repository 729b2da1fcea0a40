//! A database of three flights, of which each test has a copy of its own to write into.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use demo::db::{Db, Postgres, Prepared, Sqlite, Table};
use flate2::Compression;
use flate2::write::GzEncoder;
use rusqlite::Connection;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tokio_postgres::Config;

use crate::cluster::{Cluster, connect};

const AIRLINES: &str = "carrier,name\nAA,American Airlines Inc.\nUA,United Air Lines Inc.\n";

const FLIGHTS: &str = "\
year,month,day,dep_time,sched_dep_time,dep_delay,arr_time,sched_arr_time,arr_delay,carrier,flight,tailnum,origin,dest,air_time,distance,hour,minute,time_hour
2013,7,4,535,536,-1,802,806,-4,UA,1106,N87527,EWR,IAH,185,1400,5,36,2013-07-04T09:00:00Z
2013,7,4,538,540,-2,835,840,-5,AA,701,N5DYAA,JFK,MIA,146,1089,5,40,2013-07-04T09:00:00Z
2013,7,5,NA,1500,NA,NA,1825,NA,AA,791,N3EHAA,LGA,DFW,NA,1389,15,0,2013-07-05T19:00:00Z
";

/// A database of one test.
pub(crate) enum Small {
    /// A file that is deleted with this.
    File(TempDir),
    /// A database of the server of the tests.
    Server(Box<Config>),
}

impl Small {
    /// A file.
    pub(crate) async fn new() -> Self {
        static TEMPLATE: OnceCell<Small> = OnceCell::const_new();
        let prepare = || async {
            let small = Self::empty();
            small.prepare().await;
            // To make the account takes longer than all the rest, so it is made once.
            small.db().await;
            // All of it into the file that is copied.
            small.number("PRAGMA wal_checkpoint(TRUNCATE)").await;
            small
        };
        let template = TEMPLATE.get_or_init(prepare).await;
        let small = Self::empty();
        fs::copy(template.path(), small.path()).unwrap();
        small
    }

    /// A database of the server, if PostgreSQL is installed.
    pub(crate) async fn on_server() -> Option<Self> {
        static TEMPLATE: OnceCell<Config> = OnceCell::const_new();
        let cluster = Cluster::shared()?;
        let prepare = || async {
            let small = Self::Server(Box::new(cluster.create().await));
            small.prepare().await;
            small.db().await;
            small.config().clone()
        };
        let template = TEMPLATE.get_or_init(prepare).await.get_dbname().unwrap();
        let copy = cluster.copy(template).await;
        Some(Self::Server(Box::new(copy)))
    }

    fn empty() -> Self {
        Self::File(tempfile::tempdir().unwrap())
    }

    /// The path of the file.
    pub(crate) fn path(&self) -> PathBuf {
        match self {
            Self::File(folder) => folder.path().join("flights.sqlite"),
            Self::Server(_) => panic!("it has no file"),
        }
    }

    /// Where the database is on the server.
    pub(crate) fn config(&self) -> &Config {
        match self {
            Self::File(_) => panic!("it is on no server"),
            Self::Server(config) => config,
        }
    }

    /// Opens the database, as one more instance of the demo.
    pub(crate) async fn db(&self) -> Db {
        let db = match self {
            Self::File(_) => Db::over(Sqlite::connect(&self.path(), 2).unwrap()).await,
            Self::Server(config) => Db::over(Postgres::new(config, 2)).await,
        };
        db.unwrap()
    }

    /// Prepares the database, or again after somebody has tampered with it.
    pub(crate) async fn prepare(&self) -> Prepared {
        let (airlines, flights) = (gzip(AIRLINES), gzip(FLIGHTS));
        let tables = [
            table("airlines", &airlines, 2),
            table("flights", &flights, 3),
        ];
        match self {
            Self::File(_) => Sqlite::prepare(&self.path(), &tables),
            Self::Server(config) => Postgres::prepare(config, &tables).await,
        }
        .unwrap()
    }

    /// Changes the database from outside.
    pub(crate) async fn execute(&self, sql: &str) {
        match self {
            Self::File(_) => self.connection().execute_batch(sql).unwrap(),
            Self::Server(config) => connect(config).await.batch_execute(sql).await.unwrap(),
        }
    }

    /// A number that the database answers with.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        match self {
            Self::File(_) => {
                let number = self.connection().query_row(sql, [], |row| row.get(0));
                number.unwrap()
            }
            Self::Server(config) => {
                let row = connect(config).await.query_one(sql, &[]).await;
                row.unwrap().get(0)
            }
        }
    }

    fn connection(&self) -> Connection {
        Connection::open(self.path()).unwrap()
    }
}

/// A compressed table.
pub(crate) fn table<'a>(name: &'a str, gzip: &'a [u8], rows: u64) -> Table<'a> {
    Table { name, gzip, rows }
}

/// The text, compressed as the tables of the demo are.
pub(crate) fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}
