//! Which view shows a failure, where the nearest has nothing to show.

use anabranch_boundaries::{Error, Result, boundary, redirect};
use anabranch_engine::Settings;
use anabranch_router::app::{Answer, Leaf, Routes, Views, Visit};
use maud::html;

use crate::support::{get, get_whole};

/// A page behind a view that panics, and another further out.
async fn behind_a_view_that_panics(mut visit: Visit<()>, loading: bool) -> Answer {
    let panics = Views {
        error: Some(|_| panic!("on purpose")),
        not_found: None,
    };
    let views = Views {
        error: Some(|_| html! { "outer" }),
        not_found: None,
    };
    let page = visit.page(0, async || Err(Error::msg("broken"))).await?;
    if loading {
        let content = visit.loading(|| html! { "…" }, panics, page);
        let content = visit.catch(views, content);
        visit.answer(content).await
    } else {
        let content = visit.catch(panics, page);
        let content = visit.catch(views, content);
        visit.answer(content).await
    }
}

#[tokio::test]
async fn a_view_that_panics_leaves_it_to_the_next() {
    for loading in [false, true] {
        let page = move |visit| behind_a_view_that_panics(visit, loading);
        let app = Routes::new()
            .route("/", Leaf::new().page(page))
            .into_router();
        let reply = get(&app, "/").await;
        assert_eq!(reply.status, if loading { 200 } else { 500 });
        assert_eq!(reply.text().await, "outer", "{loading}");
        assert_eq!(get_whole(&app, "/").await.text().await, "outer");
    }
}

/// No view of a tree takes a redirect, so that of the settings does, behind a loading view too.
#[tokio::test]
async fn what_no_view_of_the_tree_takes_is_for_the_settings() {
    async fn page(mut visit: Visit<()>) -> Answer {
        let views = Views {
            error: Some(|_| html! { "of the tree" }),
            not_found: None,
        };
        let render = async || {
            let away = async { Err(redirect("/login")) };
            Ok(html! { (boundary(away)) })
        };
        let page = visit.page(0, render).await?;
        let content = visit.loading(|| html! { "…" }, views, page);
        visit.answer(content).await
    }
    let settings = Settings::new().error_view(|_| html! { "of the settings" });
    let app = Routes::new()
        .route("/", Leaf::new().page(page))
        .settings(settings)
        .into_router();
    for reply in [get(&app, "/").await, get_whole(&app, "/").await] {
        let text = reply.text().await;
        assert!(text.contains("of the settings"), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_behind_a_loading_view_whose_time_is_up_shows_the_nearest_view() {
    async fn page(mut visit: Visit<()>) -> Answer {
        let inner = Views {
            error: Some(|error| html! { "inner " (error.status().as_u16()) }),
            not_found: None,
        };
        let outer = Views {
            error: Some(|_| html! { "outer" }),
            not_found: None,
        };
        let page = visit.page(0, std::future::pending::<Result>).await?;
        let content = visit.loading(|| html! { "…" }, inner, page);
        let content = visit.catch(outer, content);
        visit.answer(content).await
    }
    let app = Routes::new()
        .route("/", Leaf::new().page(page))
        .into_router();
    let text = get(&app, "/").await.text().await;
    let patch = "<template for=\"0\">inner 504</template>";
    assert!(text.contains(patch), "{text}");
}
