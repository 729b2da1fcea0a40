//! `filmstrip URL`: a picture of a page filling in, frame by frame, and its waterfall.
//!
//! # Layout
//! - here: the page is filmed, and two files are written
//! - `options`: the command line
//! - `strip`: frames side by side

use std::fs;
use std::process::ExitCode;

use anabranch_paint::chromium::PageBuilder;
use anabranch_paint::film::{Film, Footage};
use anabranch_paint::{Chromium, Error, Network, Result, Swap};

use self::options::{Asked, Options};

mod options;
mod strip;

fn main() -> ExitCode {
    let outcome = match Options::parse(lexopt::Parser::from_env()) {
        Ok(Asked::Film(options)) => run(&options),
        Ok(Asked::Help) => {
            eprint!("{}", options::HELP);
            Ok(())
        }
        Err(error) => Err(Error::new(format!("{error} (see filmstrip --help)"))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("filmstrip: {error:?}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result {
    eprintln!("filming {}", options.url);
    let chromium = Chromium::start(Swap::Native)?;
    let footage = film(&chromium, options)?;
    for note in &footage.waterfall.notes {
        eprintln!("note: {note}");
    }
    let strip = strip::draw(&chromium, &footage, options)?;
    write(&format!("{}.png", options.out), strip)?;
    write(&format!("{}.svg", options.out), footage.waterfall.svg())
}

/// Films the page until it is complete.
fn film(chromium: &Chromium, options: &Options) -> Result<Footage> {
    let page = conditions(chromium.page().still(), options).open("about:blank")?;
    let mut film = Film::start(&page, &options.url)?;
    while let Some(step) = film.next(options.patience)? {
        eprintln!("{step}");
    }
    let mut footage = film.finish()?;
    if let Some(title) = &options.title {
        footage.waterfall.title.clone_from(title);
    }
    Ok(footage)
}

/// The page as the command line wants it shown.
fn conditions<'a>(mut page: PageBuilder<'a>, options: &Options) -> PageBuilder<'a> {
    let (width, height) = options.size;
    page = if options.phone {
        page.phone()
    } else {
        page.viewport(width, height)
    };
    if options.dark {
        page = page.dark();
    }
    if options.slow_network {
        page = page.network(Network::FAST_3G);
    }
    match options.cpu {
        Some(times) => page.slow_cpu(times),
        None => page,
    }
}

fn write(path: &str, content: impl AsRef<[u8]>) -> Result {
    fs::write(path, content)
        .map_err(|error| Error::because(format!("cannot write {path}"), error))?;
    eprintln!("wrote {path}");
    Ok(())
}
