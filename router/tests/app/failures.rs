//! What shows where something fails, and which status it has.

use anabranch_boundaries::{Error, Head, Result, not_found, redirect};
use anabranch_router::app::{Answer, Children, Leaf, PageHead, Routes, Views, Visit};
use axum::Router;
use axum::extract::State;
use http::StatusCode;
use maud::html;

use crate::support::{get, get_whole};

/// Who fails, and how.
#[derive(Clone, Copy, Default)]
struct Plan {
    place: &'static str,
    how: How,
    /// Whether the inner folder has a loading view.
    loading: bool,
}

#[derive(Clone, Copy, Default)]
enum How {
    #[default]
    Error,
    NotFound,
    Redirect,
    Status,
    Panic,
    Later,
}

impl Plan {
    async fn pass(self, place: &str) -> Result<()> {
        if self.place != place {
            return Ok(());
        }
        Err(match self.how {
            How::Error => Error::msg("broken"),
            How::NotFound => not_found(),
            How::Redirect => redirect("/login"),
            How::Status => Error::from_status(StatusCode::FORBIDDEN),
            How::Panic => panic!("on purpose"),
            How::Later => {
                tokio::task::yield_now().await;
                Error::msg("broken")
            }
        })
    }
}

async fn root(children: Children, head: PageHead, State(plan): State<Plan>) -> Result {
    plan.pass("root").await?;
    Ok(html! { head { (head.await?) } "root(" (children.await?) ")" })
}

async fn inner(children: Children, State(plan): State<Plan>) -> Result {
    plan.pass("inner").await?;
    Ok(html! { "inner(" (children.await?) ")" })
}

async fn root_head(State(plan): State<Plan>) -> Result<Head> {
    plan.pass("root head").await?;
    Ok(Head::title("site"))
}

async fn inner_head(State(plan): State<Plan>) -> Result<Head> {
    plan.pass("inner head").await?;
    Ok(Head::new())
}

async fn page_head(State(plan): State<Plan>) -> Result<Head> {
    plan.pass("page head").await?;
    Ok(Head::title("page"))
}

async fn page(State(plan): State<Plan>) -> Result {
    plan.pass("page").await?;
    Ok(html! { "page" })
}

/// Two folders with views of their own.
async fn chain(mut visit: Visit<Plan>, plan: Plan) -> Answer {
    let outer_views = Views {
        error: Some(|error| html! { "outer error " (error.status().as_u16()) }),
        not_found: Some(|| html! { "outer nothing" }),
    };
    let inner_views = Views {
        error: Some(|error| html! { "inner error " (error.status().as_u16()) }),
        not_found: Some(|| html! { "inner nothing" }),
    };
    let layout_0 = visit.layout(0, root).await?;
    let head_0 = visit.head(0, root_head).await?;
    let layout_1 = visit.layout(0, inner).await?;
    let head_1 = visit.head(0, inner_head).await?;
    let head_2 = visit.head(0, page_head).await?;
    let page = visit.page(0, page).await?;
    let content = visit.headed(head_2, page);
    if plan.loading {
        let content = visit.loading(|| html! { "…" }, inner_views, content);
        let content = visit.under(layout_1, content);
        let content = visit.headed(head_1, content);
        let content = visit.catch(outer_views, content);
        let content = visit.under(layout_0, content);
        let content = visit.headed(head_0, content);
        visit.answer(content).await
    } else {
        let content = visit.catch(inner_views, content);
        let content = visit.under(layout_1, content);
        let content = visit.headed(head_1, content);
        let content = visit.catch(outer_views, content);
        let content = visit.under(layout_0, content);
        let content = visit.headed(head_0, content);
        visit.answer(content).await
    }
}

fn app(plan: Plan) -> Router {
    let page = move |visit| chain(visit, plan);
    let routes = Routes::new().route("/", Leaf::new().page(page));
    routes.into_router().with_state(plan)
}

