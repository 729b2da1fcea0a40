//! Titles and tags: early in the head, late as patches that agree with the whole page.

use anabranch_boundaries::{Head, Result, boundary};
use maud::html;

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
