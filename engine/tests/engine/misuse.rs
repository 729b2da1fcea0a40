//! Boundaries in places where they cannot be: an error that names the call site, or a drop.

use std::sync::{Arc, Mutex};

use anabranch_boundaries::{Error, Head, Result, boundary};
use anabranch_engine::Settings;
use http::StatusCode;
use maud::{Markup, html};

use crate::support::{gate, open, open_with, visit};

async fn nothing() -> Result {
    std::future::pending().await
}

/// What the error view of a boundary around `component` is told.
async fn failure_of(
    settings: Settings,
    component: impl Future<Output = Result> + Send + 'static,
) -> String {
    let told = Arc::new(Mutex::new(String::new()));
    let tell = told.clone();
    let page = open_with(visit(settings), async {
        Ok(html! {
            (boundary(component).error(move |error: &Error| {
                tell.lock().unwrap().push_str(&error.to_string());
                html! { "failed" }
            }))
        })
    })
    .await;
    assert_eq!(page.body.into_whole().unwrap(), "failed");
    told.lock().unwrap().clone()
}

#[tokio::test]
async fn a_boundary_that_is_not_placed_is_dropped() {
    let (gate, wait) = gate();
    let page = open(async {
        drop(html! { (boundary(async { wait.await?; Ok(html! {}) })) });
        Ok(html! { "page" })
    })
    .await;
    assert_eq!(page.body.into_whole().unwrap(), "page");
    assert!(gate.is_abandoned());
}

#[tokio::test]
async fn a_boundary_placed_twice_is_an_error_that_names_it() {
    let told = failure_of(Settings::new(), async {
        let once = html! { (boundary(nothing())) };
        Ok(html! { (once) (once) })
    })
    .await;
    assert!(told.contains("engine/tests/engine/misuse.rs:"), "{told}");
    assert!(
        told.contains("is placed twice; make one boundary for each place"),
        "{told}"
    );

    let told = failure_of(Settings::new(), async {
        let once = boundary(nothing());
        Ok(html! { (once) (once) })
    })
    .await;
    assert!(told.contains("is placed twice"), "{told}");
}

#[tokio::test]
async fn one_placed_twice_harms_nobody_else() {
    let ((a, wait_a), (b, wait_b)) = (gate(), gate());
    let mut page = open(async {
        Ok(html! {
            (boundary(async {
                let once = html! { (boundary(nothing())) };
                wait_a.await?;
                Ok(html! { (once) (once) })
            }).error(|_| html! { "failed" }))
            (boundary(async {
                let inner = html! { (boundary(async { Ok(html! { "inner" }) })) };
                wait_b.await?;
                Ok(html! { "[" (inner) "]" })
            }))
        })
    })
    .await;
    page.frame().await;
    a.open();
    assert_eq!(page.frame().await, "<template for=\"0\">failed</template>");
    b.open();
    assert_eq!(
        page.frame().await,
        "<template for=\"1\">[inner]</template></body></html>#"
    );
}

#[tokio::test]
async fn a_boundary_in_its_place_and_in_a_loading_view_is_an_error() {
    let told = failure_of(Settings::new(), async {
        let inner = html! { (boundary(nothing())) };
        Ok(html! { (inner) (boundary(nothing()).loading(inner.clone())) })
    })
    .await;
    assert!(told.contains("is placed in a loading view"), "{told}");
}

#[tokio::test]
async fn a_boundary_in_a_loading_view_is_an_error_that_names_it() {
    let told = failure_of(Settings::new(), async {
        let inner = html! { (boundary(nothing())) };
        Ok(html! { (boundary(nothing()).loading(inner)) })
    })
    .await;
    assert!(told.contains("misuse.rs:"), "{told}");
    assert!(told.contains("is placed in a loading view"), "{told}");
}

#[tokio::test]
async fn a_boundary_of_another_component_is_an_error_that_names_it() {
    let told = failure_of(Settings::new(), async {
        let (send, receive) = tokio::sync::oneshot::channel::<Markup>();
        let stray = boundary(async move {
            let _ = send.send(html! { (boundary(nothing())) });
            nothing().await
        });
        let _placed = html! { (stray) };
        Ok(html! { (receive.await?) })
    })
    .await;
    assert!(told.contains("misuse.rs:"), "{told}");
    assert!(
        told.contains("was rendered in one component and placed in another"),
        "{told}"
    );
}

#[tokio::test]
async fn too_many_boundaries_are_an_error_that_names_the_limit() {
    let told = failure_of(Settings::new().max_boundaries(10), async {
        Ok(html! { @for _ in 0..20 { (boundary(nothing())) } })
    })
    .await;
    assert!(told.contains("misuse.rs:"), "{told}");
    assert!(
        told.contains("a response holds 10 (Settings::max_boundaries"),
        "{told}"
    );
}

