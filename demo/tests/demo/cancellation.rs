//! A query that nobody waits for stops, and its connection comes back.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use demo::db::{Postgres, Query, Result, Row, Store};
use futures_util::FutureExt;
use tokio::sync::oneshot;
use tokio::task::yield_now;
use tokio::time::timeout;

use crate::cluster::connect;
use crate::stores::flights;
use crate::support::sqlite_over;

/// Counts for ever.
const ENDLESS: &str = "
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 0 FROM n)
    SELECT count(*) FROM n";

/// Fails a test that would otherwise hang.
const PATIENCE: Duration = Duration::from_secs(30);

async fn read(store: &impl Store, sql: &'static str) -> Result<Vec<Row>> {
    store.read(Query::new(sql, Vec::new())).await
}

/// A store on the server of the tests, with one connection that reads.
async fn postgres() -> Option<Postgres> {
    let config = flights::shared().await?.config(flights::NAME);
    Some(Postgres::new(&config, 1))
}

#[tokio::test]
async fn a_dropped_query_stops_and_returns_its_connection() {
    let store = sqlite_over(1);
    let (started, has_started) = oneshot::channel();
    let (ended, has_ended) = oneshot::channel();
    let endless = store.query(move |connection| {
        started.send(()).unwrap();
        let result = connection.query_row(ENDLESS, [], |row| row.get::<_, i64>(0));
        ended.send(result.unwrap_err().to_string()).unwrap();
        Ok(())
    });
    tokio::select! {
        biased;
        _ = endless => panic!("an endless query ended"),
        started = has_started => started.unwrap(),
    }
    // The future was dropped at the end of `select!`.
    let error = timeout(PATIENCE, has_ended).await.unwrap().unwrap();
    assert_eq!(error, "interrupted");

    let answer = timeout(PATIENCE, read(&store, "SELECT 42 AS n")).await;
    assert_eq!(answer.unwrap().unwrap()[0].get::<u8>("n").unwrap(), 42);
    assert_eq!(store.idle_connections(), 1);
}

#[tokio::test]
async fn a_dropped_query_stops_on_the_server_too() {
    let Some(store) = postgres().await else {
        return;
    };
    let watcher = connect(&flights::shared().await.unwrap().config(flights::NAME)).await;
    let process = "SELECT pg_backend_pid() AS process";
    let before = read(&store, process).await.unwrap();
    let pid: i32 = before[0].get("process").unwrap();
    let is_running = async |running| {
        let state = "SELECT state = 'active' FROM pg_stat_activity WHERE pid = $1";
        while watcher
            .query_one(state, &[&pid])
            .await
            .unwrap()
            .get::<_, bool>(0)
            != running
        {
            yield_now().await;
        }
    };
    tokio::select! {
        biased;
        _ = read(&store, ENDLESS) => panic!("an endless query ended"),
        running = timeout(PATIENCE, is_running(true)) => running.unwrap(),
    }
    timeout(PATIENCE, is_running(false)).await.unwrap();

    // The connection is the same, and in its place again.
    let after = timeout(PATIENCE, read(&store, process)).await.unwrap();
    assert_eq!(after.unwrap(), before);
    assert_eq!(store.idle_connections(), 1);
}

#[tokio::test]
async fn a_stop_that_comes_late_hits_no_other_query() {
    let Some(store) = postgres().await else {
        return;
    };
    for polls in 0..100 {
        let mut dropped = store.read(Query::new("SELECT count(*) FROM planes", Vec::new()));
        for _ in 0..polls {
            if dropped.as_mut().now_or_never().is_some() {
                break;
            }
            yield_now().await;
        }
        drop(dropped);
        read(&store, "SELECT count(*) FROM airports").await.unwrap();
    }
}

#[tokio::test]
async fn a_connection_that_the_server_ended_is_opened_anew() {
    let Some(store) = postgres().await else {
        return;
    };
    let end = "SELECT pg_terminate_backend(pg_backend_pid())";
    read(&store, end).await.unwrap_err();
    read(&store, "SELECT 1").await.unwrap();
}

#[tokio::test]
async fn a_query_that_is_dropped_while_it_queues_takes_no_connection() {
    let store = std::sync::Arc::new(sqlite_over(1));
    let (release, released) = std::sync::mpsc::channel::<()>();
    let first = tokio::spawn({
        let store = store.clone();
        async move {
            let hold = store.query(move |_| {
                released.recv().unwrap();
                Ok(())
            });
            hold.await
        }
    });
    while store.idle_connections() > 0 {
        yield_now().await;
    }
    assert!(store.query(|_| Ok(())).now_or_never().is_none());
    release.send(()).unwrap();
    first.await.unwrap().unwrap();
    assert_eq!(store.query(|_| Ok("served")).await, Ok("served"));
}

#[tokio::test]
async fn a_query_that_panics_returns_its_connection() {
    let store = sqlite_over(1);
    let panics = store.query::<(), _>(|_| panic!("on purpose"));
    assert!(AssertUnwindSafe(panics).catch_unwind().await.is_err());
    assert_eq!(store.query(|_| Ok("served")).await, Ok("served"));
}
