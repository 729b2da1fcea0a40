//! `filmstrip URL`: a picture of a page filling in, frame by frame, and its waterfall.
//!
//! # Layout
//! - here: the page is filmed, and two files are written
//! - `options`: the command line
//! - `strip`: frames side by side

use std::fs;
use std::process::ExitCode;

use anabranch_paint::film::{Film, Footage};
use anabranch_paint::{Chromium, Error, Result, Swap};

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
    let (width, height) = options.size;
    let mut page = chromium.page().viewport(width, height).still();
    if options.dark {
        page = page.dark();
    }
    let page = page.open("about:blank")?;
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

fn write(path: &str, content: impl AsRef<[u8]>) -> Result {
    fs::write(path, content)
        .map_err(|error| Error::because(format!("cannot write {path}"), error))?;
    eprintln!("wrote {path}");
    Ok(())
}
