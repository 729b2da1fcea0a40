//! A form beside a page: what is wrong with it shows in the page.

use anabranch_boundaries::{Result, not_found};
use anabranch_engine::ResponseParts;
use anabranch_router::app::{Answer, Children, Leaf, Path, Request, Routes, Views, Visit};
use anabranch_router::{Form, FormState, RouteResult, SeeOther, see_other};
use axum::Router;
use axum::body::Body;
use http::header::{CONTENT_TYPE, ORIGIN, SET_COOKIE};
use maud::html;
use serde::Deserialize;

use crate::support::{Reply, nothing_here, read, send};

#[derive(Debug, Default, Deserialize)]
struct Note {
    text: String,
}

async fn page(mut visit: Visit<()>) -> Answer {
    async fn layout(children: Children) -> Result {
        Ok(html! { "layout(" (children.await?) ")" })
    }
    async fn render(Path(id): Path<u8>, form: FormState<Note>) -> Result {
        Ok(
            html! { (id) " text=" (form.value("text")) " error=" (form.error("text").unwrap_or("")) },
        )
    }
    let layout = visit.layout(0, layout).await?;
    let page = visit.page(1, render).await?;
    let views = Views {
        error: Some(|error| html! { "error " (error.status().as_u16()) }),
        not_found: Some(nothing_here),
    };
    let content = visit.loading(|| html! { "…" }, views, page);
    let content = visit.under(layout, content);
    visit.answer(content).await
}

async fn post(parts: ResponseParts, Form(note, mut form): Form<Note>) -> RouteResult<SeeOther> {
    parts.add_cookie(("tried", "1"))?;
    match &*note.text {
        "" => form.reject("text", "Write something."),
        "gone" => return Err(not_found().into()),
        "broken" => return Err(anabranch_boundaries::Error::msg("broken").into()),
        _ => {}
    }
    form.check()?;
    Ok(see_other("/done"))
}

fn app() -> Router {
    let refuse_zero = |Path(id): Path<u8>, request: Request| async move {
        if id == 0 {
            Err(not_found())
        } else {
            Ok(request)
        }
    };
    let leaf = Leaf::new()
        .middleware(1, refuse_zero)
        .page(page)
        .post(1, post);
    Routes::new().route("/notes/[id]", leaf).into_router()
}

async fn submit(uri: &str, body: &'static str) -> Reply {
    let request = Request::post(uri).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    send(&app(), request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_form_with_a_mistake_shows_in_its_page_again() {
    let reply = submit("/notes/7", "text=").await;
    assert_eq!(reply.status, 422);
    assert_eq!(reply.headers[SET_COOKIE], "tried=1");
    assert_eq!(reply.text().await, "layout(7 text= error=Write something.)");
    let (status, text) = read(&app(), "/notes/7").await;
    assert_eq!((status, &*text), (200, "layout(7 text= error=)"));
}

#[tokio::test]
async fn one_without_leads_on() {
    let reply = submit("/notes/7", "text=hello").await;
    assert_eq!(
        (reply.status.as_u16(), reply.location()),
        (303, Some("/done"))
    );
    assert_eq!(reply.headers[SET_COOKIE], "tried=1");
}

#[tokio::test]
async fn what_fails_shows_in_the_views_of_the_page() {
    let reply = submit("/notes/7", "text=broken").await;
    let status = reply.status.as_u16();
    assert_eq!((status, &*reply.text().await), (500, "layout(error 500)"));
    let reply = submit("/notes/7", "text=gone").await;
    let status = reply.status.as_u16();
    assert_eq!(
        (status, &*reply.text().await),
        (404, "layout(nothing here)")
    );
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let request = Request::post("/notes/7")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("host", "here.example")
        .header(ORIGIN, "https://evil.example")
        .header("sec-fetch-site", "cross-site");
    let request = request.body(Body::from("text=hello")).unwrap();
    assert_eq!(send(&app(), request).await.status, 403);
}
