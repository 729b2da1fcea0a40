//! Many boundaries: the browser swaps hundreds by itself, and leaves thousands to the bridge.

use anabranch_paint::{Result, Swap};

use crate::equal::copy;
use crate::native_and_bridge;
use crate::pages::open;

native_and_bridge! {
    hundreds_are_left_to_the_browser,
    a_thousand_are_swapped_by_the_bridge,
}

fn hundreds_are_left_to_the_browser(swap: Swap) -> Result {
    arrive(swap, 400, 400)
}

fn a_thousand_are_swapped_by_the_bridge(swap: Swap) -> Result {
    arrive(swap, 1_000, 0)
}

/// Of `count` patches `native` are written for the native swap.
fn arrive(swap: Swap, count: u32, native: u32) -> Result {
    let open = open(swap, &format!("/many/{count}"))?;
    let items = "[...document.querySelectorAll('li')]";
    let loading = format!("{items}.filter(item => item.textContent === '…').length");
    open.page.wait_for(&format!("{loading} === {count}"))?;
    copy(&open, &["many"])?;
    open.finish(&["many"])?;
    let wrong = format!("{items}.filter((item, n) => item.textContent !== `Item ${{n}}`).length");
    assert_eq!(open.page.eval(&wrong)?, 0);
    assert_eq!(open.page.eval(&format!("{items}.length"))?, count);
    assert_eq!(open.page.left_over()?, [""; 0]);
    for (patch, patches) in [("for", native), ("data-for", count - native)] {
        let written = format!("copy.then(bytes => bytes.split('<template {patch}=').length - 1)");
        assert_eq!(open.page.eval(&written)?, patches, "{patch}");
    }
    Ok(())
}
