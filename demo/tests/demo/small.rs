//! A database of three flights, of which each test has a copy of its own to write into.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::sync::OnceLock;

use demo::db::{Db, Table, prepare};
use flate2::Compression;
use flate2::write::GzEncoder;
use rusqlite::Connection;
use tempfile::TempDir;

const AIRLINES: &str = "carrier,name\nAA,American Airlines Inc.\nUA,United Air Lines Inc.\n";

const FLIGHTS: &str = "\
year,month,day,dep_time,sched_dep_time,dep_delay,arr_time,sched_arr_time,arr_delay,carrier,flight,tailnum,origin,dest,air_time,distance,hour,minute,time_hour
2013,7,4,535,536,-1,802,806,-4,UA,1106,N87527,EWR,IAH,185,1400,5,36,2013-07-04T09:00:00Z
2013,7,4,538,540,-2,835,840,-5,AA,701,N5DYAA,JFK,MIA,146,1089,5,40,2013-07-04T09:00:00Z
2013,7,5,NA,1500,NA,NA,1825,NA,AA,791,N3EHAA,LGA,DFW,NA,1389,15,0,2013-07-05T19:00:00Z
";

/// A database that is deleted with this.
pub(crate) struct Small {
    folder: TempDir,
}

impl Small {
    pub(crate) fn new() -> Self {
        static TEMPLATE: OnceLock<Small> = OnceLock::new();
        let template = TEMPLATE.get_or_init(|| {
            let small = Self::empty();
            prepare(&small.path(), &tables(&gzip(AIRLINES), &gzip(FLIGHTS))).unwrap();
            // To make the account takes longer than all the rest, so it is made once.
            small.db();
            // All of it into the file that is copied.
            small.number("PRAGMA wal_checkpoint(TRUNCATE)");
            small
        });
        let small = Self::empty();
        fs::copy(template.path(), small.path()).unwrap();
        small
    }

    fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("flights.sqlite")
    }

    pub(crate) fn db(&self) -> Db {
        Db::connect(&self.path(), 2).unwrap()
    }

    /// Prepares the database again after somebody has tampered with it.
    pub(crate) fn prepare(&self) -> demo::db::Prepared {
        prepare(&self.path(), &tables(&gzip(AIRLINES), &gzip(FLIGHTS))).unwrap()
    }

    /// Changes the database from outside.
    pub(crate) fn execute(&self, sql: &str) {
        let connection = Connection::open(self.path()).unwrap();
        connection.execute_batch(sql).unwrap();
    }

    /// A number that the database answers with.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        let connection = Connection::open(self.path()).unwrap();
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

fn tables<'a>(airlines: &'a [u8], flights: &'a [u8]) -> [Table<'a>; 2] {
    let table = |name, gzip, rows| Table { name, gzip, rows };
    [table("airlines", airlines, 2), table("flights", flights, 3)]
}

/// The text, compressed as the tables of the demo are.
pub(crate) fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}
