//! Titles and tags: early in the head, late as patches that agree with the whole page.

use std::future::pending;

use anabranch_boundaries::{Head, Result, boundary, not_found};
use maud::{Markup, html};
use tokio::task::unconstrained;

use crate::support::{Gate, gate, open, whole};

async fn titled(
    wait: impl Future<Output = Result<()>> + Send + 'static,
    title: &'static str,
) -> Result {
    wait.await?;
    Ok(html! { (Head::title(title)) "content" })
}

/// A page with a title and two boundaries that bring their own.
async fn page(
    first: impl Future<Output = Result<()>> + Send + 'static,
    second: impl Future<Output = Result<()>> + Send + 'static,
) -> Result {
    Ok(html! {
        head { (Head::title("page").meta("description", "d")) }
        (boundary(titled(first, "first")))
        (boundary(titled(second, "second")))
    })
}

const OPEN_HEAD: &str = "<head><?start name=\"title\"><title>page</title><?end>\
    <meta name=\"description\" content=\"d\"><?marker name=\"head\"></head>";

#[tokio::test]
async fn a_late_title_replaces_the_first_and_the_last_in_the_document_wins() {
    let ((first, wait_first), (second, wait_second)) = (gate(), gate());
    let mut streamed = open(page(wait_first, wait_second)).await;
    assert!(streamed.frame().await.starts_with(OPEN_HEAD));
    second.open();
    assert_eq!(
        streamed.frame().await,
        "<template for=\"1\">content</template>\
         <template for=\"title\"><?start name=\"title\"><title>second</title><?end></template>"
    );
    first.open();
    // The first stands before the second in the document, so it changes nothing.
    assert_eq!(
        streamed.frame().await,
        "<template for=\"0\">content</template>\
         <template for=\"title\"><title>second</title></template><template for=\"head\"></template>\
         </body></html>#"
    );
}

#[tokio::test]
async fn the_whole_page_has_the_same_title() {
    let ((first, wait_first), (second, wait_second)) = (gate(), gate());
    let opened = |gate: Gate| gate.open();
    opened(first);
    opened(second);
    assert_eq!(
        whole(page(wait_first, wait_second)).await,
        "<head><title>second</title><meta name=\"description\" content=\"d\"></head>contentcontent"
    );
}

#[tokio::test]
async fn a_head_that_is_folded_needs_no_patch() {
    let ((first, wait_first), (second, wait_second)) = (gate(), gate());
    first.open();
    let mut streamed = open(page(wait_first, wait_second)).await;
    let shell = streamed.frame().await;
    assert!(
        shell.starts_with(&OPEN_HEAD.replace("page", "first")),
        "{shell}"
    );
    second.open();
    assert!(streamed.frame().await.contains("<title>second</title>"));
}

#[tokio::test]
async fn late_tags_go_to_the_head() {
    let (gate, wait) = gate();
    let mut streamed = open(async {
        Ok(html! {
            head { (Head::new()) }
            (boundary(async {
                wait.await?;
                Ok(html! { (Head::new().meta("a", "b").link("icon", "/x")) })
            }))
        })
    })
    .await;
    assert!(
        streamed
            .frame()
            .await
            .starts_with("<head><?start name=\"title\"><?end><?marker name=\"head\"></head>")
    );
    gate.open();
    assert_eq!(
        streamed.frame().await,
        "<template for=\"0\"></template><template for=\"head\"><meta name=\"a\" content=\"b\">\
         <link rel=\"icon\" href=\"/x\"><?marker name=\"head\"></template>\
         <template for=\"title\"></template><template for=\"head\"></template></body></html>#"
    );
}

#[tokio::test]
async fn a_failed_component_takes_its_head_along() {
    let page = || async {
        Ok(html! {
            head { (Head::title("page")) }
            (boundary(async {
                drop(html! { (Head::title("never")) });
                tokio::task::yield_now().await;
                Err(anabranch_boundaries::Error::msg("x"))
            }).error(|_| html! { "failed" }))
        })
    };
    assert_eq!(
        whole(page()).await,
        "<head><title>page</title></head>failed"
    );
    assert!(!open(page()).await.rest().await.concat().contains("never"));
}

