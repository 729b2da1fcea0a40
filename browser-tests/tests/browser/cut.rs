//! A response that stops before its end says so, and only that one.

use anabranch_paint::{Result, Swap};

use crate::native_and_bridge;
use crate::pages::open;

native_and_bridge! {
    a_cut_response_says_so,
    a_response_that_ends_well_says_nothing,
}

fn a_cut_response_says_so(swap: Swap) -> Result {
    let open = open(swap, "/quick")?;
    open.gates.open("a");
    open.page.wait_painted("a")?;
    open.server.cut();
    open.page
        .wait_for(&format!("{NOTICE}?.textContent === 'The page was cut.'"))?;
    // What had arrived is still there.
    assert_eq!(open.page.eval("document.querySelectorAll('p').length")?, 4);
    Ok(())
}

fn a_response_that_ends_well_says_nothing(swap: Swap) -> Result {
    let open = open(swap, "/quick")?;
    for name in ["a", "b", "c"] {
        open.gates.open(name);
    }
    open.page.wait_loaded()?;
    assert_eq!(open.page.eval(NOTICE)?, serde_json::Value::Null);
    Ok(())
}

const NOTICE: &str = "document.querySelector('[role=alert]')";
