//! What a reader does with a page while it still arrives: beside a swap nothing of it is lost.

use anabranch::prelude::*;
use anabranch_paint::{Gates, Result as Outcome, Swap};
use axum::Router;
use axum::routing::get;

use crate::native_and_bridge;
use crate::open::{Open, arrive};
use crate::views::{after, document, late, late_mark, mark};

native_and_bridge! {
    typing_goes_on_while_patches_arrive,
    what_a_reader_has_changed_stays,
    what_is_typed_into_a_loading_view_goes_with_it,
    the_view_stays_where_content_arrives_above_and_below,
}

fn app(gates: Gates) -> Router {
    Router::new()
        .route("/desk", get(page(desk)))
        .route("/draft", get(page(draft)))
        .route("/long", get(page(long)))
        .with_state(gates)
}

/// Much that a reader can change, with boundaries before, in and behind it.
async fn desk(State(gates): State<Gates>) -> Result {
    Ok(document(&html! {
        (late_mark(&gates, "a"))
        form {
            input #field name="field" value="Boats";
            (late_mark(&gates, "b"))
            textarea #area { "Forty boats" }
            input #agree type="checkbox";
            select #choice { option { "One" } option { "Two" } }
            details #more { summary { "More" } p { "Of it" } }
        }
        p #text { "What is marked here stays marked." }
        div #scroller style="height: 50px; overflow: auto" { div style="height: 500px" {} }
        iframe #frame srcdoc="<p>A page of its own" {}
        div #note popover="manual" { "A note" }
        (late_mark(&gates, "c"))
    }))
}

/// A loading view with a field in it.
async fn draft(State(gates): State<Gates>) -> Result {
    let field = after(&gates, "a", || html! { input #field; (mark("a")) });
    Ok(document(&html! {
        (boundary(field).loading(html! { input #field; }))
        (late_mark(&gates, "rest"))
    }))
}

/// More than a screen of it, around a line that is being read.
async fn long(State(gates): State<Gates>) -> Result {
    let tall = |id: &'static str| move || html! { div id=(id) style="height: 3000px" { (id) } };
    Ok(document(&html! {
        div style="height: 1000px" {}
        (late(&gates, "above", tall("above")))
        p #line { "The line" }
        (late(&gates, "below", tall("below")))
        div style="height: 2000px" {}
        (late_mark(&gates, "rest"))
    }))
}

fn typing_goes_on_while_patches_arrive(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/desk")?;
    let page = &open.page;
    page.wait_painted("loading c")?;
    page.eval(
        "field.focus();
        field.setSelectionRange(2, 2);
        self.left = 0;
        field.addEventListener('blur', () => left++);",
    )?;
    for (gate, keys) in [("a", ["x", "y"]), ("c", ["Z", " "]), ("b", ["é", "1"])] {
        page.type_text(keys[0])?;
        open.gates.open(gate);
        page.type_text(keys[1])?;
        page.wait_painted(gate)?;
    }
    assert_eq!(page.eval("field.value")?, "BoxyZ é1ats");
    let caret = "[field.selectionStart, field.selectionEnd]";
    assert_eq!(page.eval(caret)?, serde_json::json!([8, 8]));
    assert_eq!(page.eval("document.activeElement.id")?, "field");
    assert_eq!(page.eval("left")?, 0, "the focus was elsewhere");
    open.finish(&[])
}

fn what_a_reader_has_changed_stays(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/desk")?;
    open.page.wait_painted("loading c")?;
    arrive(&open.page, "frame.contentDocument.body?.innerText")?;
    open.page.eval(CHANGE)?;
    for gate in ["b", "c", "a"] {
        open.gates.open(gate);
        open.page.wait_painted(gate)?;
    }
    assert_eq!(open.page.eval(LOST)?, serde_json::json!([]));
    open.finish(&[])?;
    assert_eq!(open.page.eval(LOST)?, serde_json::json!([]));
    Ok(())
}

const CHANGE: &str = "self.elements = [...document.querySelectorAll('[id]')];
    field.value = 'Ships';
    field.focus();
    area.setSelectionRange(6, 11, 'backward');
    agree.checked = true;
    choice.value = 'Two';
    more.open = true;
    scroller.scrollTop = 120;
    frame.contentWindow.visited = true;
    note.showPopover();
    getSelection().setBaseAndExtent(text.firstChild, 5, text.firstChild, 14);";

/// The ids of what is not as [`CHANGE`] has left it.
const LOST: &str = "Object.entries({
    elements: elements.every(element => document.getElementById(element.id) === element),
    field: field.value === 'Ships',
    area: area.selectionStart === 6 && area.selectionEnd === 11
        && area.selectionDirection === 'backward',
    agree: agree.checked,
    choice: choice.value === 'Two',
    more: more.open,
    text: String(getSelection()) === 'is marked',
    scroller: scroller.scrollTop === 120,
    frame: frame.contentWindow.visited,
    note: note.matches(':popover-open'),
}).flatMap(([id, stays]) => stays ? [] : [id])";

/// The content is another field: whoever wants to keep it puts the field beside the boundary.
fn what_is_typed_into_a_loading_view_goes_with_it(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/draft")?;
    open.page.wait_for("document.querySelector('#field')")?;
    open.page.eval("field.focus()")?;
    open.page.type_text("gone")?;
    assert_eq!(open.page.eval("field.value")?, "gone");
    open.gates.open("a");
    open.page.wait_painted("a")?;
    assert_eq!(open.page.eval("field.value")?, "");
    assert_eq!(open.page.eval("document.activeElement.localName")?, "body");
    open.finish(&["rest"])
}

fn the_view_stays_where_content_arrives_above_and_below(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/long")?;
    let page = &open.page;
    // The last loading view is far below, so it is not painted.
    page.wait_for("document.body?.innerText.includes('Loading rest')")?;
    let top = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>
        done(Math.round(line.getBoundingClientRect().top)))))";
    page.eval("scrollTo(0, line.offsetTop - 10); 0")?;
    assert_eq!(page.eval(top)?, 10);
    for gate in ["below", "above"] {
        open.gates.open(gate);
        page.wait_for(&format!("document.querySelector('#{gate}')"))?;
        assert_eq!(page.eval(top)?, 10, "{gate}");
    }
    assert_eq!(page.eval("line.offsetTop > 4000 && scrollY > 3700")?, true);
    open.finish(&["rest"])
}
