//! Shell and patches: what leaves when, and in which bytes.

use anabranch_boundaries::{Error, Result, boundary, share};
use anabranch_engine::Settings;
use anabranch_html::csp::Nonce;
use anabranch_html::document::END;
use anabranch_html::script::{BRIDGE, ScriptMode};
use maud::{Markup, PreEscaped, html};

use crate::support::{gate, open, open_with, visit, whole};

async fn after(gate: impl Future<Output = Result<()>> + Send, content: &'static str) -> Result {
    gate.await?;
    Ok(html! { b { (content) } })
}

fn document(body: Markup) -> Markup {
    html! { html { head {} body { (body) } } }
}

#[tokio::test]
async fn the_shell_leaves_at_once_and_patches_follow_in_completion_order() {
    let ((a, wait_a), (b, wait_b)) = (gate(), gate());
    let mut page = open(async {
        Ok(document(html! {
            (boundary(after(wait_a, "A")).loading(html! { "a…" }))
            (boundary(after(wait_b, "B")).loading(|| html! { "b…" }))
        }))
    })
    .await;

    assert_eq!(
        page.frame().await,
        "<html><head></head><body><?start name=\"0\">a…<?end><?start name=\"1\">b…<?end>"
    );
    assert!(page.is_waiting());
    b.open();
    assert_eq!(
        page.frame().await,
        "<template for=\"1\"><b>B</b></template>"
    );
    assert!(page.is_waiting());
    a.open();
    assert_eq!(
        page.frame().await,
        "<template for=\"0\"><b>A</b></template></body></html>#"
    );
    page.end().await;
}

#[tokio::test]
async fn a_patch_reads_the_same_however_much_room_its_content_has() {
    for room in [0, 100, 1000, 1 << 20] {
        let (gate, wait) = gate();
        let content = async move {
            wait.await?;
            let mut text = String::with_capacity("<b>A</b>".len() + room);
            text.push_str("<b>A</b>");
            Ok(PreEscaped(text))
        };
        let mut page = open(async { Ok(document(html! { (boundary(content)) })) }).await;
        page.frame().await;
        gate.open();
        assert_eq!(
            page.frame().await,
            "<template for=\"0\"><b>A</b></template></body></html>#"
        );
        page.end().await;
    }
}

#[tokio::test]
async fn the_first_flush_carries_the_bridge_and_is_long_enough_to_paint() {
    let (a, wait_a) = gate();
    let mut page = open(async { Ok(html! { (boundary(after(wait_a, "A"))) }) }).await;
    let shell = page.raw().await.unwrap();
    assert!(
        shell.starts_with("<?start name=\"0\"><?end><script data-w=\"15000\" data-t=\"This page")
    );
    assert!(shell.contains(BRIDGE));
    assert!(shell.len() >= 1024);
    a.open();
    assert_eq!(
        page.rest().await,
        [format!(
            "<template for=\"0\"><b>A</b></template><script>self.$a&&$a()</script></body></html>{END}"
        )]
    );
}

#[tokio::test]
async fn what_is_ready_together_leaves_in_one_frame_with_one_trigger() {
    let gates: Vec<_> = (0..3).map(|_| gate()).collect();
    let (gates, waits): (Vec<_>, Vec<_>) = gates.into_iter().unzip();
    let mut page =
        open(async { Ok(html! { @for wait in waits { (boundary(after(wait, "x"))) } }) }).await;
    page.frame().await;
    let mut gates = gates.into_iter();
    gates.next().unwrap().open();
    gates.next_back().unwrap().open();
    assert_eq!(
        page.raw().await.unwrap(),
        "<template for=\"0\"><b>x</b></template><template for=\"2\"><b>x</b></template>\
         <script>self.$a&&$a()</script>"
    );
    gates.next().unwrap().open();
    assert_eq!(page.rest().await.len(), 1);
}

#[tokio::test]
async fn a_boundary_that_is_ready_at_once_costs_nothing() {
    let page = open(async {
        Ok(document(html! {
            (boundary(async { Ok(html! { i { "now" } }) }).loading(|| panic!("not needed")))
        }))
    })
    .await;
    assert!(!page.body.is_stream());
    let bytes = page.body.into_whole().unwrap();
    assert_eq!(bytes, "<html><head></head><body><i>now</i></body></html>");
}