#[tokio::test]
async fn without_boundaries_the_head_is_in_its_final_form() {
    let page = |waits: bool| async move {
        if waits {
            tokio::task::yield_now().await;
        }
        Ok(html! { head { (Head::title("a < b")) } p { (Head::new().meta("author", "x")) } })
    };
    for waits in [false, true] {
        assert_eq!(
            open(page(waits)).await.rest().await.concat(),
            "<head><title>a &lt; b</title><meta name=\"author\" content=\"x\"></head><p></p>"
        );
    }
}

/// What a layout wraps is rendered before it, and stands further down.
#[tokio::test]
async fn the_head_stands_where_the_first_is_placed_and_the_one_further_down_wins() {
    let page = |has_boundary: bool, waits: bool| async move {
        let content = html! {
            (Head::title("Tip").meta("description", "tip"))
            @if has_boundary { (boundary(async { Ok(html! { "!" }) })) }
        };
        if waits {
            tokio::task::yield_now().await;
        }
        Ok(html! {
            head { (Head::title("Site").meta("description", "site").meta("author", "x")) }
            (content)
        })
    };
    for (has_boundary, waits) in [(false, false), (false, true), (true, false), (true, true)] {
        assert_eq!(
            open(page(has_boundary, waits)).await.rest().await.concat(),
            format!(
                "<head><title>Tip</title><meta name=\"author\" content=\"x\">\
                 <meta name=\"description\" content=\"tip\"></head>{}",
                if has_boundary { "!" } else { "" }
            )
        );
    }
}

/// More than are told apart.
#[tokio::test]
async fn heads_without_number_are_all_in_the_head() {
    let page = async {
        Ok(html! {
            head { (Head::title("page")) }
            @for number in 0..2_000 { (Head::title("later").meta(&number.to_string(), "")) }
        })
    };
    let page = open(page).await.rest().await.concat();
    let (head, rest) = page.split_once("</head>").unwrap();
    assert!(head.starts_with("<head><title>later</title>"), "{head}");
    assert_eq!((head.matches("<meta").count(), rest), (2_000, ""));
}

const OPEN_BARE_HEAD: &str =
    "<head><?start name=\"title\"><title>page</title><?end><?marker name=\"head\"></head>";

const NOINDEX: &str = "<meta name=\"robots\" content=\"noindex\">";
const NOT_FOUND: &str = "<p role=\"alert\">There is nothing here.</p>";

/// As many boundaries as a client may choose the number of.
const MANY: usize = 20_000;

#[tokio::test]
async fn many_that_are_not_found_in_the_page_sent_whole_bring_a_tag_each_and_one_title() {
    let page = whole(async {
        Ok(html! {
            head { (Head::title("page")) }
            @for _ in 0..MANY { (boundary(async { Err(not_found()) })) }
        })
    })
    .await;
    let (tags, views) = (NOINDEX.repeat(MANY), NOT_FOUND.repeat(MANY));
    assert!(page == format!("<head><title>Not found</title>{tags}</head>{views}"));
}

#[tokio::test]
async fn many_that_are_not_found_before_the_commit_bring_a_tag_each_and_one_title() {
    let (gate, wait) = gate();
    let mut streamed = open(async {
        Ok(html! {
            head { (Head::title("page")) }
            (boundary(titled(wait, "first")))
            @for _ in 0..MANY { (boundary(async { Err(not_found()) })) }
        })
    })
    .await;
    let (tags, views) = (NOINDEX.repeat(MANY), NOT_FOUND.repeat(MANY));
    let shell = format!(
        "<head><?start name=\"title\"><title>Not found</title><?end>{tags}\
         <?marker name=\"head\"></head><?start name=\"0\"><?end>{views}"
    );
    assert!(streamed.frame().await == shell);
    gate.open();
    // The first stands before the others in the document, so it changes nothing.
    assert_eq!(
        streamed.frame().await,
        "<template for=\"0\">content</template>\
         <template for=\"title\"><title>Not found</title></template><template for=\"head\"></template>\
         </body></html>#"
    );
}

