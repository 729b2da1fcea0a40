//! Boundaries where only certain elements may stand: in `tbody`, `ul` and `select`.

use anabranch_paint::{Result, Swap};

use crate::native_and_bridge;
use crate::open::Open;
use crate::pages::open;

native_and_bridge! {
    rows_arrive_in_a_table_body,
    items_arrive_in_a_list,
    options_arrive_in_a_select,
}

fn rows_arrive_in_a_table_body(swap: Swap) -> Result {
    arrive(
        &open(swap, "/places")?,
        "rows",
        "tr",
        "Row 0,…",
        "Row 0,Row 1,Row 2",
    )
}

fn items_arrive_in_a_list(swap: Swap) -> Result {
    let open = open(swap, "/places")?;
    open.page.wait_painted("loading items")?;
    arrive(&open, "items", "li", "…,Item 3", "Item 1,Item 2,Item 3")?;
    open.page.wait_painted("items")
}

fn options_arrive_in_a_select(swap: Swap) -> Result {
    let open = open(swap, "/places")?;
    arrive(&open, "options", "option", "…", "Option 1,Option 2")?;
    assert_eq!(
        open.page.eval("document.querySelector('select').value")?,
        "Option 2"
    );
    Ok(())
}

/// Children of the element `id`, before and after its gate, while the response is open.
fn arrive(open: &Open, id: &str, child: &str, before: &str, after: &str) -> Result {
    let children = format!("[...document.querySelectorAll('#{id} > {child}')]");
    let texts = format!("{children}.map(child => child.textContent).join()");
    open.page.wait_for(&format!("{texts} === '{before}'"))?;
    open.gates.open(id);
    open.page.wait_for(&format!("{texts} === '{after}'"))?;
    assert_eq!(open.page.eval("document.readyState")?, "loading");
    Ok(())
}