#[tokio::test]
async fn children_start_with_their_parent_and_never_precede_it() {
    let ((outer, wait_outer), (inner, wait_inner)) = (gate(), gate());
    let mut page = open(async {
        Ok(html! {
            (boundary(async {
                let child = boundary(after(wait_inner, "inner")).loading(html! { "…" });
                let html = html! { "[" (child) "]" };
                wait_outer.await?;
                Ok(html)
            }))
        })
    })
    .await;
    page.frame().await;
    // The child was started by its parent's first poll; complete, it waits for its place.
    inner.open();
    assert!(page.is_waiting());
    outer.open();
    assert_eq!(
        page.frame().await,
        "<template for=\"0\">[<b>inner</b>]</template></body></html>#"
    );
    page.end().await;
}

#[tokio::test]
async fn a_child_that_is_not_ready_leaves_its_own_placeholder_in_the_patch() {
    let ((outer, wait_outer), (inner, wait_inner)) = (gate(), gate());
    let mut page = open(async {
        Ok(html! {
            (boundary(async {
                wait_outer.await?;
                Ok(html! { p { (boundary(after(wait_inner, "inner")).loading(html! { "…" })) } })
            }))
        })
    })
    .await;
    page.frame().await;
    outer.open();
    assert_eq!(
        page.frame().await,
        "<template for=\"0\"><p><?start name=\"1\">…<?end></p></template>"
    );
    inner.open();
    assert_eq!(
        page.frame().await,
        "<template for=\"1\"><b>inner</b></template></body></html>#"
    );
}

#[tokio::test]
async fn boundaries_rendered_between_awaits_of_the_page_run_while_it_waits() {
    let ((page_gate, wait_page), (a, wait_a)) = (gate(), gate());
    let opening = tokio::spawn(open(async {
        Ok(html! {
            (boundary(after(wait_a, "A")))
            ({ wait_page.await?; "page" })
        })
    }));
    tokio::task::yield_now().await;
    a.open();
    tokio::task::yield_now().await;
    page_gate.open();
    let page = opening.await.unwrap();
    assert_eq!(page.body.into_whole().unwrap(), "<b>A</b>page");
}

#[tokio::test]
async fn shared_work_runs_once_for_all_that_await_it() {
    let (gate, wait) = gate();
    let mut page = open(async {
        let mut runs = 0;
        let shared = share(async move {
            wait.await?;
            runs += 1;
            Ok::<_, Error>(runs)
        });
        Ok(html! {
            @for _ in 0..2 {
                (boundary({
                    let shared = shared.clone();
                    async move { Ok(html! { (shared.await?) }) }
                }))
            }
        })
    })
    .await;
    page.frame().await;
    gate.open();
    assert_eq!(
        page.frame().await,
        "<template for=\"0\">1</template><template for=\"1\">1</template></body></html>#"
    );
}

#[tokio::test]
async fn a_spawned_boundary_and_its_children_show_where_they_belong() {
    let ((outer, wait_outer), (inner, wait_inner)) = (gate(), gate());
    let mut page = open(async {
        Ok(html! {
            (boundary(async {
                let child = html! { (boundary(after(wait_inner, "inner"))) };
                wait_outer.await?;
                Ok(html! { "[" (child) (boundary(async { Ok(html! { "2" }) })) "]" })
            }).spawn())
        })
    })
    .await;
    page.frame().await;
    inner.open();
    outer.open();
    let frames = page.rest().await.concat();
    assert!(frames.starts_with("<template for=\"0\">[<"), "{frames}");
    assert!(frames.contains("<b>inner</b>"), "{frames}");
}

#[tokio::test]
async fn the_whole_page_has_no_markers_and_no_scripts() {
    let page = || async {
        Ok(document(html! {
            (boundary(async {
                tokio::task::yield_now().await;
                Ok(html! { (boundary(async {
                    tokio::task::yield_now().await;
                    Ok(html! { "inner" })
                })) "outer" })
            }).loading(|| panic!("a whole page shows no loading view")))
        }))
    };
    assert_eq!(
        whole(page()).await,
        "<html><head></head><body>innerouter</body></html>"
    );
}

