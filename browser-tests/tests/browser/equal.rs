//! At the end a streamed page is the page that a crawler gets, with nothing left over.

use anabranch_paint::{Chromium, Error, Page, Result, Swap, dom};

use crate::native_and_bridge;
use crate::open::{Open, serve};
use crate::pages::{app, open};

native_and_bridge! { the_final_document_is_that_of_whole_mode }

const GOOGLEBOT: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

/// Every page, and the gates in an order that is not the document's.
const PAGES: [(&str, &[&str]); 6] = [
    ("/three", &["c", "a", "b"]),
    ("/nested", &["innermost", "inner", "outer"]),
    ("/places", &["options", "items", "rows"]),
    ("/title", &["rest", "title"]),
    ("/failing", &["healthy", "fails"]),
    ("/many/1000", &["many"]),
];

fn the_final_document_is_that_of_whole_mode(swap: Swap) -> Result {
    for (path, gates) in PAGES {
        let streamed = open(swap, path)?;
        copy(&streamed, gates)?;
        for gate in gates {
            streamed.gates.open(gate);
        }
        streamed.page.wait_loaded()?;
        assert_nothing_is_left(&streamed.page, path)?;
        assert_eq!(streamed.page.errors()?, [""; 0], "{path}");

        let document = streamed.page.normal_form()?;
        same(path, &document, &whole(swap, path, gates)?);
        let bytes = streamed.page.eval("copy")?;
        let twin = dom::assemble(bytes.as_str().unwrap_or_default().as_bytes());
        let twin = twin.map_err(|broken| Error::because(format!("{path} is broken"), broken))?;
        same(path, twin.html(), &document);
        assert!(!twin.patches().is_empty(), "{path} was not streamed");
    }
    Ok(())
}

#[track_caller]
fn same(path: &str, left: &str, right: &str) {
    if let Some(difference) = dom::first_difference(left, right) {
        panic!("{path}, {difference}");
    }
}

/// Lets the page fetch its own bytes a second time, up to the same gates.
pub(crate) fn copy(open: &Open, gates: &[&str]) -> Result {
    open.page.wait_for("document.body?.childElementCount")?;
    // What is behind the outermost boundary is opened last.
    let outermost = gates[gates.len() - 1];
    let once = open.gates.waiting(outermost);
    let copy = "self.copy = fetch(location.href + '?copy').then(response => {
        self.copyIsOpen = true;
        return response.text();
    }); 0";
    open.page.eval(copy)?;
    while open.gates.waiting(outermost) < 2 * once {
        std::thread::yield_now();
    }
    // Boundaries reach their gates before the commit point. One that is opened until then has
    // no patch.
    open.page.wait_for("self.copyIsOpen")
}

/// The page as a crawler gets it, in the same browser.
fn whole(swap: Swap, path: &str, gates: &[&str]) -> Result<String> {
    let (registry, server) = serve(app)?;
    for gate in gates {
        registry.open(gate);
    }
    let crawler = Chromium::shared(swap)?.page().user_agent(GOOGLEBOT);
    let page = crawler.open(&server.url(path))?;
    page.wait_loaded()?;
    assert_nothing_is_left(&page, path)?;
    page.normal_form()
}

/// What must be gone beside what belongs to the stream: loading views, and notices.
const VIEWS: &str = "document.querySelectorAll('[elementtiming^=loading], [role=alert]').length";

fn assert_nothing_is_left(page: &Page, path: &str) -> Result {
    assert_eq!(page.left_over()?, [""; 0], "{path}");
    assert_eq!(page.eval(VIEWS)?, 0, "{path}");
    Ok(())
}
