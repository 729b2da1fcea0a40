//! The compressed tables that are part of the program.

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
    pub(super) fn trailer(&self) -> &[u8] {
        &self.gzip[self.gzip.len().saturating_sub(8)..]
    }
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
