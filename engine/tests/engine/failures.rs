//! Errors and panics: before the commit point a status, afterwards an error view in place.

use std::sync::Arc;

use anabranch_boundaries::{
    Error, FallbackView, Head, Result, boundary, not_found, redirect, redirect_external, scope,
    share,
};
use anabranch_engine::{ResponseParts, Settings};
use futures_util::FutureExt;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_TYPE, ETAG, EXPIRES, LAST_MODIFIED, LOCATION, SET_COOKIE, VARY,
};
use http::{HeaderMap, HeaderName, StatusCode};
use maud::{Markup, html};

use crate::support::{Open, gate, open, open_with, visit, whole};

async fn fails(error: Error) -> Result {
    tokio::task::yield_now().await;
    Err(error)
}

async fn panics() -> Result {
    tokio::task::yield_now().await;
    panic!("secret detail")
}

async fn works() -> Result {
    tokio::task::yield_now().await;
    Ok(html! { "fine" })
}

fn view(error: &Error) -> Markup {
    html! { "view of " (if error.is_panic() { "panic" } else { "error" }) }
}

async fn text(page: Open) -> String {
    String::from_utf8(page.body.into_whole().unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn before_the_commit_point_a_failure_is_a_status() {
    for (error, status, title) in [
        (not_found(), StatusCode::NOT_FOUND, "Page not found"),
        (
            Error::msg("secret detail"),
            StatusCode::INTERNAL_SERVER_ERROR,
            "Internal Server Error",
        ),
        (
            Error::from_status(StatusCode::FORBIDDEN),
            StatusCode::FORBIDDEN,
            "Forbidden",
        ),
    ] {
        let id = error.id().to_string();
        let page = open(async move { Err(error) }).await;
        assert_eq!(page.status, status);
        let text = text(page).await;
        assert!(text.contains(&format!("<h1>{title}</h1>")), "{text}");
        assert!(!text.contains("secret"), "{text}");
        assert_eq!(text.contains(&id), status.is_server_error());
    }
}

#[tokio::test]
async fn a_redirect_of_the_page_is_a_real_one() {
    let mut visit = visit(Settings::new());
    visit
        .parts
        .as_ref()
        .unwrap()
        .add_cookie(("seen", "1"))
        .unwrap();
    visit.audience.whole = true;
    let page = open_with(visit, async { Err(redirect("/é?x=1")) }).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(page.headers[LOCATION], "/%C3%A9?x=1");
    assert_eq!(page.headers[SET_COOKIE], "seen=1");
}

#[tokio::test]
async fn a_panic_of_the_page_is_a_500_without_its_text() {
    let page = open(panics()).await;
    assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!text(page).await.contains("secret"));
}

#[tokio::test]
async fn a_page_that_fails_drops_its_boundaries() {
    let (gate, wait) = gate();
    let page = open(async {
        drop(html! { (boundary(async { wait.await?; Ok(html! {}) })) });
        tokio::task::yield_now().await;
        Err(not_found())
    })
    .await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(gate.is_abandoned());
}

#[tokio::test]
async fn after_it_a_failure_changes_nothing_but_its_own_place() {
    async fn render(failing: Result<fn(&Error) -> Markup, ()>) -> String {
        let mut page = open(async move {
            let first = boundary(async move {
                match failing {
                    Ok(_) => panics().await,
                    Err(()) => works().await,
                }
            })
            .error(view);
            Ok(html! { (first) (boundary(works())) })
        })
        .await;
        page.frame().await + &page.frame().await
    }
    let healthy = render(Err(())).await;
    let failed = render(Ok(view)).await;
    let first = "<template for=\"0\">";
    let expected = healthy.replace(&format!("{first}fine"), &format!("{first}view of panic"));
    assert_eq!(failed, expected);
}

#[tokio::test]
async fn the_nearest_error_view_is_used() {
    let settings = Settings::new().error_view(|_| html! { "app" });
    let mut page = open_with(visit(settings), async {
        Ok(html! {
            (boundary(fails(Error::msg("x"))))
            (boundary(async {
                Ok(html! { (boundary(fails(Error::msg("x")))) (boundary(panics()).error(view)) })
            }).error(|_| html! { "outer" }))
        })
    })
    .await;
    page.frame().await;
    let patches = page.frame().await;
    for (name, view) in [(0, "app"), (1, "outer"), (2, "view of panic")] {
        let patch = format!("<template for=\"{name}\">{view}</template>");
        assert!(patches.contains(&patch), "{patches}");
    }
}

#[tokio::test]
async fn a_fallback_shows_where_no_nearer_view_does() {
    let page = async {
        let view: FallbackView =
            Arc::new(|error| (!error.is_not_found()).then(|| html! { "segment" }));
        Ok(scope::with_fallback(view, || {
            html! {
                head { (Head::new()) }
                (boundary(fails(Error::msg("x"))))
                (boundary(fails(not_found())))
                (boundary(fails(Error::msg("x"))).error(|_| html! { "own" }))
                (boundary(async { Ok(html! { (boundary(fails(Error::msg("x")))) }) }))
            }
        }))
    };
    let mut visit = visit(Settings::new().not_found_view(|_| html! { "app" }));
    visit.audience.whole = true;
    let whole = open_with(visit, page).await.rest().await.concat();
    assert!(whole.ends_with("</head>segmentappownsegment"), "{whole}");
}

#[tokio::test]
async fn a_redirect_does_not_show_the_error_page() {
    let settings = Settings::new().error_page(|_| html! { "a page that nobody sees" });
    let mut page = open_with(visit(settings), async { Err(redirect("/login")) }).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let body = page.rest().await.concat();
    assert!(
        body.contains("href=\"/login\"") && !body.contains("nobody"),
        "{body}"
    );
}

#[tokio::test]
async fn an_error_view_that_panics_gives_way_to_the_next_one_out() {
    let mut page = open(async {
        Ok(html! {
            (boundary(async {
                Ok(html! { (boundary(panics()).error(|_| panic!("again"))) })
            }).error(|_| html! { "outer" }))
            (boundary(panics()).error(|_| panic!("again")))
        })
    })
    .await;
    page.frame().await;
    let patches = page.frame().await;
    assert!(
        patches.contains("<template for=\"0\">outer</template>"),
        "{patches}"
    );
    assert!(
        patches.contains("could not be loaded. (error "),
        "{patches}"
    );
    assert!(!patches.contains("secret") && !patches.contains("again"));
}

#[tokio::test]
async fn a_loading_view_that_panics_shows_the_error_view_and_stops_the_work() {
    let ((a, wait_a), (b, wait_b)) = (gate(), gate());
    let mut page = open(async {
        Ok(html! {
            (boundary(async { wait_a.await?; works().await })
                .loading(|| panic!("on purpose"))
                .error(view))
            (boundary(async { wait_b.await?; works().await }))
        })
    })
    .await;
    assert_eq!(page.frame().await, "view of panic<?start name=\"0\"><?end>");
    assert!(a.is_abandoned());
    b.open();
    assert_eq!(page.rest().await.len(), 1);
}

#[tokio::test]
async fn a_panic_in_shared_work_is_an_error_of_each_that_awaits_it() {
    let mut page = open(async {
        let shared = share(async {
            tokio::task::yield_now().await;
            if true {
                panic!("secret detail");
            }
            Ok::<_, Error>(1)
        });
        let other = shared.clone();
        Ok(html! {
            (boundary(async { Ok(html! { (shared.await?) }) }).error(view))
            (boundary(async { Ok(html! { (other.await?) }) }).error(view))
            (boundary(works()))
        })
    })
    .await;
    page.frame().await;
    let all = page.rest().await.concat();
    assert_eq!(all.matches("view of panic").count(), 2, "{all}");
    assert_eq!(all.matches("fine").count(), 1);
}

#[tokio::test]
async fn shared_work_survives_the_panic_and_the_end_of_its_first_poller() {
    let (gate, wait) = gate();
    let mut page = open(async {
        let shared = share(async {
            wait.await?;
            Ok::<_, Error>(7)
        });
        let (first, second) = (shared.clone(), shared);
        Ok(html! {
            (boundary(async {
                assert!(first.now_or_never().is_some(), "first poller panics");
                Ok(html! {})
            }).error(view))
            (boundary(async { Ok(html! { (second.await?) }) }))
        })
    })
    .await;
    assert_eq!(page.frame().await, "view of panic<?start name=\"0\"><?end>");
    gate.open();
    assert_eq!(
        page.frame().await,
        "<template for=\"0\">7</template></body></html>#"
    );
}

/// A page that has set `headers` and fails with `error`, beside its cookie and its `Vary`.
async fn failed_with(error: Error, headers: &[(HeaderName, &'static str)]) -> HeaderMap {
    let parts = ResponseParts::default();
    for (name, value) in headers {
        parts.append_header(name.clone(), value).unwrap();
    }
    parts.append_header(VARY, "cookie").unwrap();
    parts.add_cookie(("a", "1")).unwrap();
    let mut visit = visit(Settings::new());
    visit.parts = Some(parts);
    let mut headers = open_with(visit, async { Err(error) }).await.headers;
    assert_eq!(headers.remove(VARY).unwrap(), "cookie");
    assert_eq!(headers.remove(SET_COOKIE).unwrap(), "a=1");
    headers
}

#[tokio::test]
async fn a_page_that_fails_says_nothing_of_the_content_it_was_to_have() {
    let headers = [
        (CONTENT_TYPE, "application/atom+xml"),
        (CONTENT_LENGTH, "7"),
        (CONTENT_ENCODING, "gzip"),
        (CONTENT_DISPOSITION, "attachment"),
        (CONTENT_RANGE, "bytes 0-6/7"),
        (ETAG, "\"a\""),
        (LAST_MODIFIED, "Tue, 01 Jan 2013 00:00:00 GMT"),
        (EXPIRES, "Fri, 01 Jan 2100 00:00:00 GMT"),
        (CACHE_CONTROL, "public, max-age=3600"),
        (HeaderName::from_static("cdn-cache-control"), "max-age=3600"),
    ];
    for error in [not_found(), Error::msg("no"), Error::timeout()] {
        assert_eq!(failed_with(error, &headers).await, HeaderMap::new());
    }
    let redirected = failed_with(redirect("/elsewhere"), &headers).await;
    assert_eq!(redirected.len(), 1);
    assert_eq!(redirected[LOCATION], "/elsewhere");
}

#[tokio::test]
async fn a_page_that_fails_still_forbids_caches_what_it_forbade() {
    for (values, kept) in [
        (&["no-store"][..], "no-store"),
        (&["No-Cache, must-revalidate"], "no-cache"),
        (&["private, max-age=3600"], "private"),
        (
            &["private=\"set-cookie, a\"", "no-store"],
            "private, no-store",
        ),
    ] {
        let headers: Vec<_> = values.iter().map(|value| (CACHE_CONTROL, *value)).collect();
        let sent = failed_with(Error::msg("no"), &headers).await;
        assert_eq!(sent[CACHE_CONTROL], kept);
        assert_eq!(sent.len(), 1);
    }
}

#[tokio::test]
async fn not_found_after_the_commit_is_a_view_and_noindex_in_the_head() {
    let page = || async {
        Ok(html! {
            head { (anabranch_boundaries::Head::title("Shop")) }
            (boundary(fails(not_found())))
        })
    };
    let mut streamed = open(page()).await;
    assert_eq!(streamed.status, StatusCode::OK);
    streamed.frame().await;
    assert_eq!(
        streamed.frame().await,
        "<template for=\"0\"><p role=\"alert\">There is nothing here.</p></template>\
         <template for=\"title\"><?start name=\"title\"><title>Not found</title><?end></template>\
         <template for=\"head\"><meta name=\"robots\" content=\"noindex\"><?marker name=\"head\"></template>\
         <template for=\"title\"><title>Not found</title></template><template for=\"head\"></template>\
         </body></html>#"
    );
    assert_eq!(
        whole(page()).await,
        "<head><title>Not found</title><meta name=\"robots\" content=\"noindex\"></head>\
         <p role=\"alert\">There is nothing here.</p>"
    );
}

#[tokio::test]
async fn a_redirect_after_the_commit_is_a_link_and_a_client_redirect() {
    let page = || async {
        Ok(html! { (boundary(fails(redirect_external("https://a.example/?a=1&b=\"2\"")))) })
    };
    let mut streamed = open(page()).await;
    streamed.frame().await;
    let patch = streamed.frame().await;
    assert_eq!(
        patch,
        "<template for=\"0\">\
         <meta http-equiv=\"refresh\" content=\"0;url=https://a.example/?a=1&amp;b=&quot;2&quot;\">\
         <p><a href=\"https://a.example/?a=1&amp;b=&quot;2&quot;\">Continue to \
         https://a.example/?a=1&amp;b=&quot;2&quot;</a></p></template></body></html>#"
    );
    assert!(
        whole(page())
            .await
            .starts_with("<meta http-equiv=\"refresh\"")
    );
}

#[tokio::test]
async fn an_error_that_panics_when_it_is_printed_is_contained() {
    #[derive(Debug)]
    struct Unprintable;
    impl std::fmt::Display for Unprintable {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            panic!("in Display")
        }
    }
    impl std::error::Error for Unprintable {}
    let log = tracing_subscriber::fmt()
        .with_writer(std::io::sink)
        .finish();
    let _listening = tracing::subscriber::set_default(log);
    let page = open(async {
        Ok(html! { (boundary(async { Err(Unprintable)? }).error(|_| html! { "view" })) })
    })
    .await;
    assert_eq!(text(page).await, "view");
}
