//! The command line.

use std::ffi::OsString;
use std::time::Duration;

use lexopt::prelude::*;

/// The size of the kit's phone.
const PHONE: (u32, u32) = (390, 844);

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Takes a picture of a page filling in: NAME.png shows it frame by frame, NAME.svg is a waterfall
of its request, its shell and each of its boundaries.

Usage: filmstrip [OPTIONS] URL

Options:
  -o, --out NAME        where to write, without an extension [default: from the URL]
      --title TEXT      above the waterfall [default: the title of the page]
      --frames N        how many frames at most, two or more [default: 5]
      --size WxH        size of the window in CSS pixels [default: 1000x1100]
      --phone           show the page as a phone does, 390x844
      --dark            prefer dark colours
      --slow-network    563 ms to an answer, 1,440 kbit/s: a phone on a train
      --cpu N           a processor that is N times slower
      --patience SECS   give up after so long without anything new [default: 60]
  -h, --help            print this

The page may be anybody's. For one that Anabranch serves with its inspector on, the waterfall has
the times of the server too. Chromium is looked for in PATH, or named by CHROME.
";

/// What the command line asks for.
#[derive(Debug, PartialEq)]
pub(crate) enum Asked {
    /// A film of a page.
    Film(Options),
    /// The text of `--help`.
    Help,
}

/// How a page is filmed.
#[derive(Debug, PartialEq)]
pub(crate) struct Options {
    pub(crate) url: String,
    pub(crate) out: String,
    pub(crate) title: Option<String>,
    pub(crate) frames: usize,
    pub(crate) size: (u32, u32),
    pub(crate) phone: bool,
    pub(crate) dark: bool,
    pub(crate) slow_network: bool,
    /// How many times slower the processor is.
    pub(crate) cpu: Option<f64>,
    pub(crate) patience: Duration,
}

impl Options {
    pub(crate) fn parse(mut arguments: lexopt::Parser) -> Result<Asked, lexopt::Error> {
        let (mut url, mut out, mut size) = (None, None, None);
        let mut options = Self::default();
        while let Some(argument) = arguments.next()? {
            match argument {
                Short('h') | Long("help") => return Ok(Asked::Help),
                Short('o') | Long("out") => out = Some(arguments.value()?.string()?),
                Long("title") => options.title = Some(arguments.value()?.string()?),
                Long("frames") => options.frames = arguments.value()?.parse_with(parse_frames)?,
                Long("size") => size = Some(arguments.value()?.parse_with(parse_size)?),
                Long("phone") => options.phone = true,
                Long("dark") => options.dark = true,
                Long("slow-network") => options.slow_network = true,
                Long("cpu") => options.cpu = Some(arguments.value()?.parse_with(parse_times)?),
                Long("patience") => {
                    options.patience = Duration::from_secs(arguments.value()?.parse()?);
                }
                Value(value) if url.is_none() => url = Some(complete(value)?),
                _ => return Err(argument.unexpected()),
            }
        }
        options.size = match size {
            Some(_) if options.phone => return Err("--phone has a size of its own".into()),
            Some(size) => size,
            None if options.phone => PHONE,
            None => options.size,
        };
        options.url = url.ok_or("the URL of a page is missing")?;
        options.out = match out {
            Some(out) => without_extension(&out),
            None => name(&options.url),
        };
        Ok(Asked::Film(options))
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            url: String::new(),
            out: String::new(),
            title: None,
            frames: 5,
            size: (1000, 1100),
            phone: false,
            dark: false,
            slow_network: false,
            cpu: None,
            patience: Duration::from_mins(1),
        }
    }
}

/// A URL with its scheme: people leave it out, browsers do not.
fn complete(url: OsString) -> Result<String, lexopt::Error> {
    let url = url.string()?;
    let has_scheme = url.contains("://") || url.starts_with("data:");
    Ok(if has_scheme {
        url
    } else {
        format!("http://{url}")
    })
}

/// A name for the files of a page: its path, else its host.
fn name(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let path = path.trim_matches('/');
    let name = if path.is_empty() { host } else { path };
    name.replace(
        |letter: char| !letter.is_alphanumeric() && letter != '.',
        "-",
    )
}

fn without_extension(out: &str) -> String {
    let stem = out
        .strip_suffix(".png")
        .or_else(|| out.strip_suffix(".svg"));
    stem.unwrap_or(out).to_owned()
}

fn parse_frames(text: &str) -> Result<usize, &'static str> {
    let count = text.parse().ok().filter(|count| *count > 1);
    count.ok_or("a strip has two frames or more")
}

fn parse_times(text: &str) -> Result<f64, &'static str> {
    let times = text
        .parse()
        .ok()
        .filter(|times| (1.0..=100.0).contains(times));
    times.ok_or("a processor can be 1 to 100 times slower")
}

fn parse_size(text: &str) -> Result<(u32, u32), &'static str> {
    let sides = text.split_once('x');
    let size = sides.and_then(|(width, height)| Some((side(width)?, side(height)?)));
    size.ok_or("a size is two numbers of pixels, such as 1000x1100")
}

fn side(text: &str) -> Option<u32> {
    text.parse()
        .ok()
        .filter(|pixels| (1..=10_000).contains(pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Options, String> {
        let parser = lexopt::Parser::from_args(arguments);
        match Options::parse(parser) {
            Ok(Asked::Film(options)) => Ok(options),
            Ok(Asked::Help) => Err("help".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn a_url_is_enough() {
        let options = parse(&["127.0.0.1:3000/airports/BOS?tab=2"]).unwrap();
        assert_eq!(options.url, "http://127.0.0.1:3000/airports/BOS?tab=2");
        assert_eq!(options.out, "airports-BOS");
        assert_eq!(options.frames, 5);
    }

    #[test]
    fn the_root_of_a_site_is_named_after_its_host() {
        assert_eq!(parse(&["https://example.com/"]).unwrap().out, "example.com");
        assert_eq!(parse(&["127.0.0.1:3000"]).unwrap().out, "127.0.0.1-3000");
    }

    #[test]
    fn a_name_may_have_the_extension_of_either_file() {
        for out in ["docs/film", "docs/film.png", "docs/film.svg"] {
            assert_eq!(parse(&["a.test", "--out", out]).unwrap().out, "docs/film");
        }
    }

    #[test]
    fn mistakes_are_told_in_words() {
        for (arguments, words) in [
            (&[][..], "the URL of a page is missing"),
            (&["a.test", "b.test"], "unexpected argument \"b.test\""),
            (&["a.test", "--frames", "1"], "two frames or more"),
            (&["a.test", "--size", "wide"], "such as 1000x1100"),
            (&["a.test", "--size", "0x10"], "such as 1000x1100"),
            (&["a.test", "--cpu", "-1"], "1 to 100 times slower"),
            (&["a.test", "--phone", "--size", "9x9"], "a size of its own"),
            (&["a.test", "--sizes"], "invalid option '--sizes'"),
        ] {
            let error = parse(arguments).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }
}
