//! What arrives late: the title, the bridge.

use anabranch_paint::{Result, Swap};
use serde_json::json;

use crate::native_and_bridge;
use crate::pages::open;

native_and_bridge! {
    a_late_title_replaces_the_first,
    late_heads_are_added_as_they_arrive,
    an_external_bridge_may_arrive_late,
}

fn a_late_title_replaces_the_first(swap: Swap) -> Result {
    let open = open(swap, "/title")?;
    open.page.wait_painted("loading title")?;
    assert_eq!(open.page.eval("document.title")?, "Early");
    open.gates.open("title");
    open.page.wait_for("document.title === 'Late & <final>'")?;
    assert_eq!(open.page.eval("document.readyState")?, "loading");
    open.gates.open("rest");
    open.page.wait_loaded()?;
    let head = "[...document.head.children].map(child => child.localName + (child.name || ''))";
    assert_eq!(
        open.page.eval(&format!("{head}.sort().join()"))?,
        "meta,metadescription,title"
    );
    assert_eq!(open.page.eval("document.title")?, "Late & <final>");
    Ok(())
}

/// Of titles the one last in the document wins; other tags stay in the order of their arrival.
fn late_heads_are_added_as_they_arrive(swap: Swap) -> Result {
    let open = open(swap, "/heads")?;
    open.page.wait_painted("loading b")?;
    open.gates.open("b");
    open.page.wait_painted("b")?;
    assert_eq!(open.page.eval("document.title")?, "B");
    for (gate, tag) in [("nowhere", "robots"), ("a", "author")] {
        open.gates.open(gate);
        open.page
            .wait_for(&format!("document.head.querySelector('[name={tag}]')"))?;
        assert_eq!(open.page.eval("document.title")?, "B");
    }
    open.finish(&["rest"])?;
    assert_eq!(open.page.left_over()?, [""; 0]);
    let tags = "[...document.head.children].map(tag =>
        tag.title || tag.textContent || tag.name || tag.rel || tag.localName)";
    assert_eq!(
        open.page.eval(tags)?,
        json!([
            "meta",
            "B",
            "description",
            "stylesheet",
            "robots",
            "author",
            "canonical"
        ])
    );
    assert_eq!(
        open.page.eval("getComputedStyle(document.body).color")?,
        "rgb(1, 2, 3)"
    );
    Ok(())
}

fn an_external_bridge_may_arrive_late(swap: Swap) -> Result {
    let open = open(swap, "/external")?;
    open.page.wait_painted("loading b")?;
    open.gates.open("a");
    match swap {
        Swap::Native => open.page.wait_painted("a")?,
        Swap::Bridge => open.page.wait_for("document.querySelector('template')")?,
    }
    // It catches up with "a", then swaps "b" while the response is open.
    open.gates.open("bridge");
    open.page.wait_painted("a")?;
    open.gates.open("b");
    open.page.wait_painted("b")?;
    assert_eq!(open.page.eval("document.readyState")?, "loading");
    open.gates.open("c");
    open.page.wait_painted("c")?;
    open.page.wait_loaded()
}
