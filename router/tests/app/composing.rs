//! What a page is made of, and in which order it arrives.

use std::sync::{Arc, Mutex};

use anabranch_boundaries::{Head, Result, boundary, not_found};
use anabranch_router::app::{
    Answer, Children, Leaf, PageHead, Piece, Request, Routes, Views, Visit, html as file,
};
use axum::Router;
use axum::extract::State;
use maud::html;
use tokio::sync::oneshot;

use crate::support::{get, get_whole, nothing_here, read, word};

/// Gates that segments wait at, by number.
#[derive(Clone, Default)]
struct Gates(Arc<Mutex<Vec<Option<oneshot::Receiver<()>>>>>);

impl Gates {
    fn new(count: usize) -> (Self, Vec<oneshot::Sender<()>>) {
        let (open, gates): (Vec<_>, Vec<_>) = (0..count).map(|_| oneshot::channel()).unzip();
        let gates = gates.into_iter().map(Some).collect();
        (Self(Arc::new(Mutex::new(gates))), open)
    }

    async fn pass(&self, number: usize) {
        let gate = self.0.lock().unwrap()[number].take();
        gate.expect("a gate is passed once").await.unwrap();
    }
}

/// Three folders, each with a layout and a loading view; each part waits at its gate.
async fn gated(mut visit: Visit<Gates>) -> Answer {
    async fn root(children: Children, head: PageHead) -> Result {
        Ok(html! { head { (head.await?) } body { (children.await?) } })
    }
    async fn one(children: Children, State(gates): State<Gates>) -> Result {
        gates.pass(1).await;
        Ok(html! { "one(" (children.await?) ")" })
    }
    async fn two(children: Children, State(gates): State<Gates>) -> Result {
        gates.pass(2).await;
        Ok(html! { "two(" (children.await?) ")" })
    }
    async fn head(State(gates): State<Gates>) -> Result<Head> {
        gates.pass(0).await;
        Ok(Head::title("gated"))
    }
    async fn page(State(gates): State<Gates>) -> Result {
        gates.pass(3).await;
        Ok(html! { "page" })
    }
    let layout_0 = visit.layout(0, root).await?;
    let layout_1 = visit.layout(0, one).await?;
    let layout_2 = visit.layout(0, two).await?;
    let head = visit.head(0, head).await?;
    let page = visit.page(0, page).await?;
    let content = visit.headed(head, page);
    let content = visit.loading(|| html! { "…page" }, Views::default(), content);
    let content = visit.under(layout_2, content);
    let content = visit.loading(|| html! { "…two" }, Views::default(), content);
    let content = visit.under(layout_1, content);
    let content = visit.loading(|| html! { "…one" }, Views::default(), content);
    let content = visit.under(layout_0, content);
    visit.answer(content).await
}

fn gated_app(gates: Gates) -> Router {
    let routes = Routes::new().route("/", Leaf::new().page(gated));
    routes.into_router().with_state(gates)
}

/// Numbers of the gates in the order they open, and what each frame must hold.
async fn order_of_frames(steps: &[(usize, Option<&str>)]) {
    let (gates, open) = Gates::new(4);
    let mut open: Vec<_> = open.into_iter().map(Some).collect();
    open[0].take().unwrap().send(()).unwrap();
    let mut reply = get(&gated_app(gates), "/").await;
    let shell = reply.frame().await.unwrap();
    assert!(shell.contains("<title>gated</title>"), "{shell}");
    assert!(shell.contains("…one") && !shell.contains("…two"), "{shell}");
    for (gate, expected) in steps {
        open[*gate].take().unwrap().send(()).unwrap();
        if let Some(expected) = expected {
            let frame = reply.frame().await.unwrap();
            assert!(frame.contains(expected), "{expected}: {frame}");
        }
    }
    let rest = reply.text().await;
    assert!(!rest.contains("<template"), "{rest}");
}

