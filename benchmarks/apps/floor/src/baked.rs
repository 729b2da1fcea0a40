//! The pages, as steps: what to wait for and what to write then.

use std::{sync::LazyLock, time::Duration};

use bench_workloads::{
    pages::{TAIL, document, level, list, loading, paragraph, section, wait},
    schedule::{LEVELS, PARAGRAPHS, SIBLINGS, STAGGERED, WAVES, parked_for, yields_of},
    wire::{SWAP_SCRIPT, TRIGGER, placeholder, write_patch},
};
use bytes::Bytes;
use maud::{Markup, html};

/// One page and how it is written.
pub(crate) struct Page {
    pub(crate) path: &'static str,
    pub(crate) steps: Vec<Step>,
}

/// One frame and what comes before it.
pub(crate) struct Step {
    pub(crate) wait: Wait,
    pub(crate) content: Content,
}

/// What a frame waits for, once the frame before it is written.
#[derive(Clone, Copy)]
pub(crate) enum Wait {
    Nothing,
    Yield,
    /// Since the response started.
    Until(Duration),
}

/// What a frame holds.
pub(crate) enum Content {
    Baked(Bytes),
    /// The time goes between the two when the frame is written.
    Stamped(Bytes, Bytes),
}

/// All pages.
pub(crate) static PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| {
    let page = |path, steps| Page { path, steps };
    vec![
        page(
            "/w1",
            vec![Step::baked(Wait::Nothing, document("w1", "", list()).0)],
        ),
        page("/w2", one()),
        page(
            "/w3",
            siblings("w3", [(Wait::Yield, (0..SIBLINGS).collect())]),
        ),
        page("/w4", nested()),
        page("/w5", paragraphs()),
        page(
            "/w6",
            siblings(
                "w6",
                (0..SIBLINGS).map(|i| (Wait::Until(parked_for(i)), vec![i])),
            ),
        ),
        page("/w7", staggered()),
        page(
            "/w8",
            siblings("w8", [(Wait::tick(), (0..SIBLINGS).collect())]),
        ),
    ]
});

fn one() -> Vec<Step> {
    let shell = shell("w2", &placeholder(0, &loading(0)));
    finish(vec![shell, patches(Wait::Yield, &[0], |_| list())])
}

/// Ten sections with the list, in `frames` of boundaries that are ready together.
fn siblings(title: &str, frames: impl IntoIterator<Item = (Wait, Vec<usize>)>) -> Vec<Step> {
    let frames = frames
        .into_iter()
        .map(|(wait, names)| patches(wait, &names, |_| list()));
    finish(
        [shell(title, &sections())]
            .into_iter()
            .chain(frames)
            .collect(),
    )
}

fn nested() -> Vec<Step> {
    let shell = shell("w4", &placeholder(0, &loading(1)));
    let levels = (1..=LEVELS).map(|n| {
        let inner = if n < LEVELS {
            placeholder(n, &loading(n + 1))
        } else {
            list()
        };
        patches(Wait::Yield, &[n - 1], |_| level(n, &inner))
    });
    finish([shell].into_iter().chain(levels).collect())
}

fn paragraphs() -> Vec<Step> {
    let main = html! { @for i in 0..PARAGRAPHS { (placeholder(i, &wait())) } };
    let waves = (1..=WAVES).map(|yields| {
        let names: Vec<_> = (0..PARAGRAPHS)
            .filter(|&i| yields_of(i) == yields)
            .collect();
        patches(Wait::Yield, &names, paragraph)
    });
    finish([shell("w5", &main)].into_iter().chain(waves).collect())
}

fn staggered() -> Vec<Step> {
    let mut order: Vec<_> = (0..SIBLINGS).collect();
    order.sort_by_key(|&i| STAGGERED[i]);
    let frames = order.into_iter().map(|i| Step {
        wait: Wait::Until(Duration::from_millis(STAGGERED[i])),
        content: Content::Stamped(
            format!(r#"<template for="{i}"><p>r{i}@"#).into(),
            format!("</p></template>{TRIGGER}").into(),
        ),
    });
    finish(
        [shell("w7", &sections())]
            .into_iter()
            .chain(frames)
            .collect(),
    )
}

fn sections() -> Markup {
    html! { @for i in 0..SIBLINGS { (section(i, placeholder(i, &loading(i)))) } }
}

fn shell(title: &str, main: &Markup) -> Step {
    let document = document(title, SWAP_SCRIPT, main).0;
    let shell = document
        .strip_suffix(TAIL)
        .expect("every document ends with its tail");
    Step::baked(Wait::Nothing, shell.into())
}

fn patches(wait: Wait, names: &[usize], content: impl Fn(usize) -> Markup) -> Step {
    let mut frame = String::new();
    for &name in names {
        write_patch(&mut frame, name, &content(name));
    }
    frame.push_str(TRIGGER);
    Step::baked(wait, frame)
}

/// Joins the tail of the document to the last frame.
fn finish(mut steps: Vec<Step>) -> Vec<Step> {
    if let Some(Step {
        content: Content::Baked(last) | Content::Stamped(_, last),
        ..
    }) = steps.last_mut()
    {
        *last = [&last[..], TAIL.as_bytes()].concat().into();
    }
    steps
}

impl Step {
    fn baked(wait: Wait, frame: String) -> Self {
        Self {
            wait,
            content: Content::Baked(frame.into()),
        }
    }
}

impl Wait {
    const fn tick() -> Self {
        Self::Until(Duration::from_millis(5))
    }
}
