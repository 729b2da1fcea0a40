//! What an app gives a page is dropped with it; a panic in its destructor goes no further.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anabranch_boundaries::{Result, boundary};
use futures_util::FutureExt;
use maud::html;

use crate::support::{gate, open};

/// Panics when it is dropped, and counts that.
struct Bomb(Arc<AtomicUsize>);

impl Drop for Bomb {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
        if !std::thread::panicking() {
            panic!("in drop");
        }
    }
}

/// A bomb, and how often it went off.
fn bomb() -> (Bomb, impl Fn() -> usize) {
    let count = Arc::<AtomicUsize>::default();
    let bomb = Bomb(count.clone());
    (bomb, move || count.load(Ordering::SeqCst))
}

/// An error with a bomb in it.
struct BombError(#[expect(dead_code, reason = "it is there to be dropped")] Bomb);

impl fmt::Debug for BombError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BombError")
    }
}

impl fmt::Display for BombError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a bomb")
    }
}

impl std::error::Error for BombError {}

async fn works() -> Result {
    tokio::task::yield_now().await;
    Ok(html! { "fine" })
}

#[tokio::test]
async fn of_a_component_that_is_not_placed() {
    let (bomb, exploded) = bomb();
    let mut page = open(async {
        Ok(html! {
            (boundary(async {
                drop(html! { (boundary(async {
                    let _bomb = bomb;
                    std::future::pending().await
                })) });
                works().await
            }))
        })
    })
    .await;
    page.frame().await;
    assert_eq!(
        page.frame().await,
        "<template for=\"0\">fine</template></body></html>#"
    );
    assert_eq!(exploded(), 1);
}

#[tokio::test]
async fn of_an_error() {
    let (bomb, exploded) = bomb();
    let (gate, wait) = gate();
    let mut page = open(async {
        Ok(html! {
            (boundary(async {
                tokio::task::yield_now().await;
                Err(BombError(bomb))?
            }).error(|_| html! { "view" }))
            (boundary(async { wait.await?; Ok(html! { "neighbour" }) }))
        })
    })
    .await;
    page.frame().await;
    assert_eq!(page.frame().await, "<template for=\"0\">view</template>");
    assert_eq!(exploded(), 1);
    gate.open();
    assert_eq!(
        page.frame().await,
        "<template for=\"1\">neighbour</template></body></html>#"
    );
}

#[tokio::test]
async fn of_what_an_error_view_holds() {
    let (bomb, exploded) = bomb();
    let mut page = open(async {
        let view = move |_: &_| html! { (format!("{:p}", &bomb)) };
        Ok(html! { (boundary(works()).error(view)) })
    })
    .await;
    page.frame().await;
    assert_eq!(
        page.frame().await,
        "<template for=\"0\">fine</template></body></html>#"
    );
    page.end().await;
    drop(page);
    assert_eq!(exploded(), 1);
}

#[tokio::test]
async fn of_what_a_loading_view_holds_that_is_not_needed() {
    let (bomb, exploded) = bomb();
    let page = open(async {
        let ready = boundary(async { Ok(html! { "fine" }) });
        Ok(html! { (ready.loading(move || html! { (format!("{:p}", &bomb)) })) })
    })
    .await;
    let text = page.body.into_whole().unwrap();
    assert_eq!((&text[..], exploded()), (&b"fine"[..], 1));
}

#[tokio::test]
async fn of_what_a_loading_view_holds_when_the_client_leaves_before_the_commit_point() {
    let (bomb, exploded) = bomb();
    let left = open(async {
        let waits = boundary(std::future::pending());
        let _kept = html! { (waits.loading(move || html! { (format!("{:p}", &bomb)) })) };
        std::future::pending().await
    })
    .now_or_never();
    assert!(left.is_none());
    assert_eq!(exploded(), 1);
}
