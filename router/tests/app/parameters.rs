//! What `Path` makes of a URL, and how far it sees.

use std::collections::BTreeMap;

use anabranch_boundaries::Result;
use anabranch_router::app::{Answer, Children, Leaf, Path, Routes, Views, Visit};
use axum::Router;
use axum::extract::FromRequestParts;
use maud::{Markup, html};
use serde::Deserialize;

use crate::support::{nothing_here, read};

const VIEWS: Views = Views {
    error: Some(|error| html! { "error " (error.status().as_u16()) }),
    not_found: Some(nothing_here),
};

/// A route whose page shows a `Path<T>` that sees `visible` parameters.
fn app<T>(pattern: &'static str, visible: usize, show: fn(T) -> Markup) -> Router
where
    Path<T>: FromRequestParts<()> + Send + 'static,
    T: Send + 'static,
{
    let page = move |mut visit: Visit<()>| async move {
        let page = visit
            .page(visible, move |Path(value)| async move { Ok(show(value)) })
            .await?;
        let content = visit.catch(VIEWS, page);
        visit.answer(content).await
    };
    Routes::new()
        .route(pattern, Leaf::new().page(page))
        .into_router()
}

async fn shows<T>(pattern: &'static str, path: &str, show: fn(T) -> Markup) -> (u16, String)
where
    Path<T>: FromRequestParts<()> + Send + 'static,
    T: Send + 'static,
{
    read(&app(pattern, 9, show), path).await
}

fn ok(text: &str) -> (u16, String) {
    (200, text.to_owned())
}

#[tokio::test]
async fn one_value_is_the_nearest_parameter() {
    let number = |n: u32| html! { (n + 1) };
    assert_eq!(shows("/a/[x]", "/a/41", number).await, ok("42"));
    assert_eq!(shows("/a/[x]/b/[y]", "/a/1/b/2", number).await, ok("3"));
    let text = |text: String| html! { (text) };
    assert_eq!(
        shows("/[x]", "/%C3%A9%2F%20%25", text).await,
        ok("\u{e9}/ %")
    );
    assert_eq!(shows("/[x]", "/%2B+", text).await.0, 308);
    let flag = |flag: bool| html! { (flag) };
    assert_eq!(shows("/[x]", "/true", flag).await, ok("true"));
    let letter = |letter: char| html! { (letter) };
    assert_eq!(shows("/[x]", "/%C3%A9", letter).await, ok("\u{e9}"));
}

#[tokio::test]
async fn a_tuple_is_the_nearest_ones_and_a_struct_goes_by_name() {
    #[derive(Deserialize)]
    struct Post {
        post: u8,
        user: String,
    }
    let pattern = "/[tenant]/[user]/[post]";
    let pair = |(user, post): (String, u8)| html! { (user) "-" (post) };
    assert_eq!(shows(pattern, "/t/ann/7", pair).await, ok("ann-7"));
    let by_name = |post: Post| html! { (post.user) "-" (post.post) };
    assert_eq!(shows(pattern, "/t/ann/7", by_name).await, ok("ann-7"));
    let all = |all: BTreeMap<String, String>| html! { (all.into_values().collect::<String>()) };
    assert_eq!(shows(pattern, "/t/ann/7", all).await, ok("7tann"));
}

#[tokio::test]
async fn a_rest_is_a_text_or_a_list() {
    let text = |text: String| html! { "[" (text) "]" };
    let list = |list: Vec<String>| html! { (list.len()) ":" (list.join("|")) };
    let option = |text: Option<String>| html! { (text.unwrap_or("none".into())) };
    let numbers = |list: Option<Vec<u8>>| html! { (list.map_or(0, |list| list.iter().sum())) };
    assert_eq!(shows("/d/[...r]", "/d/a/b", text).await, ok("[a/b]"));
    let nothing = (404, "nothing here".to_owned());
    assert_eq!(shows("/d/[...r]", "/d/a%2F..%2Fb", text).await, nothing);
    assert_eq!(shows("/d/[...r]", "/d/x/%5C..%5Cb", text).await, nothing);
    assert_eq!(shows("/d/[...r]", "/d/a%2Fb/c", list).await, ok("2:a/b|c"));
    assert_eq!(shows("/d/[[...r]]", "/d", text).await, ok("[]"));
    assert_eq!(shows("/d/[[...r]]", "/d", list).await, ok("0:"));
    assert_eq!(shows("/d/[[...r]]", "/d", option).await, ok("none"));
    assert_eq!(shows("/d/[[...r]]", "/d/a", option).await, ok("a"));
    assert_eq!(shows("/d/[[...r]]", "/d/1/2", numbers).await, ok("3"));
    assert_eq!(shows("/d/[[...r]]", "/d", numbers).await, ok("0"));
}

#[tokio::test]
async fn a_type_of_ones_own_decides_what_there_is() {
    #[derive(Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Side {
        Left,
        Right,
    }
    #[derive(Deserialize)]
    #[serde(try_from = "String")]
    struct Code(String);
    impl TryFrom<String> for Code {
        type Error = &'static str;
        fn try_from(text: String) -> Result<Self, Self::Error> {
            (text.len() == 3)
                .then_some(Self(text))
                .ok_or("a code has three letters")
        }
    }
    #[derive(Deserialize)]
    struct Id(u8);
    let side = |side: Side| match side {
        Side::Left => html! { "left" },
        Side::Right => html! { "right" },
    };
    let code = |code: Code| html! { (code.0) };
    let id = |id: Id| html! { (id.0) };
    assert_eq!(shows("/[x]", "/left", side).await, ok("left"));
    assert_eq!(shows("/[x]", "/JFK", code).await, ok("JFK"));
    assert_eq!(shows("/[x]", "/7", id).await, ok("7"));
    let nothing = (404, "nothing here".to_owned());
    assert_eq!(shows("/[x]", "/up", side).await, nothing);
    assert_eq!(shows("/[x]", "/KJFK", code).await, nothing);
    assert_eq!(shows("/[x]", "/300", id).await, nothing);
    for number in ["/x", "/+5", "/007", "/-0", "/1.0"] {
        assert_eq!(shows("/[x]", number, |_: i64| html! {}).await, nothing);
    }
    for number in ["/NaN", "/inf", "/x"] {
        assert_eq!(shows("/[x]", number, |_: f64| html! {}).await, nothing);
    }
    assert_eq!(
        shows("/[x]", "/1e39", |_: f32| html! { "infinite" })
            .await
            .0,
        404
    );
    assert_eq!(
        shows("/[x]", "/1.50", |x: f32| html! { (x) }).await,
        ok("1.5")
    );
    assert_eq!(
        shows("/[x]/[y]", "/x/1", |_: (u8, u8)| html! {}).await,
        nothing
    );
}

#[tokio::test]
async fn a_type_that_fits_no_url_is_a_mistake_in_the_program() {
    #[derive(Deserialize)]
    struct Named {
        #[expect(dead_code, reason = "it is never made")]
        other: String,
    }
    let mistake = (500, "error 500".to_owned());
    assert_eq!(shows("/[x]", "/1", |_: (u8, u8)| html! {}).await, mistake);
    assert_eq!(shows("/x", "/x", |_: u8| html! {}).await, mistake);
    assert_eq!(shows("/[x]", "/1", |_: Vec<u8>| html! {}).await, mistake);
    assert_eq!(shows("/[x]", "/1", |_: Named| html! {}).await, mistake);
    assert_eq!(
        read(&app("/[x]/[y]", 0, |_: u8| html! {}), "/1/2").await,
        mistake
    );
}

/// What stands in `/[a]/[b]/[...c]`: a layout at each folder.
async fn nested(mut visit: Visit<()>) -> Answer {
    async fn layout(children: Children, Path(nearest): Path<String>) -> Result {
        Ok(html! { (nearest) "(" (children.await?) ")" })
    }
    async fn layout_of_two(children: Children, Path(pair): Path<(String, String)>) -> Result {
        Ok(html! { (pair.0) (pair.1) "(" (children.await?) ")" })
    }
    let layout_1 = visit.layout(1, layout).await?;
    let layout_2 = visit.layout(2, layout_of_two).await?;
    let page = visit.page(3, |Path((b, c)): Path<(String, String)>| async move {
        Ok(html! { (b) " " (c) })
    });
    let page = page.await?;
    let content = visit.under(layout_2, page);
    let content = visit.under(layout_1, content);
    visit.answer(content).await
}

#[tokio::test]
async fn a_file_sees_the_parameters_down_to_its_folder() {
    let app = Routes::new()
        .route("/[a]/[b]/[...c]", Leaf::new().page(nested))
        .into_router();
    assert_eq!(read(&app, "/1/2/3/4").await, ok("1(12(2 3/4))"));
}

#[tokio::test]
async fn a_layout_whose_value_does_not_parse_is_not_found_above_it() {
    async fn page(mut visit: Visit<()>) -> Answer {
        let number = |children: Children, Path(_): Path<u8>| children;
        let layout_1 = visit.layout(1, number).await?;
        let page = visit.html_page("page");
        let content = visit.catch(Views::default(), page);
        let content = visit.under(layout_1, content);
        let content = visit.catch(VIEWS, content);
        visit.answer(content).await
    }
    let app = Routes::new()
        .route("/[n]", Leaf::new().page(page))
        .into_router();
    assert_eq!(read(&app, "/7").await, ok("page"));
    assert_eq!(read(&app, "/x").await, (404, "nothing here".to_owned()));
}

#[tokio::test]
async fn behind_a_loading_view_a_value_that_does_not_parse_is_a_real_404() {
    async fn page(mut visit: Visit<()>) -> Answer {
        let page = visit
            .page(1, async |Path(n): Path<u8>| Ok(html! { (n) }))
            .await?;
        let content = visit.loading(|| html! { "…" }, VIEWS, page);
        visit.answer(content).await
    }
    let app = Routes::new()
        .route("/[n]", Leaf::new().page(page))
        .into_router();
    assert_eq!(read(&app, "/7").await, ok("7"));
    assert_eq!(read(&app, "/x").await, (404, "nothing here".to_owned()));
}

#[tokio::test]
async fn in_a_route_a_value_that_does_not_parse_is_a_plain_404() {
    let handler = |Path(n): Path<u8>| async move { n.to_string() };
    let app = Routes::new()
        .route("/[n]", Leaf::new().get(1, handler))
        .into_router();
    assert_eq!(read(&app, "/7").await, ok("7"));
    assert_eq!(read(&app, "/x").await, (404, "not found".to_owned()));
}

#[tokio::test]
async fn a_file_may_ask_whether_there_is_a_parameter() {
    async fn page(mut visit: Visit<()>) -> Answer {
        let show = async |path: Option<Path<String>>| {
            Ok(html! { (path.map_or("none".to_owned(), |path| path.0)) })
        };
        let page = visit.page(9, show).await?;
        visit.answer(page).await
    }
    let app = Routes::new()
        .route("/x", Leaf::new().page(page))
        .route("/y/[[...rest]]", Leaf::new().page(page))
        .into_router();
    assert_eq!(read(&app, "/x").await, ok("none"));
    assert_eq!(read(&app, "/y").await, ok("none"));
    assert_eq!(read(&app, "/y/a/b").await, ok("a/b"));
}
