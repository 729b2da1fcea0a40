//! Many boundaries: the browser swaps hundreds by itself, and leaves thousands to the bridge.

use anabranch_paint::{Result, Swap};
use serde_json::{Value, json};

use crate::equal::copy;
use crate::native_and_bridge;
use crate::open::Open;
use crate::pages::open;

native_and_bridge! {
    hundreds_are_left_to_the_browser,
    a_thousand_are_swapped_by_the_bridge,
    the_bridge_finds_what_the_browser_has_brought,
}

fn hundreds_are_left_to_the_browser(swap: Swap) -> Result {
    arrive(swap, 400, 400)
}

fn a_thousand_are_swapped_by_the_bridge(swap: Swap) -> Result {
    arrive(swap, 1_000, 0)
}

/// The browser swaps the list, the bridge what is in it, on a page that has templates of its own.
fn the_bridge_finds_what_the_browser_has_brought(swap: Swap) -> Result {
    // A place that was brought is needed first, or one that was taken: the title's.
    for gates in [["many", "rest"], ["rest", "many"]] {
        let open = open(swap, "/list/600")?;
        open.page.wait_painted("loading rest")?;
        copy(&open, &["first"])?;
        // The bridge has looked for places before.
        open.gates.open("first");
        open.page.wait_painted("first")?;
        open.gates.open("list");
        open.page.wait_for(&format!("{LOADING} === 600"))?;
        assert_eq!(open.page.eval("document.title")?, "Listed");
        // The copy is as far.
        open.wait_waiting("many", 2 * 600)?;
        open.gates.open(gates[0]);
        open.page.wait_for(match gates[0] {
            "rest" => "document.title === 'Complete'",
            _ => "document.querySelector('li').textContent === 'Item 0'",
        })?;
        open.finish(&gates[1..])?;
        assert_items(&open, 600)?;
        assert_eq!(open.page.eval("document.title")?, "Complete");
        let own = "[...document.querySelectorAll('title, template')].map(own => own.localName)";
        assert_eq!(
            open.page.eval(own)?,
            json!(["title", "template", "template"])
        );
        assert_eq!(written(&open, "for=\"title\"")?, 1);
        assert_eq!(written(&open, "data-for=")?, 600 + 1 + 3, "and the head's");
    }
    Ok(())
}

/// Of `count` patches `native` are written for the native swap.
fn arrive(swap: Swap, count: u32, native: u32) -> Result {
    let open = open(swap, &format!("/many/{count}"))?;
    open.page.wait_for(&format!("{LOADING} === {count}"))?;
    copy(&open, &["many"])?;
    open.finish(&["many"])?;
    assert_items(&open, count)?;
    assert_eq!(open.page.left_over()?, [""; 0]);
    for (patch, patches) in [("for", native), ("data-for", count - native)] {
        assert_eq!(written(&open, &format!("{patch}="))?, patches, "{patch}");
    }
    Ok(())
}

const LOADING: &str =
    "[...document.querySelectorAll('li')].filter(item => item.textContent === '…').length";

fn assert_items(open: &Open, count: u32) -> Result {
    let items = "[...document.querySelectorAll('li')]";
    let wrong = format!("{items}.filter((item, n) => item.textContent !== `Item ${{n}}`).length");
    assert_eq!(open.page.eval(&wrong)?, 0);
    assert_eq!(open.page.eval(&format!("{items}.length"))?, count);
    Ok(())
}

/// How many templates begin so in the copy of the bytes.
fn written(open: &Open, attribute: &str) -> Result<Value> {
    let split = format!("copy.then(bytes => bytes.split('<template {attribute}').length - 1)");
    open.page.eval(&split)
}
