//! The judges: the Nu HTML checker and axe, where `scripts/validators` has installed them, else a
//! few rules of one's own.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anabranch_paint::Page;

use crate::row::failed;
use crate::{Tried, browser, check};

const FOLDER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../target/validators/node_modules"
);

/// `elementtiming` is of another standard than HTML.
const KNOWN: &str = ".*“elementtiming”.*";

/// Those that were found.
#[derive(Debug)]
pub(super) struct Validators {
    /// The text of axe.
    axe: Option<String>,
    checker: Option<PathBuf>,
}

impl Validators {
    pub(super) fn find() -> Tried<Self> {
        let folder = Path::new(FOLDER);
        let axe = folder.join("axe-core/axe.min.js");
        let axe = axe.is_file().then(|| fs::read_to_string(axe)).transpose();
        let checker = folder.join("vnu-jar/build/dist/vnu.jar");
        let java = Command::new("java").arg("-version").output();
        Ok(Self {
            axe: axe.map_err(failed)?,
            checker: (java.is_ok() && checker.is_file()).then_some(checker),
        })
    }

    /// What readers with other than a screen and a mouse would stumble over: axe's rules of serious
    /// or critical impact, and our own.
    pub(super) fn problems_of(&self, page: &Page) -> Tried<String> {
        let own = text(page, OWN_RULES)?;
        let Some(axe) = &self.axe else { return Ok(own) };
        browser::of(page.eval(&format!("{axe}; 0")))?;
        Ok(own + &text(page, AXE_RULES)?)
    }

    /// What the checker calls an error in the pages of `folder`.
    pub(super) fn errors_in(&self, folder: &Path) -> Tried<String> {
        let Some(checker) = &self.checker else {
            return Ok(String::new());
        };
        let checked = Command::new("java")
            .arg("-jar")
            .arg(checker)
            .args(["--errors-only", "--exit-zero-always"])
            .args(["--filterpattern", KNOWN])
            .arg(folder)
            .output()
            .map_err(failed)?;
        let problem = String::from_utf8_lossy(&checked.stdout);
        check!(checked.status.success(), "the checker fails: {problem}");
        Ok(String::from_utf8_lossy(&checked.stderr).into_owned())
    }
}

impl fmt::Display for Validators {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tools = [
            self.checker.as_ref().map(|_| "the Nu HTML checker"),
            self.axe.as_ref().map(|_| "axe"),
            Some("own rules"),
        ];
        let tools: Vec<_> = tools.into_iter().flatten().collect();
        f.write_str(&tools.join(", "))?;
        if tools.len() < 3 {
            f.write_str(" only (scripts/validators installs the others)")?;
        }
        Ok(())
    }
}

fn text(page: &Page, expression: &str) -> Tried<String> {
    let found = browser::of(page.eval(expression))?;
    Ok(found.as_str().unwrap_or_default().to_owned())
}

const AXE_RULES: &str = "axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes: [node, ...others] }) =>
        `${id} (${impact}) at ${node.target} and ${others.length} more: ${node.failureSummary}`)
    .join('; '))";

/// Without a name, a language or an id of its own, a part of a page cannot be told of or led to.
const OWN_RULES: &str = "(() => {
    const problems = [];
    const all = selector => [...document.querySelectorAll(selector)];
    const note = (what, elements) => elements.forEach(it =>
        problems.push(`${what}: ${it.outerHTML.slice(0, 80)}`));
    const ids = new Set;
    note('an id twice', all('[id]').filter(({ id }) => ids.has(id) || !ids.add(id)));
    note('an image without text', all('img:not([alt])'));
    note('a field without a label', all('input:not([type=hidden]), select, textarea')
        .filter(it => !it.labels?.length && !it.ariaLabel && !it.title));
    note('a link without text', all('a[href]')
        .filter(it => !it.textContent.trim() && !it.ariaLabel && !it.querySelector('[alt], title')));
    note('a button without text', all('button')
        .filter(it => !it.textContent.trim() && !it.ariaLabel));
    if (!document.documentElement.lang) problems.push('no language');
    if (!document.title.trim()) problems.push('no title');
    if (all('main').length !== 1) problems.push('not one main');
    return problems.join('; ');
})()";