/// Status and body; what the plain page of a failure says is left out.
async fn outcome(plan: Plan) -> (u16, String) {
    let reply = get(&app(plan), "/").await;
    let status = reply.status.as_u16();
    let text = reply.text().await;
    let body = text.split_once("</head>").map_or(&*text, |(_, body)| body);
    (status, body.to_owned())
}

const NOWHERE: &str = "the plain page";

async fn check(expected: &[(&'static str, How, u16, &str)], loading: bool) {
    for &(place, how, status, body) in expected {
        let plan = Plan {
            place,
            how,
            loading,
        };
        let (found, text) = outcome(plan).await;
        assert_eq!(found, status, "{place}");
        if body == NOWHERE {
            assert!(text.starts_with("<body>"), "{place}: {text}");
        } else {
            assert_eq!(text, body, "{place}");
        }
    }
}

#[tokio::test]
async fn a_failure_shows_in_the_nearest_view_inside_its_layouts() {
    let inner_error = "root(inner(inner error 500))";
    let outer_error = "root(outer error 500)";
    check(
        &[
            ("nobody", How::Error, 200, "root(inner(page))"),
            ("page", How::Error, 500, inner_error),
            ("page", How::Later, 500, inner_error),
            ("page", How::Panic, 500, inner_error),
            ("page", How::Status, 403, "root(inner(inner error 403))"),
            ("page", How::NotFound, 404, "root(inner(inner nothing))"),
            ("page", How::Redirect, 303, NOWHERE),
            ("page head", How::Error, 500, inner_error),
            ("page head", How::Later, 500, inner_error),
            ("page head", How::Panic, 500, inner_error),
            (
                "page head",
                How::NotFound,
                404,
                "root(inner(inner nothing))",
            ),
            ("page head", How::Redirect, 303, NOWHERE),
            ("inner", How::Error, 500, outer_error),
            ("inner", How::Panic, 500, outer_error),
            ("inner", How::NotFound, 404, "root(outer nothing)"),
            ("inner head", How::NotFound, 404, "root(outer nothing)"),
            ("inner head", How::Later, 500, outer_error),
            ("root", How::Error, 500, NOWHERE),
            ("root", How::Panic, 500, NOWHERE),
            ("root", How::NotFound, 404, NOWHERE),
            ("root head", How::NotFound, 404, NOWHERE),
        ],
        false,
    )
    .await;
}

#[tokio::test]
async fn behind_a_loading_view_heads_and_layouts_above_decide_the_status() {
    check(
        &[
            ("nobody", How::Error, 200, "root(inner(page))"),
            ("page head", How::Error, 500, "root(inner(inner error 500))"),
            ("page head", How::Later, 500, "root(inner(inner error 500))"),
            (
                "page head",
                How::NotFound,
                404,
                "root(inner(inner nothing))",
            ),
            ("page head", How::Redirect, 303, NOWHERE),
            ("inner", How::Error, 500, "root(outer error 500)"),
            ("inner head", How::NotFound, 404, "root(outer nothing)"),
            ("root head", How::Error, 500, NOWHERE),
        ],
        true,
    )
    .await;
}

#[tokio::test]
async fn behind_a_loading_view_the_page_fails_in_place() {
    for (how, view) in [
        (How::Later, "inner error 500"),
        (How::Error, "inner error 500"),
        (How::Panic, "inner error 500"),
    ] {
        let plan = Plan {
            place: "page",
            how,
            loading: true,
        };
        let reply = get(&app(plan), "/").await;
        assert_eq!(reply.status, 200);
        let text = reply.text().await;
        assert!(text.contains(view), "{text}");
    }
    let plan = Plan {
        place: "page",
        how: How::NotFound,
        loading: true,
    };
    let text = get(&app(plan), "/").await.text().await;
    assert!(
        text.contains("inner nothing") && text.contains("noindex"),
        "{text}"
    );
    let plan = Plan {
        place: "page",
        how: How::Redirect,
        loading: true,
    };
    let text = get(&app(plan), "/").await.text().await;
    assert!(
        text.contains("href=\"/login\"") && text.contains("refresh"),
        "{text}"
    );
}

#[tokio::test]
async fn whole_it_fails_in_the_same_place_with_a_real_status() {
    for (how, status, body) in [
        (How::Later, 500, "root(inner(inner error 500))"),
        (How::NotFound, 404, "root(inner(inner nothing))"),
    ] {
        let plan = Plan {
            place: "page",
            how,
            loading: true,
        };
        let reply = get_whole(&app(plan), "/").await;
        assert_eq!(reply.status, status);
        let text = reply.text().await;
        assert!(text.ends_with(body), "{text}");
    }
    let plan = Plan {
        place: "page",
        how: How::Redirect,
        loading: true,
    };
    let reply = get_whole(&app(plan), "/").await;
    assert_eq!(
        (reply.status.as_u16(), reply.location()),
        (303, Some("/login"))
    );
}

#[tokio::test]
async fn what_is_not_found_says_so_in_the_head() {
    let head = "<head><title>Not found</title><meta name=\"robots\" content=\"noindex\"></head>";
    for place in ["page", "page head"] {
        for loading in [false, true] {
            let plan = Plan {
                place,
                how: How::NotFound,
                loading,
            };
            let whole = get_whole(&app(plan), "/").await.text().await;
            assert!(whole.starts_with(head), "{place}: {whole}");
            let plan = Plan {
                loading: false,
                ..plan
            };
            assert_eq!(whole, get(&app(plan), "/").await.text().await, "{place}");
        }
    }
}

#[tokio::test]
async fn a_redirect_has_a_location_and_no_layout_stops_it() {
    async fn stubborn(children: Children) -> Result {
        Ok(children.await.unwrap_or(html! { "kept" }))
    }
    async fn stubborn_chain(mut visit: Visit<()>) -> Answer {
        let layout_0 = visit.layout(0, stubborn).await?;
        let page = visit.page(0, async || Err(redirect("/login"))).await?;
        let content = visit.under(layout_0, page);
        visit.answer(content).await
    }
    let app = Routes::new()
        .route("/", Leaf::new().page(stubborn_chain))
        .into_router();
    let reply = get(&app, "/").await;
    assert_eq!(
        (reply.status.as_u16(), reply.location()),
        (303, Some("/login"))
    );
}

#[tokio::test]
async fn a_layout_may_show_a_failure_itself() {
    async fn mends(children: Children) -> Result {
        Ok(children.await.unwrap_or(html! { "mended" }))
    }
    async fn page(mut visit: Visit<()>) -> Answer {
        let layout_0 = visit.layout(0, mends).await?;
        let page = visit.page(0, async || Err(Error::msg("broken"))).await?;
        let content = visit.under(layout_0, page);
        visit.answer(content).await
    }
    let app = Routes::new()
        .route("/", Leaf::new().page(page))
        .into_router();
    let reply = get(&app, "/").await;
    assert_eq!(reply.status, 500, "the status still tells of it");
    assert_eq!(reply.text().await, "mended");
}

#[tokio::test(start_paused = true)]
async fn the_head_of_what_a_layout_drops_is_dropped_too() {
    async fn paywall(children: Children) -> Result {
        drop(children);
        Ok(html! { "pay first" })
    }
    async fn slow_head() -> Result<Head> {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        Err(not_found())
    }
    async fn page(mut visit: Visit<()>) -> Answer {
        let layout_1 = visit.layout(0, paywall).await?;
        let head = visit.head(0, slow_head).await?;
        let page = visit.html_page("page");
        let content = visit.headed(head, page);
        let content = visit.under(layout_1, content);
        let content = visit.loading(|| html! { "…" }, Views::default(), content);
        visit.answer(content).await
    }
    let app = Routes::new()
        .route("/", Leaf::new().page(page))
        .into_router();
    let start = tokio::time::Instant::now();
    for reply in [get(&app, "/").await, get_whole(&app, "/").await] {
        assert_eq!(reply.status, 200);
        assert!(reply.text().await.contains("pay first"));
    }
    assert!(start.elapsed().is_zero());
}
