//! WebKitGTK, driven by classic WebDriver.
//!
//! Needs the feature `browser`.
//!
//! Like Firefox it has no native swap and reports no paints. Scripts cannot be installed in a page
//! before its own, so the page is observed from the first question on, and errors of scripts that
//! came before are not seen. A driver has one session, and a session does one thing at a time:
//! every open page has a browser of its own, which the next page takes over.

use std::env;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use self::session::Session;
use self::tab::WebKitTab;
use crate::program::{self, Program, first_line, fresh_folder};
use crate::{Error, Page, Result};

mod session;
mod tab;

/// Opens the URL in a browser of its own, without waiting for its response.
///
/// # Errors
/// When the browser is missing or does not answer, or the navigation fails.
pub fn open(url: &str) -> Result<Page> {
    // Not in the `match`: a browser starts without the lock.
    let idle = idle().pop();
    let browser = match idle {
        Some(browser) => browser,
        None => Browser::start()?,
    };
    WebKitTab::open(browser, url)
        .map(Page::new)
        .map_err(|error| Error::because(format!("cannot open {url}"), error))
}

/// Whether WebKitGTK, its driver and a screen for it are installed.
///
/// # Errors
/// When they are not; the message says how to install them.
pub fn find() -> Result<()> {
    Programs::find().map(drop)
}

/// A browser with its driver and the screen that it shows itself on.
#[derive(Debug)]
struct Browser {
    session: Session,
    // The browser ends with its screen, in whatever state it is.
    _driver: Program,
    _screen: Program,
}

impl Browser {
    fn start() -> Result<Self> {
        let programs = Programs::find()?;
        let (screen, display) = start_screen(&programs.screen)?;
        let (driver, port) = start_driver(&programs.driver, &display)?;
        Ok(Self {
            session: Session::start(port, &programs.browser)?,
            _driver: driver,
            _screen: screen,
        })
    }
}

/// Browsers that wait for their next page.
fn idle() -> MutexGuard<'static, Vec<Browser>> {
    static IDLE: Mutex<Vec<Browser>> = Mutex::new(Vec::new());
    IDLE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a browser consists of.
struct Programs {
    driver: PathBuf,
    browser: PathBuf,
    screen: PathBuf,
}

impl Programs {
    fn find() -> Result<Self> {
        let path = env::var_os("PATH").unwrap_or_default();
        let missing = |what: &str| {
            Error::new(format!(
                "{what} is not installed (apt-get install webkit2gtk-driver xvfb)"
            ))
        };
        let found = |name: &str| program::find(&[name], &path).ok_or_else(|| missing(name));
        Ok(Self {
            driver: found("WebKitWebDriver")?,
            browser: find_browser().ok_or_else(|| missing("WebKitGTK's MiniBrowser"))?,
            screen: found("Xvfb")?,
        })
    }
}

/// It is in no `PATH`: `/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser`.
fn find_browser() -> Option<PathBuf> {
    let folders = |folder: &Path| {
        let entries = folder.read_dir().into_iter().flatten().flatten();
        entries.map(|entry| entry.path())
    };
    ["/usr/lib", "/usr/lib64", "/usr/libexec"]
        .into_iter()
        .map(PathBuf::from)
        .flat_map(|root| folders(&root).chain([root]).collect::<Vec<_>>())
        .flat_map(|folder| folders(&folder).collect::<Vec<_>>())
        .filter(|folder| {
            let name = folder.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.starts_with("webkit"))
        })
        .map(|folder| folder.join("MiniBrowser"))
        .find(|browser| browser.is_file())
}

/// Starts a screen that nobody sees, and tells its name.
fn start_screen(screen: &Path) -> Result<(Program, String)> {
    let mut command = Command::new(screen);
    command
        .args(["-displayfd", "1", "-nolisten", "tcp"])
        .args(["-screen", "0", "1000x800x24"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut program = Program::start(&mut command, &fresh_folder())?;
    let output = program
        .stdout()
        .ok_or_else(|| Error::new("Xvfb has no standard output"))?;
    let number = first_line(output, |line| Some(line.trim().to_owned()))?;
    Ok((program, format!(":{number}")))
}

/// Starts a driver on a free port.
fn start_driver(driver: &Path, display: &str) -> Result<(Program, u16)> {
    let port = TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map_err(|error| Error::because("no free port", error))?
        .port();
    // What the browser keeps goes into a folder that is removed with it.
    let folder = fresh_folder();
    let mut command = Command::new(driver);
    command
        .arg(format!("--port={port}"))
        .env("DISPLAY", display)
        .env("GDK_BACKEND", "x11")
        .envs(["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"].map(|name| (name, &folder)))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    Ok((Program::start(&mut command, &folder)?, port))
}
