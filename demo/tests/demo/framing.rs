//! Every page is closed, so that nothing behind it on the wire can be swallowed.

use anabranch_html::balance::{Part, check};

use crate::support::{BOT, get, site, text};
use crate::whole::PAGES;

#[tokio::test]
async fn no_page_leaves_anything_open() {
    for path in PAGES {
        let response = get(site().await, path, BOT).await;
        let page = text(response.into_body()).await;
        if let Err(flaw) = check(&page, Part::Page) {
            panic!("{path}: {flaw}");
        }
    }
}
