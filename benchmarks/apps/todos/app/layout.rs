//! The document.

use anabranch::prelude::*;

pub async fn render(children: Children, head: PageHead) -> Result {
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                (head.await?)
            }
            body {
                header { a href="/" { "Todos" } }
                main { (children.await?) }
            }
        }
    })
}
