//! Work that the files of one request share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anabranch_boundaries::{Error, Head, Result, Shared, not_found};
use anabranch_router::app::{Answer, Children, Leaf, PageHead, RequestCache, Routes, Visit};
use axum::extract::State;
use futures_util::FutureExt as _;
use maud::html;

use crate::support::read;

type Count = Arc<AtomicU32>;

fn query(cache: &RequestCache, count: Count, key: u8) -> Shared<u32> {
    cache.share(key, || async move {
        tokio::task::yield_now().await;
        Ok::<_, Error>(count.fetch_add(1, Ordering::SeqCst) + 1)
    })
}

async fn page(mut visit: Visit<Count>) -> Answer {
    async fn layout(
        children: Children,
        head: PageHead,
        State(count): State<Count>,
        cache: RequestCache,
    ) -> Result {
        let known = query(&cache, count, 1).await?;
        Ok(html! { (head.await?) (known) "(" (children.await?) ")" })
    }
    async fn head(State(count): State<Count>, cache: RequestCache) -> Result<Head> {
        Ok(Head::title(query(&cache, count, 1).await?.to_string()))
    }
    async fn render(State(count): State<Count>, cache: RequestCache) -> Result {
        Ok(html! { (query(&cache, count.clone(), 1).await?) "," (query(&cache, count, 2).await?) })
    }
    let layout = visit.layout(0, layout).await?;
    let head = visit.head(0, head).await?;
    let page = visit.page(0, render).await?;
    let content = visit.headed(head, page);
    let content = visit.under(layout, content);
    visit.answer(content).await
}

#[tokio::test]
async fn one_request_asks_once_and_the_next_one_anew() {
    let routes = Routes::new().route("/", Leaf::new().page(page));
    let app = routes.into_router().with_state(Count::default());
    let first = "<title>1</title>1(1,2)".to_owned();
    assert_eq!(read(&app, "/").await, (200, first));
    let second = "<title>3</title>3(3,4)".to_owned();
    assert_eq!(read(&app, "/").await, (200, second));
}

/// Work of one key may ask for another, so it may hold the cache.
#[tokio::test]
async fn unfinished_work_goes_with_the_last_who_awaits_it() {
    for was_polled in [false, true] {
        let cache = RequestCache::default();
        let held = Arc::new(());
        let (own, inside) = (cache.clone(), held.clone());
        let mut asked = cache.share("user", || async move {
            let _held = inside;
            let _session = own.share("session", || async { Ok::<_, Error>(1) }).await?;
            std::future::pending::<Result<u8, Error>>().await
        });
        if was_polled {
            assert!((&mut asked).now_or_never().is_none());
        }
        drop(asked);
        assert_eq!(Arc::strong_count(&held), 1, "polled: {was_polled}");
        let anew = cache.share("user", || async { Ok::<u8, Error>(7) });
        assert_eq!(*anew.await.unwrap(), 7);
    }
}

#[tokio::test]
async fn what_came_of_work_stays_though_nobody_has_it() {
    let cache = RequestCache::default();
    let runs = Count::default();
    let failing = |count: Count| {
        cache.share("fails", || async move {
            count.fetch_add(1, Ordering::SeqCst);
            Err::<u8, _>(not_found())
        })
    };
    for _ in 0..2 {
        assert!(failing(runs.clone()).await.unwrap_err().is_not_found());
        assert!(
            query(&cache, Count::default(), 1)
                .await
                .is_ok_and(|it| *it == 1)
        );
    }
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    async fn panics() -> Result<u8, Error> {
        panic!("work that panics, on purpose")
    }
    let once = cache.share("panics", panics);
    let id = once.await.unwrap_err().id();
    let again = cache.share("panics", async || Ok::<u8, Error>(0));
    assert_eq!(again.await.unwrap_err().id(), id);
}
