//! Work that the files of one request share.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anabranch_boundaries::{Error, Head, Result, Shared};
use anabranch_router::app::{Answer, Children, Leaf, PageHead, RequestCache, Routes, Visit};
use axum::extract::State;
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
