//! The pages, in one layout. Their markup is topcoat's own, so that it escapes the text.

use bench_workloads::{
    pages::ITEMS,
    schedule::{LEVELS, PARAGRAPHS, SIBLINGS, parked, staggered, tick, yields, yields_of},
};
use topcoat::{
    Result,
    context::Cx,
    router::{layout, page, request::uri},
    view::{component, view},
};

#[layout("/")]
async fn document(cx: &Cx, slot: Result) -> Result {
    let name = uri(cx).path().trim_start_matches('/');
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8">
                <title>(name)</title>
            </head>
            <body>
                <header>
                    <h1>"Bench " (name)</h1>
                </header>
                <nav>
                    <a href="/w1">"w1"</a>
                    <a href="/w2">"w2"</a>
                    <a href="/w3">"w3"</a>
                    <a href="/w4">"w4"</a>
                    <a href="/w5">"w5"</a>
                    <a href="/w6">"w6"</a>
                    <a href="/w7">"w7"</a>
                </nav>
                <main>(slot?)</main>
            </body>
        </html>
    }
}

#[page("/w1")]
async fn w1() -> Result {
    view! { list() }
}

#[page("/w2")]
async fn w2() -> Result {
    view! { list_after_a_yield() }
}

#[page("/w3")]
async fn w3() -> Result {
    view! {
        for i in 0..SIBLINGS {
            <section>
                <h2>"Section " (i)</h2>
                list_after_a_yield(key: i)
            </section>
        }
    }
}

#[page("/w4")]
async fn w4() -> Result {
    view! { level(n: 1) }
}

#[page("/w5")]
async fn w5() -> Result {
    view! {
        for i in 0..PARAGRAPHS {
            paragraph(key: i, i: i)
        }
    }
}

#[page("/w6")]
async fn w6() -> Result {
    view! {
        for i in 0..SIBLINGS {
            <section>
                <h2>"Section " (i)</h2>
                parked_list(key: i, i: i)
            </section>
        }
    }
}

#[page("/w7")]
async fn w7() -> Result {
    view! {
        for i in 0..SIBLINGS {
            <section>
                <h2>"Section " (i)</h2>
                stamp(key: i, i: i)
            </section>
        }
    }
}

#[page("/w8")]
async fn w8() -> Result {
    view! {
        for i in 0..SIBLINGS {
            <section>
                <h2>"Section " (i)</h2>
                list_after_a_tick(key: i)
            </section>
        }
    }
}

#[component]
async fn list() -> Result {
    view! {
        <ul>
            for item in ITEMS.iter() {
                <li><b>(&item.title)</b><span>(&item.text)</span></li>
            }
        </ul>
    }
}

#[component]
async fn list_after_a_yield() -> Result {
    yields(1).await;
    view! { list() }
}

#[component]
async fn list_after_a_tick() -> Result {
    tick().await;
    view! { list() }
}

#[component]
async fn parked_list(i: usize) -> Result {
    parked(i).await;
    view! { list() }
}

/// A level around the next one, which starts to wait when this one is there.
#[component(boxed)]
async fn level(n: usize) -> Result {
    yields(1).await;
    view! {
        <section>
            <h2>"Level " (n)</h2>
            <p>"This is level " (n) " of four."</p>
            if n < LEVELS {
                level(n: n + 1)
            } else {
                list()
            }
        </section>
    }
}

#[component]
async fn paragraph(i: usize) -> Result {
    yields(yields_of(i)).await;
    view! { <p>"Paragraph " (i) ": the quick brown fox jumps over the lazy dog."</p> }
}

#[component]
async fn stamp(i: usize) -> Result {
    let time = staggered(i).await;
    view! { <p>"r" (i) "@" (time)</p> }
}
