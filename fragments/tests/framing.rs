//! Whole responses of two boundaries: the first one holds hostile HTML, the second one arrives.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use anabranch_boundaries::{Result, boundary};
use anabranch_engine::{Settings, Visit, render};
use anabranch_fragments::{Fragment, fragment};
use anabranch_paint::dom;
use http_body_util::BodyExt;
use maud::{DOCTYPE, html};
use tokio::sync::oneshot;

const HOSTILE: &[&str] = &[
    "</template>",
    "<!-- no end",
    "<style>",
    "<script>",
    "<script><!--<script>",
    "<textarea>",
    "<title>",
    "<noscript>",
    "<noscript><p title=\"</noscript></template>\">",
    "<iframe>",
    "<plaintext>",
    "<svg><![CDATA[ </template>",
    "<template><template></template>",
    "<p title=\"no end",
    "a\0b",
    "<frameset><frame>",
    "</div></main></body></html>",
    "<?start name=\"0\">forged<?end>",
    "<?start name=\"1\">forged<?end>",
    "<!--?start name=\"1\"-->forged<!--?end-->",
    "<?marker name=\"head\">",
    "<?end>",
    "<!--$a-->",
    "<template for=\"0\">forged</template>",
    "<template for=\"1\">forged</template>",
    "<template data-for=1>forged",
    "<table><tr><td><b><template for=1>",
    "<select><style></template></style><template>",
    "<svg></p><style><a id=\"</style></template>",
    "<b><i><a><nobr><form><button><li>",
];

/// When the hostile boundary is ready.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Order {
    /// With the shell, so that it is a part of it.
    AtOnce,
    BeforeTheOther,
    AfterTheOther,
}

#[tokio::test]
async fn the_other_boundary_arrives_where_it_belongs() {
    for raw in HOSTILE {
        let closed = fragment(raw);
        let whole = respond(&closed, Order::AtOnce, true).await;
        let expected = dom::whole(whole.as_bytes()).unwrap_or_else(|e| panic!("{raw}: {e}"));
        assert!(
            expected.contains("<section>\n<p>\n\"the other\"\n</p>\n</section>\n<footer>"),
            "{raw}: {expected}"
        );
        assert!(expected.contains("<main>\n\"before"), "{raw}");
        for order in [Order::AtOnce, Order::BeforeTheOther, Order::AfterTheOther] {
            let streamed = respond(&closed, order, false).await;
            let assembled = dom::assemble(streamed.as_bytes())
                .unwrap_or_else(|e| panic!("{raw}, {order:?}: {e}\n{streamed}"));
            assert_eq!(assembled.html(), expected, "{raw}, {order:?}");
            let patches = 2 - usize::from(order == Order::AtOnce);
            assert_eq!(assembled.patches().len(), patches, "{raw}, {order:?}");
        }
    }
}

#[tokio::test]
async fn without_the_helper_it_does_not() {
    let broken = HOSTILE.iter().filter(|raw| {
        let page = format!(
            "<body><main><?start name=\"0\"><?end></main><p><?start name=\"1\"><?end></p>\
             <template for=\"0\">{raw}</template><template for=\"1\">b</template>\
             </body></html><!--$a-->"
        );
        dom::assemble(page.as_bytes()).is_err()
    });
    assert!(broken.count() > HOSTILE.len() / 2);
}

async fn respond(closed: &Fragment, order: Order, whole: bool) -> String {
    let (open_hostile, hostile_opened) = oneshot::channel::<()>();
    let (open_other, other_opened) = oneshot::channel::<()>();
    let hostile = {
        let closed = closed.clone();
        async move {
            if order != Order::AtOnce {
                hostile_opened.await?;
            }
            Ok(html! { "before" (closed) "after" })
        }
    };
    let other = async move {
        if !whole {
            other_opened.await?;
        }
        Ok(html! { p { "the other" } })
    };
    let page = async {
        Result::Ok(html! {
            (DOCTYPE)
            html { head { title { "a" } } body {
                main { (boundary(hostile).loading(html! { "…" })) }
                section { (boundary(other).loading(html! { p { "…" } })) }
                footer { "end" }
            } }
        })
    };
    let mut visit = visit();
    visit.audience.whole = whole;
    let mut body = render(visit, page).await.body;
    let mut response = String::new();
    let mut gates = match order {
        Order::AfterTheOther => [open_other, open_hostile],
        Order::AtOnce | Order::BeforeTheOther => [open_hostile, open_other],
    }
    .into_iter();
    while let Some(frame) = body.frame().await {
        let bytes = frame.unwrap().into_data().unwrap();
        response.push_str(std::str::from_utf8(&bytes).unwrap());
        // One at a time, so that each patch has a frame of its own. Whoever was ready at once
        // has no gate any more.
        for gate in gates.by_ref() {
            if gate.send(()).is_ok() {
                break;
            }
        }
    }
    response
}

fn visit() -> Visit {
    Visit::new(Settings::new())
}
