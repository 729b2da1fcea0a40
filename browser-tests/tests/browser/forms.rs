//! Forms in late content, and late content in forms.

use anabranch::prelude::*;
use anabranch_paint::{Gates, Result as Outcome, Swap};
use axum::Router;
use axum::response::Html;
use axum::routing::{get, post};
use serde_json::json;

use crate::native_and_bridge;
use crate::open::{Open, arrive};
use crate::views::{after, document, late, late_mark, loading, mark};

native_and_bridge! {
    a_late_form_is_sent_while_the_page_still_arrives,
    late_fields_belong_to_the_form_around_them,
    controls_may_be_called_as_what_a_script_asks_of_their_form,
}

fn app(gates: Gates) -> Router {
    Router::new()
        .route("/", get(page(form)))
        .route("/names", get(page(names)))
        .route("/sent", post(async |fields: String| Html(fields)))
        .with_state(gates)
}

async fn form(State(gates): State<Gates>) -> Result {
    let berth = late(&gates, "berth", || {
        html! {
            form #berth method="post" action="/sent" {
                input #boat name="boat";
                button #send name="by" value="button" { "Send" }
            }
            (mark("berth"))
        }
    });
    let crew = late(&gates, "crew", || {
        html! {
            input name="captain" value="Ada";
            select name="mate" { option { "Bob" } option selected { "Eve" } }
            (mark("crew"))
        }
    });
    Ok(document(&html! {
        form #early { input name="boat" value="Lune"; (crew) }
        label for="boat" { "Boat" }
        input form="berth" name="length" value="12";
        (berth)
        (late_mark(&gates, "rest"))
    }))
}

/// To a script, `form.remove` is the control of that name.
async fn names(State(gates): State<Gates>) -> Result {
    let cart = after(&gates, "cart", || mark("cart"));
    let emptied = html! { form { button name="remove" { "Remove" } } (loading("cart")) };
    Ok(document(&html! {
        (boundary(cart).loading(emptied))
        form { input name="content"; input name="getAttribute"; input name="localName"; }
        (late_mark(&gates, "rest"))
    }))
}

fn controls_may_be_called_as_what_a_script_asks_of_their_form(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/names")?;
    open.page.wait_painted("loading cart")?;
    open.gates.open("cart");
    open.page.wait_painted("cart")?;
    assert_eq!(
        open.page
            .eval("document.querySelectorAll('button').length")?,
        json!(0)
    );
    open.finish(&["rest"])
}

fn a_late_form_is_sent_while_the_page_still_arrives(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/")?;
    let page = &open.page;
    page.wait_painted("loading rest")?;
    open.gates.open("berth");
    page.wait_painted("berth")?;
    page.eval("document.querySelector('label').control.focus()")?;
    page.type_text("Ada")?;
    // Not at once: the call would not return from a page that is being left.
    page.eval("setTimeout(() => send.click())")?;
    arrive(page, "location.pathname === '/sent' && document.body")?;
    let fields = page.eval("document.body.innerText")?;
    assert_eq!(fields, "length=12&boat=Ada&by=button");
    open.wait_waiting("rest", 0)
}

fn late_fields_belong_to_the_form_around_them(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/")?;
    open.page.wait_painted("loading rest")?;
    open.gates.open("crew");
    open.page.wait_painted("crew")?;
    let fields = open.page.eval("[...new FormData(early)]")?;
    assert_eq!(
        fields,
        json!([["boat", "Lune"], ["captain", "Ada"], ["mate", "Eve"]])
    );
    open.finish(&["berth", "rest"])
}
