//! How long a chain of segments takes: as long as its slowest member.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anabranch_boundaries::{Error, Head, Result, millis};
use anabranch_router::app::{Answer, Children, Leaf, PageHead, Routes, Views, Visit};
use maud::html;
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::support::{get, get_whole, tenth};

/// A layout that waits before its children.
async fn early(children: Children) -> Result {
    tenth().await;
    Ok(html! { "(" (children.await?) ")" })
}

/// A layout that waits after its children.
async fn late(children: Children) -> Result {
    let children = children.await?;
    tenth().await;
    Ok(html! { "[" (children) "]" })
}

async fn root(children: Children, head: PageHead) -> Result {
    tenth().await;
    Ok(html! { head { (head.await?) } body { (children.await?) } })
}

async fn title() -> Result<Head> {
    tenth().await;
    Ok(Head::title("chain"))
}

async fn leaf() -> Result {
    tenth().await;
    Ok(html! { "page" })
}

async fn chain(mut visit: Visit<()>) -> Answer {
    let layout_0 = visit.layout(0, root).await?;
    let layout_1 = visit.layout(0, early).await?;
    let layout_2 = visit.layout(0, early).await?;
    let head = visit.head(0, title).await?;
    let page = visit.page(0, leaf).await?;
    let content = visit.headed(head, page);
    let content = visit.under(layout_2, content);
    let content = visit.under(layout_1, content);
    let content = visit.under(layout_0, content);
    visit.answer(content).await
}

#[tokio::test(start_paused = true)]
async fn a_chain_takes_as_long_as_its_slowest_member() {
    let app = Routes::new()
        .route("/", Leaf::new().page(chain))
        .into_router();
    let start = Instant::now();
    let reply = get(&app, "/").await;
    assert_eq!(start.elapsed(), millis(100));
    let expected = "<head><title>chain</title></head><body>((page))</body>";
    assert_eq!(reply.text().await, expected);
}

/// A loading view at every level.
async fn loading_chain(mut visit: Visit<()>) -> Answer {
    let layout_0 = visit.layout(0, root).await?;
    let layout_1 = visit.layout(0, early).await?;
    let layout_2 = visit.layout(0, early).await?;
    let head = visit.head(0, title).await?;
    let page = visit.page(0, leaf).await?;
    let content = visit.headed(head, page);
    let content = visit.loading(|| html! { "…2" }, Views::default(), content);
    let content = visit.under(layout_2, content);
    let content = visit.loading(|| html! { "…1" }, Views::default(), content);
    let content = visit.under(layout_1, content);
    let content = visit.loading(|| html! { "…0" }, Views::default(), content);
    let content = visit.under(layout_0, content);
    visit.answer(content).await
}

#[tokio::test(start_paused = true)]
async fn so_does_one_behind_loading_views() {
    let app = Routes::new()
        .route("/", Leaf::new().page(loading_chain))
        .into_router();
    let start = Instant::now();
    let text = get(&app, "/").await.text().await;
    assert_eq!(start.elapsed(), millis(100));
    let whole = get_whole(&app, "/").await.text().await;
    assert_eq!(start.elapsed(), millis(200));
    assert_eq!(
        whole,
        "<head><title>chain</title></head><body>((page))</body>"
    );
    assert!(text.contains("page"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_layout_may_await_its_children_early_or_late() {
    async fn page(mut visit: Visit<()>) -> Answer {
        let layout_0 = visit.layout(0, late).await?;
        let layout_1 = visit.layout(0, early).await?;
        let page = visit.page(0, leaf).await?;
        let content = visit.under(layout_1, page);
        let content = visit.under(layout_0, content);
        visit.answer(content).await
    }
    let app = Routes::new()
        .route("/", Leaf::new().page(page))
        .into_router();
    let start = Instant::now();
    assert_eq!(get(&app, "/").await.text().await, "[(page)]");
    // The outer layout waits again when it has them, as it says.
    assert_eq!(start.elapsed(), millis(200));
}

/// Says when it is dropped.
struct Dropped(Arc<AtomicBool>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_the_children_cancels_what_is_below() {
    let dropped = Arc::new(AtomicBool::default());
    let (seen, flag) = (dropped.clone(), dropped.clone());
    let page = move |mut visit: Visit<()>| {
        let (seen, flag) = (seen.clone(), flag.clone());
        async move {
            let layout = visit
                .layout(0, |children: Children| async move {
                    tenth().await;
                    assert!(!seen.load(Ordering::SeqCst));
                    drop(children);
                    tokio::task::yield_now().await;
                    assert!(seen.load(Ordering::SeqCst));
                    Ok(html! { "no children" })
                })
                .await?;
            let page = visit
                .page(0, || async move {
                    let _guard = Dropped(flag);
                    std::future::pending::<Result>().await
                })
                .await?;
            let content = visit.under(layout, page);
            visit.answer(content).await
        }
    };
    let app = Routes::new()
        .route("/", Leaf::new().page(page))
        .into_router();
    let start = Instant::now();
    assert_eq!(get(&app, "/").await.text().await, "no children");
    assert_eq!(start.elapsed(), millis(100));
    assert!(dropped.load(Ordering::SeqCst));
}

#[tokio::test(start_paused = true)]
async fn a_failure_below_a_layout_that_has_left_it_is_none() {
    async fn page(mut visit: Visit<()>) -> Answer {
        let layout = visit
            .layout(0, |children: Children| async move {
                drop(children);
                Ok(html! { "no children" })
            })
            .await?;
        let page = visit.page(0, async || Err(Error::msg("unseen"))).await?;
        let views = Views {
            error: Some(|_| html! { "error" }),
            not_found: None,
        };
        let content = visit.catch(views, page);
        let content = visit.under(layout, content);
        visit.answer(content).await
    }
    let app = Routes::new()
        .route("/", Leaf::new().page(page))
        .into_router();
    let reply = get(&app, "/").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.text().await, "no children");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_goes_takes_the_page_along() {
    let dropped = Arc::new(AtomicBool::default());
    let (started, has_started) = oneshot::channel::<()>();
    let started = Arc::new(std::sync::Mutex::new(Some(started)));
    let flag = dropped.clone();
    let page = move |mut visit: Visit<()>| {
        let (started, flag) = (started.clone(), flag.clone());
        async move {
            let layout = visit.layout(0, |children: Children| children).await?;
            let page = visit
                .page(0, move || async move {
                    let _guard = Dropped(flag);
                    drop(started.lock().unwrap().take());
                    std::future::pending::<Result>().await
                })
                .await?;
            let content = visit.under(layout, page);
            visit.answer(content).await
        }
    };
    let app = Routes::new()
        .route("/", Leaf::new().page(page))
        .into_router();
    tokio::select! {
        _ = get(&app, "/") => panic!("it never answers"),
        _ = has_started => {}
    }
    assert!(dropped.load(Ordering::SeqCst));
}

#[tokio::test(start_paused = true)]
async fn children_that_left_their_layout_are_an_error() {
    async fn page(mut visit: Visit<()>) -> Answer {
        let layout = visit
            .layout(0, |children: Children| async move {
                Ok(html! { (anabranch_boundaries::boundary(children)) })
            })
            .await?;
        let page = visit.page(0, leaf).await?;
        let content = visit.under(layout, page);
        visit.answer(content).await
    }
    let app = Routes::new()
        .route("/", Leaf::new().page(page))
        .into_router();
    let text = get(&app, "/").await.text().await;
    assert!(text.contains("could not be loaded"), "{text}");
    assert!(!text.starts_with("page"), "{text}");
}
