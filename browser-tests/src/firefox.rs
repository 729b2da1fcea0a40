//! Firefox, driven by WebDriver BiDi, which it speaks without a driver.
//!
//! Needs the feature `browser`.
//!
//! It has no native swap, so it shows what the bridge does in an engine that is not Chromium's.
//! Nor does it report paints: an element counts as painted two animation frames after it has got
//! a box.

use std::env;
use std::fmt;
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::json;

use self::connection::Connection;
use self::tab::FirefoxTab;
use crate::program::{self, Program, first_line, fresh_folder};
use crate::{Error, Page, Result};

mod connection;
mod tab;

/// A running headless Firefox.
pub struct Firefox {
    connection: Connection,
    program: Program,
}

impl Firefox {
    /// The Firefox that all tests of this process share.
    ///
    /// # Errors
    /// When Firefox is not found or does not start; every caller gets the error.
    pub fn shared() -> Result<&'static Self> {
        static SHARED: OnceLock<std::result::Result<Firefox, String>> = OnceLock::new();
        SHARED
            .get_or_init(|| Self::start().map_err(|error| format!("{error:?}")))
            .as_ref()
            .map_err(Error::new)
    }

    /// Starts a Firefox of one's own.
    ///
    /// # Errors
    /// When Firefox is not found, does not start or does not answer.
    pub fn start() -> Result<Self> {
        let profile = fresh_folder();
        std::fs::create_dir(&profile)
            .map_err(|error| Error::because("cannot make a profile for Firefox", error))?;
        let mut command = Command::new(find()?);
        command
            .args(["--headless", "--no-remote", "--remote-debugging-port", "0"])
            .arg("--profile")
            .arg(&profile)
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut program = Program::start(&mut command, &profile)?;
        let output = program
            .stderr()
            .ok_or_else(|| Error::new("Firefox has no standard error"))?;
        let address = first_line(output, |line| {
            let address = line.strip_prefix("WebDriver BiDi listening on ws://")?;
            Some(address.to_owned())
        })?;
        let connection = connect(&address)
            .map_err(|error| Error::because("Firefox cannot be talked to", error))?;
        Ok(Self {
            connection,
            program,
        })
    }

    /// Opens the URL in a window of its own and returns without waiting for its response.
    ///
    /// # Errors
    /// When the browser does not answer or the navigation fails.
    pub fn open(&'static self, url: &str) -> Result<Page> {
        FirefoxTab::open(&self.connection, url)
            .map(Page::new)
            .map_err(|error| Error::because(format!("cannot open {url}"), error))
    }
}

impl fmt::Debug for Firefox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Firefox")
            .field("program", &self.program)
            .finish_non_exhaustive()
    }
}

/// Finds Firefox: the environment variable `FIREFOX` first, then `PATH`.
///
/// # Errors
/// When there is none; the message says how to install it.
pub fn find() -> Result<PathBuf> {
    if let Some(firefox) = env::var_os("FIREFOX").map(PathBuf::from) {
        return if firefox.is_file() {
            Ok(firefox)
        } else {
            let firefox = firefox.display();
            Err(Error::new(format!(
                "FIREFOX names {firefox}, which is not a file"
            )))
        };
    }
    let path = env::var_os("PATH").unwrap_or_default();
    program::find(&["firefox-esr", "firefox"], &path)
        .ok_or_else(|| Error::new("Firefox is not installed (apt-get install firefox-esr)"))
}

fn connect(address: &str) -> Result<Connection> {
    let failed = |error| Error::because(format!("no connection to {address}"), error);
    let stream = TcpStream::connect(address).map_err(failed)?;
    let connection = Connection::start(&format!("ws://{address}/session"), stream)?;
    connection.call("session.new", &json!({ "capabilities": {} }))?;
    connection.call(
        "session.subscribe",
        &json!({ "events": ["log.entryAdded"] }),
    )?;
    Ok(connection)
}
