//! The document of every page.

use anabranch::prelude::*;
use bench_workloads::pages::frame;

pub async fn render(children: Children, head: PageHead) -> Result {
    let head = head.await?;
    let name = head.title_text().unwrap_or_default();
    Ok(frame(name, &head, children.await?))
}
