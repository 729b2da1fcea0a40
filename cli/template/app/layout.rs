//! The document around every page.

use anabranch::prelude::*;

use crate::app::href;

pub async fn head() -> Result<Head> {
    Ok(Head::title("my-app").meta("description", "Rivers that part and meet again"))
}

pub async fn render(children: Children, head: PageHead) -> Result {
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                link rel="icon" href="/icon.svg";
                link rel="stylesheet" href="/style.css";
                (head.await?)
            }
            body {
                header {
                    a.name href=(href::index()) { "my-app" }
                }
                main { (children.await?) }
                footer { "Edit " code { "app/page.rs" } " and save: this page follows." }
            }
        }
    })
}
