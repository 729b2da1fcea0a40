//! What `main` holds. Data is an `ArcAsyncDerived`, which runs on the executor as a resource does
//! but is not written into the page for hydration.

use std::sync::Mutex;

use bench_workloads::{
    pages::ITEMS,
    schedule::{LEVELS, PARAGRAPHS, SIBLINGS, parked, staggered, tick, yields, yields_of},
};
use leptos::prelude::*;

pub fn w1() -> impl IntoView {
    list()
}

pub fn w2() -> impl IntoView {
    after(|| yields(1), loading(0), |()| list())
}

pub fn w3() -> impl IntoView {
    siblings(|i| after(|| yields(1), loading(i), |()| list()))
}

pub fn w4() -> impl IntoView {
    next(1)
}

pub fn w5() -> impl IntoView {
    let paragraph = |i| view! { <p>{format!("Paragraph {i}: the quick brown fox jumps over the lazy dog.")}</p> };
    (0..PARAGRAPHS)
        .map(|i| {
            after(
                move || yields(yields_of(i)),
                view! { <i>"wait"</i> }.into_any(),
                move |()| paragraph(i),
            )
        })
        .collect_view()
}

pub fn w6() -> impl IntoView {
    siblings(|i| after(move || parked(i), loading(i), |()| list()))
}

pub fn w7() -> impl IntoView {
    siblings(|i| {
        after(
            move || staggered(i),
            loading(i),
            move |time| view! { <p>{format!("r{i}@{time}")}</p> },
        )
    })
}

pub fn w8() -> impl IntoView {
    siblings(|i| after(tick, loading(i), |()| list()))
}

/// A boundary: `content` of what `wait` gives, and `loading` until then.
fn after<T, F, V>(
    wait: impl Fn() -> F + Send + Sync + 'static,
    loading: AnyView,
    content: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
    V: IntoView + 'static,
{
    let data = ArcAsyncDerived::new(wait);
    let fallback = Mutex::new(Some(loading));
    view! {
        <Suspense fallback=move || fallback.lock().ok().and_then(|mut view| view.take())>
            {
                let (data, content) = (data.clone(), content.clone());
                Suspend::new(async move { content(data.await) })
            }
        </Suspense>
    }
    .into_any()
}

fn siblings(content: impl Fn(usize) -> AnyView) -> impl IntoView {
    (0..SIBLINGS)
        .map(|i| {
            view! {
                <section>
                    <h2>{format!("Section {i}")}</h2>
                    {content(i)}
                </section>
            }
        })
        .collect_view()
}

/// A boundary around level `n`.
fn next(n: usize) -> AnyView {
    after(|| yields(1), loading(n), move |()| level(n))
}

fn level(n: usize) -> AnyView {
    view! {
        <section>
            <h2>{format!("Level {n}")}</h2>
            <p>{format!("This is level {n} of four.")}</p>
            {if n < LEVELS { next(n + 1) } else { list().into_any() }}
        </section>
    }
    .into_any()
}

fn loading(i: usize) -> AnyView {
    view! { <p>{format!("Loading {i}")}</p> }.into_any()
}

fn list() -> impl IntoView {
    let items = ITEMS
        .iter()
        .map(
            |item| view! { <li><b>{item.title.as_str()}</b><span>{item.text.as_str()}</span></li> },
        )
        .collect_view();
    view! { <ul>{items}</ul> }
}
