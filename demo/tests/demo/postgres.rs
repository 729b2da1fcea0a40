//! A database on a server is filled once, found again, and filled anew for other tables.

use demo::db::{Fault, Postgres, Prepared, Table};
use futures_util::future::join_all;

use crate::cluster::{Cluster, connect};
use crate::small::{Small, gzip, table};

const AIRLINES: &str = "carrier,name\nAA,American\nB6,JetBlue\n";

fn airlines(gzip: &[u8]) -> [Table<'_>; 1] {
    [table("airlines", gzip, 2)]
}

#[tokio::test]
async fn of_many_starts_at_once_one_fills_the_database() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let config = cluster.create().await;
    let gzip = gzip(AIRLINES);
    let tables = airlines(&gzip);
    let starts = (0..8).map(|_| Postgres::prepare(&config, &tables));
    let outcomes = join_all(starts).await;
    let outcomes: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
    let count = |prepared| outcomes.iter().filter(|one| **one == prepared).count();
    assert_eq!((count(Prepared::Created), count(Prepared::Found)), (1, 7));
}

#[tokio::test]
async fn what_people_wrote_stays_when_the_flights_are_imported_anew() {
    let Some(small) = Small::on_server().await else {
        return;
    };
    assert_eq!(small.prepare().await, Prepared::Found);
    small
        .execute(
            "INSERT INTO notes (flight, kind, text, author, written)
             SELECT 2, 'other', 'keep me', name, 0 FROM users;
             UPDATE flights SET distance = 1;
             UPDATE imported SET fingerprint = 1",
        )
        .await;
    assert_eq!(small.prepare().await, Prepared::Rebuilt(Fault::Outdated));
    assert_eq!(small.prepare().await, Prepared::Found);
    let flight = "SELECT sum(distance) FROM notes JOIN flights ON flights.id = notes.flight";
    assert_eq!(small.number(flight).await, 1_089);
    assert_eq!(small.number("SELECT count(*) FROM flights").await, 3);
    assert_eq!(small.number("SELECT count(*) FROM keys").await, 1);
}

#[tokio::test]
async fn damaged_tables_leave_a_database_as_it_was() {
    let Some(cluster) = Cluster::shared() else {
        return;
    };
    let config = cluster.create().await;
    let mut wrong_checksum = gzip(AIRLINES);
    let checksum = wrong_checksum.len() - 8;
    wrong_checksum[checksum] ^= 1;
    let prepared = Postgres::prepare(&config, &airlines(&wrong_checksum)).await;
    assert!(prepared.is_err());

    let row_too_few = gzip("carrier,name\nAA,American\n");
    let error = Postgres::prepare(&config, &airlines(&row_too_few)).await;
    assert_eq!(
        error.unwrap_err().to_string(),
        "table airlines has 1 rows instead of 2"
    );
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    let row = connect(&config).await.query_one(tables, &[]).await;
    assert_eq!(row.unwrap().get::<_, i64>(0), 0);
}