#[tokio::test]
async fn a_bot_gets_the_page_whole() {
    let mut visit = visit(Settings::new());
    visit.audience.user_agent = Some("Googlebot/2.1".parse().unwrap());
    let page = open_with(visit, async {
        Ok(html! { (boundary(async {
            tokio::task::yield_now().await;
            Ok(html! { "content" })
        })) })
    })
    .await;
    assert_eq!(page.body.into_whole().unwrap(), "content");
}

#[tokio::test]
async fn above_the_threshold_the_bridge_swaps_in_every_browser() {
    let gates: Vec<_> = (0..3).map(|_| gate()).collect();
    let (gates, waits): (Vec<_>, Vec<_>) = gates.into_iter().unzip();
    let visit = visit(Settings::new().bridge_threshold(2));
    let mut page = open_with(visit, async {
        Ok(html! { @for wait in waits { (boundary(after(wait, "x"))) } })
    })
    .await;
    page.frame().await;
    for (at, gate) in gates.into_iter().enumerate() {
        gate.open();
        let patch = format!("<template data-for={at}><b>x</b></template>");
        assert!(page.frame().await.starts_with(&patch));
    }
}

#[tokio::test]
async fn without_scripts_there_is_neither_bridge_nor_trigger() {
    let (gate, wait) = gate();
    let visit = visit(Settings::new().script(ScriptMode::None).bridge_threshold(0));
    let mut page = open_with(visit, async { Ok(html! { (boundary(after(wait, "A"))) }) }).await;
    let shell = page.raw().await.unwrap();
    assert!(!shell.contains("<script"), "{shell}");
    assert!(shell.ends_with(" -->") && shell.len() == 1024);
    gate.open();
    assert_eq!(
        page.rest().await,
        [format!(
            "<template for=\"0\"><b>A</b></template></body></html>{END}"
        )]
    );
}

#[tokio::test]
async fn a_nonce_stands_on_every_script() {
    let (gate, wait) = gate();
    let mut visit = visit(Settings::new());
    visit.nonce = Nonce::new("r4nd0m");
    let mut page = open_with(visit, async { Ok(html! { (boundary(after(wait, "A"))) }) }).await;
    let shell = page.raw().await.unwrap();
    gate.open();
    let all = shell + &page.rest().await.concat();
    assert_eq!(all.matches("<script").count(), 2);
    assert_eq!(all.matches("nonce=\"r4nd0m\"").count(), 2);
}

#[tokio::test]
async fn content_cannot_forge_a_marker_s_place() {
    let hostile = "\0AAAAAAAAAAAAAAAAAAA<?start name=\"0\">";
    let (gate, wait) = gate();
    let mut page =
        open(async move { Ok(html! { p { (hostile) } (boundary(after(wait, hostile))) }) }).await;
    let escaped = "\0AAAAAAAAAAAAAAAAAAA&lt;?start name=&quot;0&quot;&gt;";
    assert_eq!(
        page.frame().await,
        format!("<p>{escaped}</p><?start name=\"0\"><?end>")
    );
    gate.open();
    assert_eq!(
        page.frame().await,
        format!("<template for=\"0\"><b>{escaped}</b></template></body></html>#")
    );
}

#[tokio::test]
async fn the_page_s_own_end_is_held_back_whatever_it_looks_like() {
    for (tail, end) in [
        ("", "</body></html>"),
        ("</body></html>", "</body></html>"),
        ("</BODY>\n</HTML>\n", "</BODY>\n</HTML>\n"),
        ("</html>", "</html>"),
        // Only behind </html> is the end marker the document's last node.
        ("</body>", "</body></html>"),
    ] {
        let (gate, wait) = gate();
        let mut page =
            open(async move { Ok(html! { "x" (boundary(after(wait, "A"))) (PreEscaped(tail)) }) })
                .await;
        assert_eq!(page.frame().await, "x<?start name=\"0\"><?end>");
        gate.open();
        let end = format!("<template for=\"0\"><b>A</b></template>{end}#");
        assert_eq!(page.frame().await, end);
    }
}
