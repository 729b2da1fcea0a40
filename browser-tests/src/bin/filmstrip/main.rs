//! `filmstrip URL OUT.png`: a picture of a page filling in, frame by frame.
//!
//! Options: `--frames 5`, `--size 1000x1100` (of the page, in CSS pixels), `--dark`.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::{env, fs};

use anabranch_paint::film::{Film, Frame};
use anabranch_paint::{Chromium, Error, Gates, Result, Server, Swap};
use axum::Router;
use axum::response::Html;
use axum::routing::get;

fn main() -> ExitCode {
    match Options::parse(env::args().skip(1)).and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("filmstrip: {error:?}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result {
    let chromium = Chromium::start(Swap::Native)?;
    let frames = choose(film(&chromium, options)?, options.frames);
    for frame in &frames {
        eprintln!("{:.0} ms", frame.at);
    }
    let picture = picture(&chromium, &frames, options)?;
    fs::write(&options.out, picture)
        .map_err(|error| Error::because(format!("cannot write {}", options.out), error))
}

/// Every frame that the page showed until it was complete.
fn film(chromium: &Chromium, options: &Options) -> Result<Vec<Frame>> {
    let mut page = chromium.page().viewport(options.width, options.height);
    page = page.still();
    if options.dark {
        page = page.dark();
    }
    let page = page.open(&options.url)?;
    let film = Film::start(&page)?;
    page.wait_loaded()?;
    film.stop()
}

/// The first frame, the last, and others evenly between them.
fn choose(frames: Vec<Frame>, count: usize) -> Vec<Frame> {
    if frames.len() <= count {
        return frames;
    }
    let last = frames.len() - 1;
    (0..count)
        .map(|n| frames[n * last / (count - 1)].clone())
        .collect()
}

/// The strip, laid out and drawn by the browser.
fn picture(chromium: &Chromium, frames: &[Frame], options: &Options) -> Result<Vec<u8>> {
    const FRAME: u32 = 260;
    const GAP: u32 = 20;
    const CAPTION: u32 = 34;
    let columns = u32::try_from(frames.len()).unwrap_or(u32::MAX);
    let width = columns * FRAME + (columns + 1) * GAP;
    let height = FRAME * options.height / options.width + CAPTION + 2 * GAP;

    let strip = strip(frames, options);
    let app = Router::new().route("/", get(move || async { Html(strip) }));
    let server = Server::start(app, &Gates::new())?;
    let page = chromium.page().viewport(width, height);
    let page = page.open(&server.url("/"))?;
    page.wait_loaded()?;
    page.screenshot()
}

fn strip(frames: &[Frame], options: &Options) -> String {
    let mut figures = String::new();
    let last = frames.len().saturating_sub(1);
    for (n, Frame { at, png }) in frames.iter().enumerate() {
        let note = if n == last { "complete" } else { "" };
        let at = at / 1_000.0;
        // Writing to a String cannot fail.
        let _ = write!(
            figures,
            "<figure><img src=\"data:image/png;base64,{png}\">\
             <figcaption><b>{at:.2} s</b> {note}</figcaption></figure>"
        );
    }
    include_str!("strip.html")
        .replace("{theme}", if options.dark { "dark" } else { "light" })
        .replace("{figures}", &figures)
}

/// What the command line asks for.
struct Options {
    url: String,
    out: String,
    frames: usize,
    width: u32,
    height: u32,
    dark: bool,
}

impl Options {
    fn parse(arguments: impl Iterator<Item = String>) -> Result<Self> {
        let usage =
            || Error::new("usage: filmstrip URL OUT.png [--frames 5] [--size 1000x1100] [--dark]");
        let (mut frames, mut size, mut dark) = (5, (1000, 1100), false);
        let mut places = Vec::new();
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--frames" => {
                    let count = arguments.next().and_then(|count| count.parse().ok());
                    frames = count.filter(|count| *count > 1).ok_or_else(usage)?;
                }
                "--size" => {
                    let value = arguments.next().ok_or_else(usage)?;
                    size = parse_size(&value).ok_or_else(usage)?;
                }
                "--dark" => dark = true,
                option if option.starts_with('-') => return Err(usage()),
                _ => places.push(argument),
            }
        }
        let [url, out] = <[String; 2]>::try_from(places).map_err(|_| usage())?;
        Ok(Self {
            url,
            out,
            frames,
            width: size.0,
            height: size.1,
            dark,
        })
    }
}

fn parse_size(text: &str) -> Option<(u32, u32)> {
    let (width, height) = text.split_once('x')?;
    let size = (width.parse().ok()?, height.parse().ok()?);
    (size.0 > 0 && size.1 > 0).then_some(size)
}