#[tokio::test]
async fn many_that_wait_with_a_head_bring_it_in_completion_order() {
    let (gates, waits): (Vec<_>, Vec<_>) = (0..MANY).map(|_| gate()).unzip();
    let mut streamed = open(async {
        Ok(html! {
            head { (Head::title("page")) }
            @for (n, wait) in waits.into_iter().enumerate() {
                (boundary(async move {
                    let n = n.to_string();
                    let content = html! { (Head::title(n.clone()).meta("n", &n)) };
                    // tokio's budget would let some wait longer than others.
                    unconstrained(wait).await?;
                    Ok(content)
                }))
            }
        })
    })
    .await;
    assert!(streamed.frame().await.starts_with(OPEN_BARE_HEAD));
    gates.into_iter().rev().for_each(Gate::open);
    let tags = (0..MANY).rev();
    let tags: String = tags
        .map(|n| format!("<meta name=\"n\" content=\"{n}\">"))
        .collect();
    let rest = streamed.rest().await.concat();
    // The last in the document was the first to arrive; no other changes the title.
    assert_eq!(rest.matches("<title>").count(), 2);
    assert_eq!(rest.matches("<title>19999</title>").count(), 2);
    assert!(rest.contains(&format!("{tags}<?marker name=\"head\">")));
}

#[tokio::test]
async fn of_several_heads_of_one_boundary_all_tags_and_the_last_title_are_kept() {
    let page = |wait| async {
        Ok(html! {
            head { (Head::title("page")) }
            (boundary(async {
                let content = html! {
                    (Head::title("a").meta("n", "1"))
                    (Head::title("b").meta("n", "2"))
                    (Head::new().meta("n", "3"))
                };
                let _: Result<()> = wait.await;
                Ok(content)
            }))
        })
    };
    let tags: String = (1..=3)
        .map(|n| format!("<meta name=\"n\" content=\"{n}\">"))
        .collect();
    let (opened, wait) = gate();
    opened.open();
    assert_eq!(
        whole(page(wait)).await,
        format!("<head><title>b</title>{tags}</head>")
    );
    let (late, wait) = gate();
    let mut streamed = open(page(wait)).await;
    assert!(!streamed.frame().await.contains("name=\"n\""));
    late.open();
    assert_eq!(
        streamed.frame().await,
        format!(
            "<template for=\"0\"></template>\
             <template for=\"title\"><?start name=\"title\"><title>b</title><?end></template>\
             <template for=\"head\">{tags}<?marker name=\"head\"></template>\
             <template for=\"title\"><title>b</title></template>\
             <template for=\"head\"></template></body></html>#"
        )
    );
}

#[tokio::test]
async fn what_is_cancelled_takes_its_heads_along_and_what_is_nested_keeps_them() {
    fn never() -> Markup {
        html! { (Head::title("never").meta("never", "")) }
    }
    /// Has its head and waits for good.
    async fn waits() -> Result {
        let _content = never();
        pending().await
    }
    /// Its head is there before it fails, and so are those below it.
    async fn fails_above() -> Result {
        drop(html! {
            (never())
            (boundary(async { Ok(html! { (never()) (boundary(async { Ok(never()) })) }) }))
            (boundary(waits()))
        });
        tokio::task::yield_now().await;
        Err(anabranch_boundaries::Error::msg("x"))
    }
    let page = |last| async move {
        // Complete before the page is, and it has no place there.
        let _unplaced = html! { (boundary(async { Ok(never()) })) (boundary(waits())) };
        tokio::task::yield_now().await;
        Ok(html! {
            head { (Head::title("page")) }
            (boundary(fails_above()).error(|_| html! { "failed" }))
            (boundary(async {
                Ok(html! {
                    (Head::title("outer").meta("outer", ""))
                    (boundary(async { Ok(html! { (Head::title("inner").meta("inner", "")) }) }))
                })
            }))
            (last)
        })
    };
    let kept = "<meta name=\"outer\" content=\"\"><meta name=\"inner\" content=\"\">";
    assert_eq!(
        whole(page(html! {})).await,
        format!("<head><title>inner</title>{kept}</head>failed")
    );
    let last = async move {
        let last = boundary(waits())
            .loading(|| panic!("on purpose"))
            .error(|_| html! { "failed" });
        page(html! { (last) }).await
    };
    let mut streamed = open(last).await;
    assert_eq!(
        streamed.frame().await,
        format!(
            "<head><?start name=\"title\"><title>inner</title><?end>{kept}\
             <?marker name=\"head\"></head><?start name=\"0\"><?end>failed"
        )
    );
    assert_eq!(
        streamed.frame().await,
        "<template for=\"0\">failed</template>\
         <template for=\"title\"><title>inner</title></template><template for=\"head\"></template>\
         </body></html>#"
    );
}
