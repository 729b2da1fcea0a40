//! What is measured.

use std::hint::black_box;
use std::pin::pin;
use std::task::Poll;

use anabranch::prelude::*;
use anabranch_engine::{Settings, Visit, render};
use anabranch_html::document;
use anabranch_html::marker::{self, Name, Swap};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::get;
use bench_workloads::pages::{document as page_of, list, loading, paragraph, section};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::app;

/// Boundaries of a page.
const BOUNDARIES: u32 = 50;

/// One thing that is done to answer a request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Case {
    /// The markers around loading views and contents.
    Encode,
    /// Boundaries that wait, up to three times each, and leave as patches.
    Schedule,
    /// Boundaries that are ready at once, in pairs, and are written in their places.
    Fold,
    /// A page of an `app/` folder: from the path to the response.
    Route,
    /// A handler's page without boundaries, most of it text.
    Page,
}

impl Case {
    pub(crate) const ALL: [Self; 5] = [
        Self::Encode,
        Self::Schedule,
        Self::Fold,
        Self::Route,
        Self::Page,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Encode => "encode",
            Self::Schedule => "schedule",
            Self::Fold => "fold",
            Self::Route => "route",
            Self::Page => "page",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|case| case.name() == name)
    }

    /// Does it so often.
    pub(crate) fn run(self, times: u32) -> crate::Result {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()?;
        runtime.block_on(async {
            match self {
                Self::Encode => (0..times).for_each(|_| drop(black_box(encode()))),
                Self::Schedule => drive(times, waiting).await,
                Self::Fold => drive(times, ready).await,
                Self::Route => answer(times, app::router(), "/items/7").await,
                Self::Page => {
                    let app = Router::new().route("/", get(page(text)));
                    answer(times, app, "/").await;
                }
            }
        });
        Ok(())
    }
}

fn encode() -> String {
    let mut out = String::new();
    for n in 0..BOUNDARIES {
        marker::open_placeholder(&mut out, Name(n));
        out.push('…');
        marker::close_placeholder(&mut out);
    }
    document::pad(&mut out);
    for n in 0..BOUNDARIES {
        marker::open_patch(&mut out, Name(n), Swap::Native);
        document::escape(&mut out, "row 7: quick brown fox & lazy dog <7>");
        marker::close_patch(&mut out);
    }
    out
}

/// Drives a page to its end, as a server does that can always write.
async fn drive<F>(times: u32, page: fn() -> F)
where
    F: Future<Output = Result> + Send + 'static,
{
    for _ in 0..times {
        let rendered = render(Visit::new(Settings::new()), page()).await;
        read(rendered.body).await;
    }
}

async fn read(body: impl axum::body::HttpBody<Data = axum::body::Bytes>) {
    let mut body = pin!(body);
    while let Some(Ok(frame)) = body.frame().await {
        black_box(frame);
    }
}

/// Sends requests for `path` to `app`.
async fn answer(times: u32, app: Router, path: &str) {
    for _ in 0..times {
        let request = Request::builder().uri(path).body(Body::empty());
        let Ok(request) = request else { return };
        let Ok(response) = app.clone().oneshot(request).await;
        read(response.into_body()).await;
    }
}

async fn text() -> Result {
    Ok(page_of("page", "", list()))
}

async fn waiting() -> Result {
    let main = html! {
        @for n in 0..BOUNDARIES {
            (section(n as usize, boundary(late(n)).loading(loading(n as usize))))
        }
    };
    Ok(page_of("schedule", "", main))
}

async fn late(n: u32) -> Result {
    give_way(1 + n % 3).await;
    Ok(paragraph(n as usize))
}

async fn ready() -> Result {
    let main = html! {
        @for n in 0..BOUNDARIES / 2 {
            (section(n as usize, boundary(pair(n)).loading(loading(n as usize))))
        }
    };
    Ok(page_of("fold", "", main))
}

async fn pair(n: u32) -> Result {
    let inner = async move { Ok(paragraph(n as usize)) };
    Ok(html! { div { (boundary(inner)) } })
}

/// Is woken as often as told before it is ready.
async fn give_way(times: u32) {
    let mut left = times;
    std::future::poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
