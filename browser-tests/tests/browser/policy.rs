//! A strict Content-Security-Policy.

use anabranch_paint::{Result, Swap};

use crate::native_and_bridge;
use crate::pages::open;

native_and_bridge! { two_hashes_are_enough }

fn two_hashes_are_enough(swap: Swap) -> Result {
    shows_everything(swap, "/hashes")
}

#[test]
fn no_script_at_all_is_enough_for_the_native_swap() -> Result {
    shows_everything(Swap::Native, "/no-script")
}

/// Loading views stay where neither the browser nor a script can swap, and nothing is violated.
#[test]
fn no_script_without_the_native_swap_leaves_the_loading_views() -> Result {
    let open = open(Swap::Bridge, "/no-script")?;
    for name in ["a", "b", "c"] {
        open.gates.open(name);
    }
    open.page.wait_loaded()?;
    assert_eq!(open.page.eval("document.querySelectorAll('p').length")?, 4);
    assert_eq!(open.page.violations()?, [""; 0]);
    Ok(())
}

fn shows_everything(swap: Swap, path: &str) -> Result {
    let open = open(swap, path)?;
    open.page.wait_painted("loading a")?;
    for name in ["a", "b", "c"] {
        open.gates.open(name);
        open.page.wait_painted(name)?;
    }
    open.page.wait_loaded()?;
    assert_eq!(open.page.violations()?, [""; 0]);
    assert_eq!(open.page.errors()?, [""; 0]);
    Ok(())
}
