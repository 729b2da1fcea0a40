//! A PostgreSQL server for the tests of this binary, with a folder of its own.
//!
//! Where PostgreSQL is not installed, the tests that need it say so and pass.

use std::io::{self, Write};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Config, NoTls};

/// A running server.
pub(crate) struct Cluster(demo_cluster::Cluster);

impl Cluster {
    /// The server of this test binary, if PostgreSQL is installed.
    pub(crate) fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
        let start = || {
            let programs = demo_cluster::find();
            if programs.is_none() {
                // Not by `eprintln!`, which is not shown for a test that passes.
                let notice = b"PostgreSQL is not installed: what needs it is not tested\n";
                io::stderr().write_all(notice).unwrap();
            }
            let settings = ["full_page_writes=off"];
            programs.map(|programs| {
                let started = demo_cluster::Cluster::start(&programs, &settings, Command::spawn);
                Self(started.unwrap())
            })
        };
        SHARED.get_or_init(start).as_ref()
    }

    /// A database of this name.
    pub(crate) fn config(&self, database: &str) -> Config {
        let mut config = Config::new();
        config
            .host_path(self.0.folder())
            .user("demo")
            .dbname(database);
        config
    }

    /// The address of a database of this name.
    pub(crate) fn address(&self, database: &str) -> String {
        self.0.address(database)
    }

    /// Makes an empty database.
    pub(crate) async fn create(&self) -> Config {
        self.copy("template1").await
    }

    /// Makes a database like another, to which nobody is connected.
    pub(crate) async fn copy(&self, template: &str) -> Config {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
        let client = connect(&self.config("postgres")).await;
        client.batch_execute(&create).await.unwrap();
        self.config(&name)
    }
}

/// Opens a connection beside those of a store.
pub(crate) async fn connect(config: &Config) -> tokio_postgres::Client {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}
