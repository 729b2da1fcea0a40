//! The page at its end, beside the page that a bot gets.

use serde_json::Value;

use super::super::Page;
use super::reasons;
use crate::stage::WHOLE_READER;
use crate::{Chromium, Error, PageBuilder, Result, Swap, dom};

impl Page {
    /// Passes when the page has become the one that a bot gets in one piece.
    pub(super) fn check_whole(&self) -> Result {
        let visit = self.visit_when(|visit| visit.is_quiet())?;
        let held: Vec<String> = visit.held().map(|held| format!("`{held}`")).collect();
        if !held.is_empty() {
            return Err(Error::new(reasons::not_at_its_end(&held)));
        }
        self.wait_loaded()
            .map_err(|why| Error::because(reasons::NOT_LOADED, why))?;
        let left = self.not_taken_away()?;
        if !left.is_empty() {
            return Err(Error::new(reasons::left_over(&left)));
        }
        let whole = self.whole()?;
        let left = whole.left_over()?;
        if !left.is_empty() {
            return Err(Error::new(reasons::not_whole(&left)));
        }
        let (streamed, whole) = (self.normal_form()?, whole.normal_form()?);
        match dom::first_difference(&without_marks(&streamed), &without_marks(&whole)) {
            None => Ok(()),
            Some(difference) => Err(Error::new(reasons::differs(&difference))),
        }
    }

    /// The same URL as a bot gets it, with all gates open and with the page's cookies: in the same
    /// browser, or in Chromium with a copy of them if it cannot pass for a bot.
    fn whole(&self) -> Result<Self> {
        let url = self.eval("location.href")?;
        let url = url.as_str().unwrap_or_default();
        if let Some(browser) = self.tab.browser() {
            let page = PageBuilder::new(&browser);
            let page = if self.tab.runs_scripts() {
                page
            } else {
                page.without_scripts()
            };
            return as_bot(page, url);
        }
        let native = self.eval("'htmlFor' in HTMLTemplateElement.prototype")?;
        let swap = if native == Value::Bool(true) {
            Swap::Native
        } else {
            Swap::Bridge
        };
        let cookies = self.tab.cookies()?;
        as_bot(Chromium::shared(swap)?.page().only_cookies(&cookies), url)
    }
}

/// A document in the notation of [`dom`] without the marks of the stage. What stands behind a
/// loading file is the content of a boundary in one of the two pages alone, and marked there.
fn without_marks(document: &str) -> String {
    const MARK: &str = " elementtiming=\"";
    let mut lines = String::with_capacity(document.len());
    for line in document.lines() {
        let marked = line
            .starts_with('<')
            .then(|| line.split_once(MARK))
            .flatten();
        let rest = marked.and_then(|(before, mark)| Some((before, mark.split_once('"')?.1)));
        let (before, behind) = rest.unwrap_or((line, ""));
        lines.extend([before, behind, "\n"]);
    }
    lines
}

fn as_bot(page: PageBuilder<'_>, url: &str) -> Result<Page> {
    let page = page.user_agent(WHOLE_READER).open(url)?;
    page.wait_loaded()?;
    Ok(page)
}