/// One more would have the name of the place for late tags.
#[test]
fn there_are_never_more_boundaries_than_names() {
    let most = format!("{:?}", Settings::new().max_boundaries(usize::MAX));
    assert!(most.contains("max_boundaries: 811669,"), "{most}");
}

#[tokio::test]
async fn endless_nesting_ends_at_the_limit_with_an_error_in_place() {
    fn deeper() -> futures_util::future::BoxFuture<'static, Result> {
        Box::pin(async { Ok(html! { i { (boundary(deeper())) } }) })
    }
    let page = open(deeper()).await;
    let text = page.body.into_whole().unwrap();
    let text = std::str::from_utf8(&text).unwrap();
    assert_eq!(text.matches("<i>").count(), 101);
    assert_eq!(text.matches("could not be loaded").count(), 1);
}

#[tokio::test]
async fn each_component_is_told_of_its_own_boundary_beyond_the_limit() {
    for placed in [true, false] {
        let told = Arc::new(Mutex::new(String::new()));
        let tell = told.clone();
        let second = async move {
            // The first has exceeded the limit, and waits.
            tokio::task::yield_now().await;
            let more = html! { @for _ in 0..3 { (boundary(nothing())) } };
            Ok(html! { @if placed { (more) } })
        };
        let mut page = open_with(visit(Settings::new().max_boundaries(3)), async {
            Ok(html! {
                (boundary(async {
                    let _too_many = html! { (boundary(nothing())) (boundary(nothing())) };
                    nothing().await
                }))
                (boundary(second).error(move |error| {
                    tell.lock().unwrap().push_str(&error.to_string());
                    html! { "failed" }
                }))
            })
        })
        .await;
        page.frame().await;
        assert_eq!(page.frame().await, "<template for=\"1\">failed</template>");
        let told = told.lock().unwrap();
        assert!(told.contains("misuse.rs:"), "{told}");
        assert!(told.contains("is one too many: a response"), "{told}");
    }
}

#[tokio::test]
async fn a_boundary_in_a_head_is_an_error_that_names_it() {
    async fn in_tags() -> Result {
        let head = Head::new().tags(html! { (boundary(nothing())) });
        Ok(html! { (head) })
    }
    async fn in_a_title() -> Result {
        let placed = html! { (boundary(nothing())) };
        Ok(html! { (Head::title(placed.into_string())) })
    }
    for told in [
        failure_of(Settings::new(), in_tags()).await,
        failure_of(Settings::new(), in_a_title()).await,
    ] {
        assert!(told.contains("misuse.rs:"), "{told}");
        assert!(told.contains("is placed in a Head"), "{told}");
    }
    let page = open(in_tags()).await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn a_boundary_that_is_moved_into_a_view_is_a_failure_of_the_view() {
    let told = Arc::new(Mutex::new(String::new()));
    let tell = told.clone();
    let mut page = open(async move {
        let (in_loading, in_error) = (
            html! { (boundary(nothing())) },
            html! { (boundary(nothing())) },
        );
        let error = Error::msg("shown by the next view out");
        Ok(html! {
            (boundary(nothing()).loading(move || in_loading).error(move |error| {
                tell.lock().unwrap().push_str(&error.to_string());
                html! { "no loading view" }
            }))
            (boundary(async { Err(error) }).error(move |_| in_error.clone()))
            (boundary(nothing()))
        })
    })
    .await;
    let shell = page.frame().await;
    assert!(!shell.contains('\0'), "{shell}");
    assert!(shell.contains("no loading view"), "{shell}");
    assert!(shell.contains("could not be loaded"), "{shell}");
    let told = told.lock().unwrap();
    assert!(told.contains("misuse.rs:"), "{told}");
    assert!(told.contains("is placed in a loading view"), "{told}");
}

#[tokio::test]
async fn a_head_in_a_loading_view_is_an_error_that_names_the_view() {
    let page = || async {
        Ok(html! {
            (boundary(nothing()).loading(html! { (Head::title("Loading")) }))
        })
    };
    let error = Arc::new(Mutex::new(String::new()));
    let tell = error.clone();
    let settings = Settings::new().error_page(move |error| {
        tell.lock().unwrap().push_str(&error.to_string());
        html! {}
    });
    let open = open_with(visit(settings), page()).await;
    assert_eq!(open.status, StatusCode::INTERNAL_SERVER_ERROR);
    let error = error.lock().unwrap();
    assert!(error.contains("misuse.rs:"), "{error}");
    assert!(
        error.starts_with("a Head is placed in the loading view of the boundary made at"),
        "{error}"
    );
}

#[tokio::test]
async fn a_head_in_the_closure_of_a_loading_view_does_nothing() {
    let mut page = open(async {
        Ok(html! {
            head { (Head::title("Flights")) }
            (boundary(nothing()).loading(|| html! { (Head::title("Loading")) "…" }))
        })
    })
    .await;
    let shell = page.frame().await;
    assert!(shell.contains("<title>Flights</title>"), "{shell}");
    assert!(!shell.contains("Loading"), "{shell}");
}
