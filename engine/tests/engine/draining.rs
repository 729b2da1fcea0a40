//! A server that ends its pages early: in full, but at once.

use std::time::Duration;

use anabranch_boundaries::{Result, boundary};
use anabranch_engine::{Drain, Settings, Visit};
use futures_util::FutureExt;
use http::StatusCode;
use maud::html;
use tokio::time::Instant;

use crate::support::{gate, open_with, visit};

fn draining(drain: &Drain) -> Visit {
    let settings = Settings::new().heartbeat(Duration::from_secs(1000));
    Visit {
        drain: Some(drain.clone()),
        ..visit(settings)
    }
}

async fn never() -> Result {
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn an_open_page_sends_its_timeout_views_and_ends_properly() {
    let (start, drain) = (Instant::now(), Drain::new());
    let (gate, wait) = gate();
    let mut page = open_with(draining(&drain), async {
        Ok(html! {
            (boundary(async { wait.await?; never().await }).error(|e| {
                html! { (if e.is_timeout() { "out of time" } else { "other" }) }
            }))
            (boundary(async { Ok(html! { "at once" }) }))
        })
    })
    .await;
    page.frame().await;
    // The server waits for the body, as it would in a task of its own.
    let (last, ()) = tokio::join!(page.frame(), async { drain.end_pages() });
    assert_eq!(
        last,
        "<template for=\"0\">out of time</template></body></html>#"
    );
    page.end().await;
    assert!(gate.is_abandoned());
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_page_before_its_commit_point_is_a_504() {
    let (start, drain) = (Instant::now(), Drain::new());
    let page = open_with(draining(&drain), never());
    let (page, ()) = tokio::join!(page, async { drain.end_pages() });
    assert_eq!(page.status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_page_in_its_grace_is_sent_with_what_it_has() {
    let (start, drain) = (Instant::now(), Drain::new());
    let mut visit = draining(&drain);
    visit.settings = visit.settings.grace(Duration::from_secs(5));
    let page = open_with(visit, async {
        Ok(html! { "shell " (boundary(never()).error(|_| html! { "out of time" })) })
    });
    let (page, ()) = tokio::join!(page, async { drain.end_pages() });
    assert_eq!(page.body.into_whole().unwrap(), "shell out of time");
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_whole_page_is_sent_with_what_it_has() {
    let drain = Drain::new();
    let mut visit = draining(&drain);
    visit.audience.whole = true;
    let page = open_with(visit, async {
        Ok(html! { "shell " (boundary(never()).error(|_| html! { "out of time" })) })
    });
    let (page, ()) = tokio::join!(page, async { drain.end_pages() });
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.body.into_whole().unwrap(), "shell out of time");
}

#[tokio::test(start_paused = true)]
async fn boundaries_in_boundaries_and_in_tasks_of_their_own_end_too() {
    let drain = Drain::new();
    let (inner, inner_wait) = gate();
    let (spawned, spawned_wait) = gate();
    let mut page = open_with(draining(&drain), async {
        Ok(html! {
            (boundary(async {
                Ok(html! {
                    "outer "
                    (boundary(async { inner_wait.await?; never().await }).error(|_| html! { "inner" }))
                })
            }))
            (boundary(async { spawned_wait.await?; never().await })
                .spawn()
                .error(|_| html! { "spawned" }))
        })
    })
    .await;
    assert!(page.frame().await.starts_with("outer <?start"));
    drain.end_pages();
    assert_eq!(
        page.frame().await,
        "<template for=\"1\">spawned</template><template for=\"0\">inner</template>\
         </body></html>#"
    );
    page.end().await;
    // The task is aborted, which the runtime sees to.
    tokio::task::yield_now().await;
    assert!(inner.is_abandoned() && spawned.is_abandoned());
}

#[tokio::test(start_paused = true)]
async fn a_page_that_begins_later_waits_for_nothing() {
    let drain = Drain::new();
    drain.end_pages();
    let page = open_with(draining(&drain), async {
        Ok(html! {
            (boundary(async { Ok(html! { "at once" }) })) " "
            (boundary(never()).error(|_| html! { "out of time" }))
        })
    });
    let mut page = page.now_or_never().expect("it waits for nothing");
    let shell = page.frame().now_or_never().expect("nor does its shell");
    assert_eq!(shell, "at once <?start name=\"0\"><?end>");
    let last = page.frame().now_or_never().expect("nor does its end");
    assert_eq!(
        last,
        "<template for=\"0\">out of time</template></body></html>#"
    );
    page.end().await;
    let page = open_with(draining(&drain), never());
    let page = page.now_or_never().expect("it waits for nothing");
    assert_eq!(page.status, StatusCode::GATEWAY_TIMEOUT);
}

#[tokio::test(start_paused = true)]
async fn a_page_whose_client_does_not_read_gives_up_what_it_holds() {
    let drain = Drain::new();
    let (gate, wait) = gate();
    let mut page = open_with(draining(&drain), async {
        Ok(html! { (boundary(async { wait.await?; never().await })) })
    })
    .await;
    page.frame().await;
    drain.end_pages();
    // A stand-in drives: it is a task, and has its turn when this one yields.
    tokio::task::yield_now().await;
    assert!(gate.is_abandoned());
    assert!(page.frame().await.contains("took too long"));
    page.end().await;
}

#[tokio::test(start_paused = true)]
async fn pages_of_others_go_on() {
    let (theirs, drain) = (Drain::new(), Drain::new());
    let (gate, wait) = gate();
    let mut page = open_with(draining(&drain), async {
        Ok(html! { (boundary(async { wait.await?; Ok(html! { "content" }) })) })
    })
    .await;
    page.frame().await;
    assert!(page.is_waiting());
    theirs.end_pages();
    assert!(page.is_waiting());
    gate.open();
    assert!(page.frame().await.contains("content"));
}
