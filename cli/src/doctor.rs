//! `cargo anabranch doctor`: does streaming survive the way from an app to here?

mod client;
mod recording;
mod verdict;

use std::process::ExitCode;

use clap::Args;
use tokio::runtime::Builder;

use self::client::Url;
use self::recording::Recording;
use self::verdict::{Findings, Verdict};
use crate::error::{Error, Result};
use crate::terminal;

/// Find out whether a page streams all the way to here
///
/// Asks for the page as a browser does, measures when its shell and its patches arrive, and says
/// what holds them back if something does. Choose a page with a part that takes a second.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// The page, as visitors ask for it
    url: Url,
    /// The same page, asked of the app itself, to tell the app from what stands in front of it
    #[arg(long, value_name = "URL")]
    direct: Option<Url>,
}

impl Doctor {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Error::because("cannot start", error))?;
        let findings = runtime.block_on(self.examine())?;
        let verdict = findings.verdict();
        for line in verdict.explain() {
            terminal::text(&format!("{line}\n"));
        }
        let good = matches!(verdict, Verdict::Streams { .. });
        Ok(ExitCode::from(u8::from(!good)))
    }

    async fn examine(self) -> Result<Findings> {
        let (url, plain) = measure("Asking", self.url, None).await?;
        let (_, compressed) = measure("Asking", url, Some("gzip, br, zstd")).await?;
        let direct = match self.direct {
            Some(direct) => Some(measure("Asking", direct, None).await?.1),
            None => None,
        };
        Ok(Findings {
            plain,
            compressed,
            direct,
        })
    }
}

/// How often a redirect is followed.
const REDIRECTS: usize = 5;

/// Asks for a page and shows when it comes. Returns where it was in the end, too.
async fn measure(verb: &str, url: Url, coding: Option<&str>) -> Result<(Url, Recording)> {
    let mut url = url;
    for _ in 0..=REDIRECTS {
        let with = coding.map_or(String::new(), |coding| format!(", accepting {coding}"));
        terminal::doing(verb, format!("{url}{with}"));
        let recording = client::record(&url, coding).await?;
        for line in recording.lines() {
            terminal::text(&format!("{:13}{line}\n", ""));
        }
        match recording.redirect() {
            Some(location) => url = url.join(location)?,
            None => return Ok((url, recording)),
        }
    }
    Err(Error::new(format!("{url} redirects without end")))
}
