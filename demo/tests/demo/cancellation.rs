//! A query that nobody waits for stops, and its connection comes back.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::support::flights_over;

/// Counts for ever.
const ENDLESS: &str = "
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
    SELECT count(*) FROM n";

/// Fails a test that would otherwise hang.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn a_dropped_query_stops_and_returns_its_connection() {
    let db = flights_over(1);
    let (started, has_started) = oneshot::channel();
    let (ended, has_ended) = oneshot::channel();
    let endless = db.query(move |connection| {
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

    let answer = db.query(|connection| connection.query_row("SELECT 42", [], |row| row.get(0)));
    assert_eq!(timeout(PATIENCE, answer).await.unwrap(), Ok(42));
    assert_eq!(db.idle_connections(), 1);
}

#[tokio::test]
async fn a_query_that_is_dropped_while_it_queues_takes_no_connection() {
    let db = flights_over(1);
    let (release, released) = std::sync::mpsc::channel::<()>();
    let first = tokio::spawn({
        let db = db.clone();
        async move {
            let hold = db.query(move |_| {
                released.recv().unwrap();
                Ok(())
            });
            hold.await
        }
    });
    while db.idle_connections() > 0 {
        tokio::task::yield_now().await;
    }
    assert!(db.query(|_| Ok(())).now_or_never().is_none());
    release.send(()).unwrap();
    first.await.unwrap().unwrap();
    assert_eq!(db.query(|_| Ok("served")).await, Ok("served"));
}

#[tokio::test]
async fn a_query_that_panics_returns_its_connection() {
    let db = flights_over(1);
    let panics = db.query::<(), _>(|_| panic!("on purpose"));
    assert!(AssertUnwindSafe(panics).catch_unwind().await.is_err());
    assert_eq!(db.query(|_| Ok("served")).await, Ok("served"));
}
