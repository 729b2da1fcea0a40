//! The SQLite file is built once, found again, and rebuilt when it cannot be trusted.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use demo::db::{Fault, Prepared, Sqlite, Table};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::small::{Small, gzip, table};

const AIRLINES: &str = "carrier,name\nAA,American\nB6,JetBlue\n";

fn airlines(gzip: &[u8]) -> [Table<'_>; 1] {
    [table("airlines", gzip, 2)]
}

/// A folder with a finished file in it.
fn finished() -> (TempDir, PathBuf, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/flights.sqlite");
    let gzip = gzip(AIRLINES);
    assert_eq!(
        Sqlite::prepare(&path, &airlines(&gzip)).unwrap(),
        Prepared::Created
    );
    (folder, path, gzip)
}

fn names(path: &Path) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let mut statement = connection
        .prepare("SELECT name FROM airlines ORDER BY name")
        .unwrap();
    let names = statement.query_map([], |row| row.get(0)).unwrap();
    names.collect::<Result<_, _>>().unwrap()
}

/// Prepares again after `path` was tampered with, and checks what it holds then.
fn rebuilt(path: &Path, gzip: &[u8]) -> Fault {
    let Prepared::Rebuilt(fault) = Sqlite::prepare(path, &airlines(gzip)).unwrap() else {
        panic!("the file was not rebuilt");
    };
    assert_eq!(names(path), ["American", "JetBlue"]);
    assert_eq!(
        Sqlite::prepare(path, &airlines(gzip)).unwrap(),
        Prepared::Found
    );
    fault
}

#[test]
fn a_finished_file_is_found_again() {
    let (_folder, path, gzip) = finished();
    let built = fs::metadata(&path).unwrap().modified().unwrap();
    assert_eq!(
        Sqlite::prepare(&path, &airlines(&gzip)).unwrap(),
        Prepared::Found
    );
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), built);
}

#[test]
fn a_truncated_file_is_rebuilt() {
    let (_folder, path, gzip) = finished();
    let length = fs::metadata(&path).unwrap().len();
    let file = fs::File::options().write(true).open(&path).unwrap();
    file.set_len(length / 2).unwrap();
    assert!(matches!(rebuilt(&path, &gzip), Fault::Damaged(_)));
}

#[test]
fn a_file_with_a_broken_page_is_rebuilt() {
    let (_folder, path, gzip) = finished();
    let mut bytes = fs::read(&path).unwrap();
    // The first page holds the header; the tables begin with the second.
    bytes[4_096..8_192].fill(0xA5);
    fs::write(&path, bytes).unwrap();
    assert!(matches!(rebuilt(&path, &gzip), Fault::Damaged(_)));
}

#[test]
fn a_file_that_lacks_rows_is_rebuilt() {
    let (_folder, path, gzip) = finished();
    let connection = Connection::open(&path).unwrap();
    connection
        .execute("DELETE FROM airlines WHERE carrier = 'AA'", [])
        .unwrap();
    connection.close().unwrap();
    assert_eq!(
        rebuilt(&path, &gzip),
        Fault::Incomplete("airlines".to_owned())
    );
}

#[test]
fn a_file_of_other_tables_is_rebuilt() {
    let (_folder, path, _) = finished();
    let other = gzip("carrier,name\nUA,United\nVX,Virgin\n");
    let prepared = Sqlite::prepare(&path, &airlines(&other)).unwrap();
    assert_eq!(prepared, Prepared::Rebuilt(Fault::Outdated));
    assert_eq!(names(&path), ["United", "Virgin"]);
}

#[test]
fn a_database_of_another_program_is_kept_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flights.sqlite");
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch("CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine')")
        .unwrap();
    connection.close().unwrap();

    assert_eq!(rebuilt(&path, &gzip(AIRLINES)), Fault::Foreign);
    let kept = Connection::open(folder.path().join("flights.sqlite-kept")).unwrap();
    let note: String = kept
        .query_row("SELECT text FROM notes", [], |row| row.get(0))
        .unwrap();
    assert_eq!(note, "mine");
}

#[test]
fn a_file_that_is_no_database_is_kept_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flights.sqlite");
    fs::write(&path, "Dear diary, ".repeat(100)).unwrap();
    assert_eq!(rebuilt(&path, &gzip(AIRLINES)), Fault::Foreign);
    let kept = fs::read_to_string(folder.path().join("flights.sqlite-kept")).unwrap();
    assert!(kept.starts_with("Dear diary"));
}

