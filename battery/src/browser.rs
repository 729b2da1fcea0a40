//! A real browser beside a server under test.

use std::thread;
use std::time::Instant;

use anabranch_paint::{Chromium, Page, Result, Swap};

use crate::row::failed;
use crate::wait::PATIENCE;
use crate::{Tried, check};

/// Both ways in which a page is put together.
pub const SWAPS: [Swap; 2] = [Swap::Native, Swap::Bridge];

/// Runs `work` with a browser. It may block, as all that asks a browser does.
///
/// # Errors
/// If there is no browser, or `work` fails.
pub async fn with<T: Send + 'static>(
    swap: Swap,
    work: impl FnOnce(&Chromium) -> Tried<T> + Send + 'static,
) -> Tried<T> {
    let done = tokio::task::spawn_blocking(move || {
        let chromium = Chromium::shared(swap).map_err(because)?;
        work(chromium).map_err(|failure| format!("{swap:?}: {failure}"))
    });
    done.await.map_err(failed)?
}

/// What a call of the kit found.
///
/// # Errors
/// If it failed, with all causes.
pub fn of<T>(found: Result<T>) -> Tried<T> {
    found.map_err(because)
}

/// Asserts that a page has come to its end with nothing left over and nothing wrong.
///
/// # Errors
/// If it has not.
pub fn is_clean(page: &Page) -> Tried {
    of(page.wait_loaded())?;
    for (what, found) in [
        ("left over", page.left_over()),
        ("errors", page.errors()),
        ("violations", page.violations()),
    ] {
        let found = of(found)?;
        check!(found.is_empty(), "{what}: {found:?}");
    }
    Ok(())
}

/// Asserts that a page shows this document, in the notation of [`anabranch_paint::dom`].
///
/// # Errors
/// If it does not.
pub fn shows(page: &Page, document: &str) -> Tried {
    let found = of(page.normal_form())?;
    let difference = anabranch_paint::dom::first_difference(&found, document);
    check!(difference.is_none(), "{}", difference.unwrap_or_default());
    Ok(())
}

/// Waits until a page has led to another path. While it does, it cannot be asked.
///
/// # Errors
/// If it does not.
pub fn leads_to(page: &Page, path: &str) -> Tried {
    let started = Instant::now();
    loop {
        let found = page.eval("location.pathname");
        if matches!(&found, Ok(found) if found == path) {
            return Ok(());
        }
        check!(started.elapsed() < PATIENCE, "{found:?} instead of {path}");
        thread::yield_now();
    }
}

/// An error of the kit with its causes.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn because(error: anabranch_paint::Error) -> String {
    format!("{error:?}")
}
