//! Who polls what: only what was woken, and nothing once the response is dropped.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};

use anabranch_boundaries::{Boundary, Error, Result, boundary, share};
use anabranch_engine::{PageBody, Settings};
use futures_util::FutureExt;
use http_body::Body;
use maud::html;
use tokio::runtime::Handle;

use crate::support::{gate, open, open_with, visit, whole_visit};

/// A future that counts its polls.
struct Counted<F> {
    polls: Arc<AtomicUsize>,
    inner: Pin<Box<F>>,
}

impl<F: Future> Future for Counted<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.polls.fetch_add(1, Ordering::SeqCst);
        self.inner.as_mut().poll(cx)
    }
}

fn counted<F: Future>(inner: F) -> (Arc<AtomicUsize>, Counted<F>) {
    let polls = Arc::new(AtomicUsize::new(0));
    let inner = Box::pin(inner);
    (polls.clone(), Counted { polls, inner })
}

#[tokio::test]
async fn a_component_is_polled_only_when_its_own_waker_woke_it() {
    let ((a, wait_a), (b, wait_b), (p, wait_page)) = (gate(), gate(), gate());
    let (polls_a, a_work) = counted(async {
        wait_a.await?;
        Ok(html! {})
    });
    let (polls_b, b_work) = counted(async {
        wait_b.await?;
        Ok(html! {})
    });
    let (polls_page, page) = counted(async {
        let boundaries = html! { (boundary(a_work)) (boundary(b_work)) };
        wait_page.await?;
        Ok(boundaries)
    });
    let mut opening = Box::pin(open(page));
    for _ in 0..3 {
        assert!(opening.as_mut().now_or_never().is_none());
    }
    assert_eq!(polls_page.load(Ordering::SeqCst), 1);
    p.open();
    let mut page = opening.await;
    page.frame().await;
    for _ in 0..3 {
        assert!(page.is_waiting());
    }
    a.open();
    page.frame().await;
    for _ in 0..3 {
        assert!(page.is_waiting());
    }
    b.open();
    page.rest().await;
    let polls = [polls_page, polls_a, polls_b].map(|polls| polls.load(Ordering::SeqCst));
    assert_eq!(polls, [2, 2, 2]);
}

#[tokio::test]
async fn dropping_the_response_drops_every_component_at_once() {
    let gates: Vec<_> = (0..4).map(|_| gate()).collect();
    let (gates, mut waits): (Vec<_>, Vec<_>) = gates.into_iter().unzip();
    let shared = waits.pop().unwrap();
    let mut page = open(async {
        let shared = share(shared);
        Ok(html! {
            (boundary(async { shared.await?; Ok(html! {}) }))
            @for wait in waits {
                (boundary(async { wait.await?; Ok(html! {}) }))
            }
        })
    })
    .await;
    page.frame().await;
    assert!(page.is_waiting());
    drop(page);
    assert!(gates.iter().all(|gate| gate.is_abandoned()));
}

#[tokio::test]
async fn dropping_before_the_commit_point_drops_every_component_at_once() {
    let ((page_gate, wait_page), (a, wait_a)) = (gate(), gate());
    let mut opening = Box::pin(open_with(whole_visit(), async {
        let boundary = html! { (boundary(async { wait_a.await?; Ok(html! {}) })) };
        wait_page.await?;
        Ok(boundary)
    }));
    assert!(opening.as_mut().now_or_never().is_none());
    drop(opening);
    assert!(page_gate.is_abandoned() && a.is_abandoned());
}

#[tokio::test]
async fn no_task_outlives_the_response_but_the_clock() {
    let (gates, mut waits): (Vec<_>, Vec<_>) = (0..3).map(|_| gate()).unzip();
    let mut gates = gates.into_iter();
    let mut page = open(async move {
        Ok(html! {
            @for wait in waits.drain(..) {
                (boundary(async { wait.await?; Ok(html! {}) }))
            }
        })
    })
    .await;
    // A stand-in is called in while nobody has polled the body, and one after its first frame.
    gates.next().unwrap().open();
    all_tasks_ran().await;
    page.raw().await.unwrap();
    gates.next().unwrap().open();
    all_tasks_ran().await;
    drop(page);
    all_tasks_ran().await;
    assert_eq!(Handle::current().metrics().num_alive_tasks(), 1);
}