#[test]
fn each_file_that_is_kept_has_a_name_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(format!("flights.sqlite{name}"));
    let read = |name: &str| fs::read_to_string(file(name)).unwrap();
    let gzip = gzip(AIRLINES);
    // Logs without their file would be replayed into the one that takes their name.
    fs::write(file("-kept-3-wal"), "third").unwrap();
    fs::write(file("-kept-4-shm"), "fourth").unwrap();
    let kept = ["-kept", "-kept-2", "-kept-5"];
    for name in kept {
        fs::write(file(""), format!("was {name}")).unwrap();
        assert_eq!(rebuilt(&file(""), &gzip), Fault::Foreign);
    }
    for name in kept {
        assert_eq!(read(name), format!("was {name}"));
    }
    assert_eq!(read("-kept-3-wal"), "third");
    assert_eq!(read("-kept-4-shm"), "fourth");
}

#[test]
fn what_a_killed_import_left_is_no_obstacle() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flights.sqlite");
    fs::write(folder.path().join("flights.sqlite-partial"), "half").unwrap();
    let gzip = gzip(AIRLINES);
    assert_eq!(
        Sqlite::prepare(&path, &airlines(&gzip)).unwrap(),
        Prepared::Created
    );
    assert_eq!(names(&path), ["American", "JetBlue"]);
}

#[test]
fn damaged_tables_do_not_become_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flights.sqlite");
    let mut wrong_checksum = gzip(AIRLINES);
    let checksum = wrong_checksum.len() - 8;
    wrong_checksum[checksum] ^= 1;
    assert!(Sqlite::prepare(&path, &airlines(&wrong_checksum)).is_err());

    let row_too_few = gzip("carrier,name\nAA,American\n");
    let error = Sqlite::prepare(&path, &airlines(&row_too_few)).unwrap_err();
    assert_eq!(error.to_string(), "table airlines has 1 rows instead of 2");
    assert!(!path.exists());
}

#[test]
fn of_many_starts_at_once_one_builds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flights.sqlite");
    let gzip = gzip(AIRLINES);
    let outcomes: Vec<_> = thread::scope(|scope| {
        let starts: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| Sqlite::prepare(&path, &airlines(&gzip)).unwrap()))
            .collect();
        starts
            .into_iter()
            .map(|start| start.join().unwrap())
            .collect()
    });
    let created = outcomes.iter().filter(|one| **one == Prepared::Created);
    assert_eq!(created.count(), 1);
    assert!(outcomes.contains(&Prepared::Found));
    assert_eq!(names(&path), ["American", "JetBlue"]);
}

/// What people wrote, as a test that follows it from file to file.
async fn with_a_note() -> Small {
    let small = Small::new().await;
    small
        .execute(
            "INSERT INTO notes (flight, kind, text, author, written)
         SELECT 1, 'other', 'keep me', name, 0 FROM users;
         INSERT INTO sessions SELECT x'00', name, 0 FROM users;
         INSERT INTO keys VALUES ('test', x'01');",
        )
        .await;
    small
}

const WRITTEN: &str = "
    SELECT (SELECT count(*) FROM notes WHERE text = 'keep me') * 1000
         + (SELECT count(*) FROM users) * 100
         + (SELECT count(*) FROM sessions) * 10
         + (SELECT count(*) FROM keys WHERE name = 'test')";

#[tokio::test]
async fn what_people_wrote_moves_to_a_file_that_is_built_anew() {
    let small = with_a_note().await;
    small.execute("PRAGMA user_version = 1").await;
    assert_eq!(small.prepare().await, Prepared::Rebuilt(Fault::Outdated));
    assert_eq!(small.number(WRITTEN).await, 1_111);

    small
        .execute("PRAGMA foreign_keys = OFF; DELETE FROM flights WHERE id = 2")
        .await;
    let incomplete = Fault::Incomplete("flights".to_owned());
    assert_eq!(small.prepare().await, Prepared::Rebuilt(incomplete));
    assert_eq!(small.number(WRITTEN).await, 1_111);
}

#[tokio::test]
async fn what_was_written_last_moves_too() {
    let small = with_a_note().await;
    // While a connection is open, SQLite keeps what was written last in a log beside the file.
    let open = Connection::open(small.path()).unwrap();
    open.execute_batch("UPDATE notes SET text = 'keep me, too'; PRAGMA user_version = 1")
        .unwrap();
    assert_eq!(small.prepare().await, Prepared::Rebuilt(Fault::Outdated));
    drop(open);
    let moved = "SELECT count(*) FROM notes WHERE text = 'keep me, too'";
    assert_eq!(small.number(moved).await, 1);
}

#[tokio::test]
async fn notes_that_cannot_move_are_kept_with_their_file() {
    let small = with_a_note().await;
    small
        .execute("ALTER TABLE notes ADD COLUMN more TEXT; PRAGMA user_version = 1")
        .await;
    assert_eq!(small.prepare().await, Prepared::Rebuilt(Fault::Outdated));
    assert_eq!(small.number("SELECT count(*) FROM notes").await, 0);
    let kept = small.path().with_file_name("flights.sqlite-kept");
    let kept = Connection::open(kept).unwrap();
    let note = kept.query_row("SELECT text FROM notes", [], |row| row.get::<_, String>(0));
    assert_eq!(note.unwrap(), "keep me");
}
