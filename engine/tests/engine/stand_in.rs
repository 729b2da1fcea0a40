//! The stand-in, which drives a response while the server does not ask for its body.

use std::future::poll_fn;
use std::sync::{Arc, Barrier, Mutex};
use std::task::Poll;
use std::thread::ThreadId;

use anabranch_boundaries::{Result, boundary, secs};
use anabranch_engine::Settings;
use futures_util::StreamExt;
use futures_util::task::AtomicWaker;
use maud::html;
use tokio::time::Instant;

use crate::support::{gate, open, open_with, visit};

/// The server takes the shell and then does not come back, as when the socket is full.
#[tokio::test]
async fn a_client_that_stops_reading_holds_nothing_up() {
    let ((a, wait_a), (b, wait_b)) = (gate(), gate());
    let (done, finished) = tokio::sync::oneshot::channel();
    let mut page = open(async {
        Ok(html! {
            (boundary(async {
                wait_a.await?;
                let inner = boundary(async {
                    wait_b.await?;
                    let _ = done.send(());
                    Ok(html! { "inner" })
                });
                Ok(html! { (inner) })
            }))
        })
    })
    .await;
    page.frame().await;
    a.open();
    b.open();
    // Nobody polls the body: the stand-in brings the work to its end.
    finished.await.unwrap();
    assert_eq!(
        page.frame().await,
        "<template for=\"0\">inner</template></body></html>#"
    );
    page.end().await;
}

#[tokio::test(start_paused = true)]
async fn deadlines_hold_while_the_client_does_not_read() {
    let (mut gate, wait) = tokio::sync::oneshot::channel::<()>();
    let mut page =
        open(async { Ok(html! { (boundary(async { wait.await?; Ok(html! {}) })) }) }).await;
    page.frame().await;
    gate.closed().await;
    assert!(page.frame().await.contains("took too long"));
}

/// The server never asks for the body, as with a stream whose window is closed.
#[tokio::test(start_paused = true)]
async fn a_body_that_is_never_polled_is_driven_all_the_same() {
    let ((a, wait_a), (mut late, wait_late)) = (gate(), tokio::sync::oneshot::channel::<()>());
    let (done, finished) = tokio::sync::oneshot::channel();
    let start = Instant::now();
    let page = open(async {
        Ok(html! {
            (boundary(async {
                wait_a.await?;
                let _ = done.send(());
                Ok(html! {})
            }))
            (boundary(async { wait_late.await?; Ok(html! {}) }).deadline(secs(1)))
        })
    })
    .await;
    a.open();
    finished.await.unwrap();
    late.closed().await;
    assert_eq!(start.elapsed().as_secs(), 1);
    drop(page);
}

/// A component that is woken while its page commits is seen to, though the server takes the
/// shell before the stand-in has run and never comes back.
#[tokio::test(start_paused = true)]
async fn a_wake_at_the_commit_is_not_lost_to_a_server_that_only_takes_the_shell() {
    let (done, finished) = tokio::sync::oneshot::channel();
    let start = Instant::now();
    let mut page = open(async {
        Ok(html! {
            (boundary(async {
                // More often than a turn looks for what was woken.
                for _ in 0..8 {
                    woken_at_once().await;
                }
                let _ = done.send(());
                Ok(html! {})
            }))
        })
    })
    .await;
    page.frame().await;
    finished.await.unwrap();
    // Before any deadline or sign of life.
    assert_eq!(start.elapsed().as_millis(), 0);
    drop(page);
}

