//! `/rivers/amazon`: one river.

use anabranch::prelude::*;

use crate::rivers;

/// Runs before the first byte is sent, so that a river that is not there is a real 404.
pub async fn head(Path(name): Path<String>) -> Result<Head> {
    let river = rivers::find(&name).await.or_not_found()?;
    Ok(Head::title(river.name))
}

pub async fn render(Path(name): Path<String>) -> Result {
    let river = rivers::find(&name).await.or_not_found()?;
    let flow = rivers::flow(river).await;
    Ok(html! {
        h1 { (river.name) }
        dl {
            dt { "Length" } dd { (river.length) " km" }
            dt { "Flow" } dd { (flow) " m³/s" }
        }
    })
}
