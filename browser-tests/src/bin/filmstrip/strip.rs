//! Frames side by side, laid out and drawn by the browser.

use anabranch_paint::film::{Footage, Frame};
use anabranch_paint::{Chromium, Gates, Result, Server};
use axum::Router;
use axum::response::Html;
use axum::routing::get;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::options::Options;

const FRAME: u32 = 260;
const GAP: u32 = 20;
const CAPTION: u32 = 52;

/// A picture of the frames that tell the most, as PNG.
pub(crate) fn draw(chromium: &Chromium, footage: &Footage, options: &Options) -> Result<Vec<u8>> {
    let pictures = choose(&footage.frames, options.frames);
    let columns = u32::try_from(pictures.len()).unwrap_or(u32::MAX);
    let width = columns * FRAME + (columns + 1) * GAP;
    let height = FRAME * options.size.1 / options.size.0 + CAPTION + 2 * GAP;

    let strip = page(&pictures, options).into_string();
    let app = Router::new().route("/", get(move || async { Html(strip) }));
    let server = Server::start(app, &Gates::new())?;
    let page = chromium.page().viewport(width, height);
    let page = page.open(&server.url("/"))?;
    page.wait_loaded()?;
    page.screenshot()
}

/// A frame in the strip.
struct Picture<'a> {
    frame: &'a Frame,
    /// What is new since the picture before.
    shows: Vec<&'a str>,
}

/// The first frame and the last, and between them those that show something new: all of them, or
/// as many as there is room for, at even distances.
fn choose(frames: &[Frame], count: usize) -> Vec<Picture<'_>> {
    let last = frames.len().saturating_sub(1);
    let telling: Vec<_> = (0..frames.len())
        .filter(|n| *n == 0 || *n == last || !frames[*n].shows.is_empty())
        .collect();
    let most = telling.len().saturating_sub(1);
    let chosen: Vec<_> = if most < count {
        telling
    } else {
        (0..count)
            .map(|n| telling[n * most / (count - 1)])
            .collect()
    };
    let mut next = 0;
    chosen
        .into_iter()
        .map(|n| {
            let passed = &frames[next..=n];
            next = n + 1;
            let shows = passed.iter().flat_map(|frame| &frame.shows);
            Picture {
                frame: &frames[n],
                shows: shows.map(String::as_str).collect(),
            }
        })
        .collect()
}

fn page(pictures: &[Picture<'_>], options: &Options) -> Markup {
    let last = pictures.len().saturating_sub(1);
    html! {
        (DOCTYPE)
        html class=(if options.dark { "dark" } else { "light" }) {
            head {
                meta charset="utf-8";
                title { "Filmstrip" }
                style { (PreEscaped(include_str!("strip.css"))) }
            }
            body {
                @for (n, Picture { frame, shows }) in pictures.iter().enumerate() {
                    figure {
                        img src={ "data:image/png;base64," (frame.png) } alt="";
                        figcaption {
                            b { (format!("{:.2} s", frame.at / 1_000.0)) }
                            @if n == last { " visually complete" }
                            p { (if n == 0 && shows.is_empty() { "shell".to_owned() } else { shows.join(", ") }) }
                        }
                    }
                }
            }
        }
    }
}