/// Waits until the next poll, with its own waker and outside the runtime's budget.
async fn woken_at_once() {
    let mut woken = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut woken, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_begins_with_a_frame_holds_when_the_server_stays_away() {
    let ((a, wait_a), (mut inner, wait_inner)) = (gate(), tokio::sync::oneshot::channel::<()>());
    let visit = visit(Settings::new().heartbeat(secs(1000)));
    let mut page = open_with(visit, async {
        Ok(html! {
            (boundary(async {
                wait_a.await?;
                let child = boundary(async { wait_inner.await?; Ok(html! {}) });
                Ok(html! { (child.deadline(secs(1))) })
            }))
            (boundary(std::future::pending()))
        })
    })
    .await;
    page.frame().await;
    a.open();
    page.frame().await;
    let offered = Instant::now();
    inner.closed().await;
    assert_eq!(offered.elapsed().as_secs(), 1);
}

/// A wake of the server must not get lost to a stand-in that was called in just before it came
/// back. The wakes come from threads of their own, at every moment of a turn.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_interleaving_of_server_and_stand_in_loses_a_wake() {
    const RESPONSES: u64 = 3_000;
    let (wakes, waking) = std::sync::mpsc::channel::<(u64, tokio::sync::oneshot::Sender<()>)>();
    let waking = Arc::new(Mutex::new(waking));
    for _ in 0..4 {
        let waking = waking.clone();
        std::thread::spawn(move || {
            while let Ok((spins, wake)) = { waking.lock().unwrap().recv() } {
                (0..spins).for_each(|_| std::hint::spin_loop());
                let _ = wake.send(());
            }
        });
    }
    let rendered = (0..RESPONSES).map(|seed| {
        let wakes = wakes.clone();
        async move {
            let visit = visit(Settings::new().heartbeat(secs(1000)));
            let mut page = open_with(visit, async move {
                Ok(html! {
                    @for at in 0..6 {
                        (boundary(woken_three_times(wakes.clone(), seed * 131 + at * 77)))
                    }
                })
            })
            .await;
            let content = page.rest().await.concat();
            assert_eq!(content.matches("<b>woken</b>").count(), 6);
        }
    });
    // A hang is a deadline of 30 seconds, and then six error views in the place of content.
    futures_util::stream::iter(rendered)
        .for_each_concurrent(16, |response| async {
            tokio::spawn(response).await.unwrap()
        })
        .await;
}

async fn woken_three_times(
    wakes: std::sync::mpsc::Sender<(u64, tokio::sync::oneshot::Sender<()>)>,
    seed: u64,
) -> Result {
    for turn in 0..3 {
        let (wake, woken) = tokio::sync::oneshot::channel();
        wakes.send(((seed + turn * 13) % 200, wake))?;
        woken.await?;
    }
    Ok(html! { b { "woken" } })
}

#[tokio::test]
async fn the_server_takes_over_again_from_the_stand_in() {
    let ((a, wait_a), (b, wait_b)) = (gate(), gate());
    let mut page = open(async {
        Ok(html! {
            (boundary(async { wait_a.await?; Ok(html! { "a" }) }))
            (boundary(async { wait_b.await?; Ok(html! { "b" }) }))
        })
    })
    .await;
    page.frame().await;
    a.open();
    tokio::task::yield_now().await;
    assert_eq!(page.frame().await, "<template for=\"0\">a</template>");
    assert!(page.is_waiting());
    b.open();
    assert_eq!(
        page.frame().await,
        "<template for=\"1\">b</template></body></html>#"
    );
}

/// Whoever wakes may hold a lock that the component's destructor takes, as a shared future does,
/// so it must not be who drops the page of a client that leaves just then.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_component_is_never_dropped_by_who_wakes_it() {
    struct Component(Arc<Mutex<Option<ThreadId>>>);

    impl Drop for Component {
        fn drop(&mut self) {
            *self.0.lock().unwrap() = Some(std::thread::current().id());
        }
    }

    // The two meet in different places each time; of what must not happen, one round in some
    // hundreds shows it.
    for round in 0..10_000 {
        let dropped = Arc::<Mutex<Option<ThreadId>>>::default();
        let component = Component(dropped.clone());
        let woken = Arc::<AtomicWaker>::default();
        let waits = woken.clone();
        let mut page = open(async move {
            Ok(html! {
                (boundary(async move {
                    let _component = component;
                    poll_fn(|cx| {
                        waits.register(cx.waker());
                        Poll::<()>::Pending
                    })
                    .await;
                    Ok(html! {})
                }))
            })
        })
        .await;
        page.frame().await;
        let start = Arc::new(Barrier::new(2));
        let begins = start.clone();
        let waking = std::thread::spawn(move || {
            begins.wait();
            woken.wake();
        });
        start.wait();
        (0..round % 500).for_each(|_| std::hint::spin_loop());
        drop(page);
        let wakes = waking.thread().id();
        waking.join().unwrap();
        let by = dropped.lock().unwrap();
        assert_ne!(*by, Some(wakes), "in round {round}");
    }
}