async fn all_tasks_ran() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn dropping_the_response_ends_the_task_of_a_spawned_boundary() {
    let (mut gate, wait) = tokio::sync::oneshot::channel::<()>();
    let mut page =
        open(async { Ok(html! { (boundary(async { wait.await?; Ok(html! {}) }).spawn()) }) }).await;
    page.frame().await;
    drop(page);
    gate.closed().await;
}

#[tokio::test]
async fn who_asked_last_is_woken() {
    #[derive(Default)]
    struct Counts(AtomicUsize);
    impl Wake for Counts {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let (a, wait_a) = gate();
    let mut page =
        open(async { Ok(html! { (boundary(async { wait_a.await?; Ok(html! { b {} }) })) }) }).await;
    page.frame().await;
    let askers: [Arc<Counts>; 3] = Default::default();
    for asker in &askers {
        let waker = Waker::from(asker.clone());
        let polled = Pin::new(&mut page.body).poll_frame(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
    }
    a.open();
    let woken = askers.map(|asker| asker.0.load(Ordering::SeqCst));
    assert_eq!(woken, [0, 0, 1]);
    assert!(page.frame().await.contains("<b></b>"));
    page.end().await;
}

/// What a waker drops may hold an alarm of the clock that rings.
#[tokio::test(start_paused = true)]
async fn an_alarm_may_drop_the_response_it_wakes() {
    struct Drops(Mutex<Option<PageBody>>);
    impl Wake for Drops {
        fn wake(self: Arc<Self>) {
            drop(self.0.lock().unwrap().take());
        }
    }
    let (mut gate, wait) = tokio::sync::oneshot::channel::<()>();
    let mut page =
        open(async { Ok(html! { (boundary(async { wait.await?; Ok(html! {}) })) }) }).await;
    page.frame().await;
    let drops = Arc::new(Drops(Mutex::new(None)));
    let waker = Waker::from(drops.clone());
    let mut body = page.body;
    let polled = Pin::new(&mut body).poll_frame(&mut Context::from_waker(&waker));
    assert!(polled.is_pending());
    *drops.0.lock().unwrap() = Some(body);
    gate.closed().await;
}

#[tokio::test]
async fn dropping_a_response_that_is_not_read_drops_its_components() {
    let ((a, wait_a), (mut b, wait_b)) = (gate(), tokio::sync::oneshot::channel::<()>());
    let mut page = open(async {
        Ok(html! {
            (boundary(async { wait_a.await?; Ok(html! {}) }))
            (boundary(async { wait_b.await?; Ok(html! {}) }))
        })
    })
    .await;
    page.frame().await;
    a.open();
    tokio::task::yield_now().await;
    drop(page);
    b.closed().await;
}

#[tokio::test]
async fn too_much_unsent_content_holds_back_new_boundaries() {
    let (a, wait_a) = gate();
    let (polls, inner) = counted(async { Ok(html! { "inner" }) });
    let (done, finished) = tokio::sync::oneshot::channel();
    let visit = visit(Settings::new().max_unsent(10));
    let mut page = open_with(visit, async {
        Ok(html! {
            (boundary(async {
                wait_a.await?;
                Ok(html! { "more than ten bytes" })
            }))
            (boundary(async {
                tokio::task::yield_now().await;
                let inner = html! { (boundary(inner)) };
                let _ = done.send(());
                tokio::task::yield_now().await;
                tokio::task::yield_now().await;
                Ok(inner)
            }))
        })
    })
    .await;
    page.frame().await;
    a.open();
    finished.await.unwrap();
    tokio::task::yield_now().await;
    assert_eq!(polls.load(Ordering::SeqCst), 0);
    assert!(page.rest().await.concat().contains("inner"));
    assert_eq!(polls.load(Ordering::SeqCst), 1);
}

/// The length of a patch of [`ten_bytes`].
const PATCH: usize = r#"<template for="0">[00000000]</template>"#.len();

/// A boundary that is ready at its first poll, with ten bytes of content.
fn ten_bytes(polls: &Arc<AtomicUsize>) -> Boundary {
    let polls = polls.clone();
    boundary(async move {
        let at = polls.fetch_add(1, Ordering::SeqCst);
        Ok(html! { (format!("[{at:08}]")) })
    })
}

#[tokio::test]
async fn what_is_rendered_together_starts_while_there_is_room() {
    let (a, wait_a) = gate();
    let polls = Arc::<AtomicUsize>::default();
    let work = polls.clone();
    let mut page = open_with(visit(Settings::new().max_unsent(3 * PATCH + 1)), async {
        Ok(html! {
            (boundary(async move {
                wait_a.await?;
                Ok(html! { @for _ in 0..100 { (ten_bytes(&work)) } })
            }))
        })
    })
    .await;
    page.frame().await;
    a.open();
    // The outer one's content is longer than the limit, so that it is the first to be sent.
    page.frame().await;
    assert_eq!(polls.load(Ordering::SeqCst), 0);
    // Each frame makes room for as many as it takes.
    for frame in 1..=3 {
        let content = page.frame().await;
        assert_eq!(content.matches('[').count(), 4, "{content}");
        assert_eq!(polls.load(Ordering::SeqCst), 4 * frame);
    }
    let rest = page.rest().await.concat();
    assert_eq!(rest.matches('[').count(), 88);
    assert_eq!(polls.load(Ordering::SeqCst), 100);
}

#[tokio::test]
async fn what_was_held_back_starts_in_order_while_there_is_room() {
    let ((a, wait_a), (b, wait_b)) = (gate(), gate());
    let polls = Arc::<AtomicUsize>::default();
    let work = polls.clone();
    let mut page = open_with(visit(Settings::new().max_unsent(3 * PATCH + 1)), async {
        Ok(html! {
            (boundary(async move {
                wait_a.await?;
                Ok(html! { ("as long as it takes to hold back all others".repeat(3)) })
            }))
            (boundary(async move {
                wait_b.await?;
                Ok(html! { @for _ in 0..20 { (ten_bytes(&work)) } })
            }))
        })
    })
    .await;
    page.frame().await;
    a.open();
    b.open();
    // Both are complete; what the second has rendered waits.
    page.frame().await;
    assert_eq!(polls.load(Ordering::SeqCst), 0);
    let content = page.frame().await;
    for at in 0..4 {
        assert!(content.contains(&format!(">[{at:08}]<")), "{content}");
    }
    assert_eq!(polls.load(Ordering::SeqCst), 4);
    drop(page);
}

#[tokio::test]
async fn what_is_held_back_is_dropped_with_its_parent() {
    let ((a, wait_a), (b, wait_b), (inner, wait_inner)) = (gate(), gate(), gate());
    let mut page = open_with(visit(Settings::new().max_unsent(10)), async {
        Ok(html! {
            (boundary(async move {
                wait_a.await?;
                Ok(html! { "more than ten bytes" })
            }))
            (boundary(async move {
                wait_b.await?;
                let _held_back = html! {
                    (boundary(async { wait_inner.await?; Ok(html! {}) }))
                };
                tokio::task::yield_now().await;
                Err(Error::msg("after it has rendered a boundary"))
            }))
            (boundary(std::future::pending()))
        })
    })
    .await;
    page.frame().await;
    a.open();
    b.open();
    // Nobody polls the body, so nothing makes room: the stand-in drives.
    while !inner.is_abandoned() {
        tokio::task::yield_now().await;
    }
    assert!(page.frame().await.contains("could not be loaded"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn components_may_be_woken_from_any_thread() {
    const BOUNDARIES: usize = 200;
    let shared = share(async {
        tokio::task::yield_now().await;
        Ok::<_, Error>(())
    });
    let mut page = open(async move {
        Ok(html! {
            @for at in 0..BOUNDARIES {
                (boundary({
                    let shared = shared.clone();
                    async move {
                        tokio::spawn(async { tokio::task::yield_now().await }).await?;
                        shared.await?;
                        Ok(html! { i { (at) } })
                    }
                }))
            }
        })
    })
    .await;
    let all = page.rest().await.concat();
    assert_eq!(all.matches("<i>").count(), BOUNDARIES);
    assert_eq!(
        all.matches("<template").count(),
        all.matches("<?start").count()
    );
}

#[tokio::test]
async fn a_component_that_wakes_itself_for_ever_starves_nobody() {
    async fn restless() -> Result {
        std::future::poll_fn(|cx| {
            cx.waker().wake_by_ref();
            Poll::<Result>::Pending
        })
        .await
    }
    let (gate, wait) = gate();
    let mut page = open(async {
        Ok(html! {
            (boundary(restless()))
            (boundary(restless()))
            (boundary(async { wait.await?; Ok(html! { "calm" }) }))
        })
    })
    .await;
    page.frame().await;
    assert!(page.is_waiting());
    gate.open();
    assert_eq!(page.frame().await, "<template for=\"2\">calm</template>");
}