#[tokio::test(start_paused = true)]
async fn each_folder_shows_as_soon_as_it_can() {
    let two = "two(<?start name=\"2\">…page<?end>)";
    let one = "one(<?start name=\"1\">…two<?end>)";
    order_of_frames(&[(1, Some(one)), (2, Some(two)), (3, Some("page"))]).await;
    order_of_frames(&[(3, None), (2, None), (1, Some("one(two(page))"))]).await;
    order_of_frames(&[(3, None), (1, Some(one)), (2, Some("two(page)"))]).await;
    order_of_frames(&[
        (2, None),
        (1, Some("one(two(<?start name=\"1\">…page<?end>))")),
        (3, Some("page")),
    ])
    .await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_before_the_heads_are_known() {
    let (gates, mut open) = Gates::new(4);
    let app = gated_app(gates);
    let mut reply = Box::pin(get(&app, "/"));
    tokio::select! {
        biased;
        _ = &mut reply => panic!("the head is pending"),
        () = std::future::ready(()) => {}
    }
    open.remove(0).send(()).unwrap();
    assert_eq!(reply.await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn whole_it_is_the_same_in_one_piece() {
    let (gates, open) = Gates::new(4);
    for gate in open {
        gate.send(()).unwrap();
    }
    let whole = get_whole(&gated_app(gates), "/").await.text().await;
    assert_eq!(
        whole,
        "<head><title>gated</title></head><body>one(two(page))</body>"
    );
}

/// The page is rendered before the layout around it, and whoever wants it whole has no boundary.
#[tokio::test]
async fn a_head_that_a_page_renders_goes_to_the_place_of_the_layouts() {
    async fn root(children: Children, head: PageHead) -> Result {
        Ok(html! { head { (head.await?) } (children.await?) })
    }
    async fn page() -> Result {
        Ok(html! { (Head::title("page")) "page" })
    }
    async fn answer(mut visit: Visit<bool>, has_loading: bool) -> Answer {
        let layout = visit.layout(0, root).await?;
        let head = visit.head(0, async || Ok(Head::title("root").meta("author", "us")));
        let head = head.await?;
        let page = visit.page(0, page).await?;
        if has_loading {
            let page = visit.loading(|| html! { "…" }, Views::default(), page);
            let content = visit.headed(head, page);
            let content = visit.under(layout, content);
            return visit.answer(content).await;
        }
        let content = visit.headed(head, page);
        let content = visit.under(layout, content);
        visit.answer(content).await
    }
    let routes = Routes::new()
        .route("/", Leaf::new().page(|visit| answer(visit, false)))
        .route("/loading", Leaf::new().page(|visit| answer(visit, true)));
    let app = routes.into_router().with_state(true);
    let expected = "<head><title>page</title><meta name=\"author\" content=\"us\"></head>page";
    for path in ["/", "/loading"] {
        assert_eq!(get(&app, path).await.text().await, expected, "{path}");
        assert_eq!(get_whole(&app, path).await.text().await, expected, "{path}");
    }
}

#[tokio::test]
async fn heads_are_merged_from_the_root() {
    async fn root(children: Children, head: PageHead) -> Result {
        Ok(html! { head { (head.await?) } (children.await?) })
    }
    async fn root_head() -> Result<Head> {
        Ok(Head::title("site")
            .meta("author", "us")
            .meta("description", "all"))
    }
    async fn page_head(request: http::Uri) -> Result<Head> {
        Ok(Head::title(request.path()).meta("description", "one"))
    }
    async fn page(mut visit: Visit<()>) -> Answer {
        let layout_0 = visit.layout(0, root).await?;
        let head_0 = visit.head(0, root_head).await?;
        let head_1 = visit.head(0, page_head).await?;
        let page = visit.html_page("page");
        let content = visit.headed(head_1, page);
        let content = visit.under(layout_0, content);
        let content = visit.headed(head_0, content);
        visit.answer(content).await
    }
    let app = Routes::new()
        .route("/x", Leaf::new().page(page))
        .into_router();
    let (_, text) = read(&app, "/x").await;
    assert_eq!(
        text,
        "<head><title>/x</title><meta name=\"author\" content=\"us\">\
         <meta name=\"description\" content=\"one\"></head>page"
    );
}

#[tokio::test]
async fn a_page_may_be_made_of_files_alone() {
    const LAYOUT: &[Piece] = &[
        Piece::Text("<head>"),
        Piece::Head,
        Piece::Text("</head><main>"),
        Piece::Children,
        Piece::Text("</main>"),
    ];
    async fn title() -> Result<Head> {
        Ok(Head::title("files"))
    }
    async fn page(mut visit: Visit<()>) -> Answer {
        let layout_0 = visit.html_layout(LAYOUT);
        let head_0 = visit.head(0, title).await?;
        let page = visit.html_page("<p>hello");
        let content = visit.headed(head_0, page);
        let content = visit.under(layout_0, content);
        visit.answer(content).await
    }
    async fn missing(mut visit: Visit<()>) -> Answer {
        let layout_0 = visit.html_layout(LAYOUT);
        let content = visit.unmatched();
        let views = Views {
            error: Some(|_| file("error")),
            not_found: Some(|| file("<p>nothing")),
        };
        let content = visit.catch(views, content);
        let content = visit.under(layout_0, content);
        visit.answer(content).await
    }
    let app = Routes::new()
        .route("/", Leaf::new().page(page))
        .unmatched("/", Leaf::new().page(missing))
        .into_router();
    let expected = "<head><title>files</title></head><main><p>hello</main>";
    assert_eq!(read(&app, "/").await, (200, expected.to_owned()));
    let expected = "<head><title>Not found</title><meta name=\"robots\" content=\"noindex\">\
                    </head><main><p>nothing</main>";
    assert_eq!(read(&app, "/x").await, (404, expected.to_owned()));
}

#[tokio::test]
async fn boundaries_of_layouts_and_page_are_the_pages() {
    async fn layout(children: Children) -> Result {
        Ok(html! { (boundary(word("nav"))) "|" (children.await?) "|" (boundary(word("end"))) })
    }
    async fn page(mut visit: Visit<()>) -> Answer {
        let layout_0 = visit.layout(0, layout).await?;
        let page = visit
            .page(0, async || Ok(html! { (boundary(word("page"))) }))
            .await?;
        let content = visit.under(layout_0, page);
        visit.answer(content).await
    }
    let app = Routes::new()
        .route("/", Leaf::new().page(page))
        .into_router();
    assert_eq!(read(&app, "/").await, (200, "nav|page|end".to_owned()));
}

#[tokio::test]
async fn a_page_may_take_the_whole_request() {
    async fn page(mut visit: Visit<()>) -> Answer {
        let show = |request: Request| async move { Ok(html! { (request.uri().path()) }) };
        let page = visit.page(0, show).await?;
        visit.answer(page).await
    }
    let app = Routes::new()
        .route("/x", Leaf::new().page(page))
        .into_router();
    assert_eq!(read(&app, "/x").await, (200, "/x".to_owned()));
}

#[tokio::test]
async fn every_layout_may_ask_for_the_heads() {
    async fn layout(children: Children, head: PageHead) -> Result {
        let title = head.await?;
        let title = title.title_text().unwrap_or("none");
        Ok(html! { (title) "(" (children.await?) ")" })
    }
    async fn page(mut visit: Visit<()>) -> Answer {
        let layout_0 = visit.layout(0, layout).await?;
        let layout_1 = visit.layout(0, layout).await?;
        let head = visit.head(0, async || Ok(Head::title("x"))).await?;
        let page = visit.html_page("page");
        let content = visit.headed(head, page);
        let content = visit.under(layout_1, content);
        let content = visit.under(layout_0, content);
        visit.answer(content).await
    }
    let app = Routes::new()
        .route("/", Leaf::new().page(page))
        .into_router();
    assert_eq!(read(&app, "/").await, (200, "x(x(page))".to_owned()));
}

#[tokio::test]
async fn the_layouts_down_to_a_loading_view_stay_around_what_fails_behind_it() {
    const VIEWS: Views = Views {
        error: None,
        not_found: Some(nothing_here),
    };
    async fn lay(children: Children) -> Result {
        Ok(html! { "lay(" (children.await?) ")" })
    }
    async fn missing() -> Result<Head> {
        Err(not_found())
    }
    // The only view is that of the root, above the folder of `lay`.
    async fn alone(mut visit: Visit<()>) -> Answer {
        let layout = visit.layout(0, lay).await?;
        let head = visit.head(0, missing).await?;
        let page = visit.html_page("page");
        let content = visit.headed(head, page);
        let content = visit.under(layout, content);
        let content = visit.catch(VIEWS, content);
        visit.answer(content).await
    }
    async fn behind_loading(mut visit: Visit<()>) -> Answer {
        let layout = visit.layout(0, lay).await?;
        let head = visit.head(0, missing).await?;
        let page = visit.html_page("page");
        let content = visit.headed(head, page);
        let content = visit.loading(|| html! { "…" }, VIEWS, content);
        let content = visit.under(layout, content);
        let content = visit.catch(VIEWS, content);
        visit.answer(content).await
    }
    let app = Routes::new()
        .route("/alone", Leaf::new().page(alone))
        .route("/behind", Leaf::new().page(behind_loading))
        .into_router();
    assert_eq!(read(&app, "/alone").await, (404, "nothing here".to_owned()));
    let shown = (404, "lay(nothing here)".to_owned());
    assert_eq!(read(&app, "/behind").await, shown);
    let whole = get_whole(&app, "/behind").await;
    assert_eq!((whole.status.as_u16(), whole.text().await), shown);
}
