//! What has left for a visit, as a document in a frame of its page. It streams, too: each line is a
//! boundary at the end of the line before.

use std::pin::Pin;

use anabranch::prelude::*;

use crate::ui::document;
use crate::watch::{Entry, Visit, Visits};

/// The lines so far, and those to come.
pub async fn get(
    State(visits): State<Visits>,
    Path(id): Path<String>,
    request: PageRequest,
) -> RouteResult<Page> {
    let visit = visits.find(&id).or_not_found()?;
    let head = html! { title { "What left when" } };
    let page = async move {
        let body = html! {
            main.timeline {
                h1.unseen { "What left when" }
                ol { (lines(visit, 0).await?) }
            }
        };
        Ok(document(&head, &body))
    };
    Ok(request.name("timeline").render(page).await)
}

/// The line of a frame, and behind it those of the frames that follow.
fn lines(visit: Visit, number: usize) -> Pin<Box<dyn Future<Output = Result> + Send>> {
    Box::pin(async move {
        let Some(entry) = visit.entry(number).await else {
            return Ok(html! { li.end { "The response has ended." } });
        };
        let next = boundary(lines(visit, number + 1))
            .name("line")
            .loading(|| html! { li.wait { "Open: nothing has left since." } });
        Ok(html! { (line(&entry, number)) (next) })
    })
}

fn line(entry: &Entry, number: usize) -> Markup {
    let seconds = entry.at.as_millis() / 1000;
    let thousandths = entry.at.as_millis() % 1000;
    html! {
        @if entry.quiet > 0 {
            li.quiet { (entry.quiet) @if entry.quiet == 1 { " sign" } @else { " signs" } " of life" }
        }
        li {
            details {
                summary {
                    span.time { (seconds) "." (format!("{thousandths:03}")) " s" }
                    span.what {
                        @if number == 0 { "The shell" }
                        @else if entry.parts.is_empty() { "The end" }
                        @else { (entry.parts.join(", ")) }
                    }
                    span.bytes { (entry.bytes) " B" }
                }
                pre tabindex="0" { (entry.excerpt) }
            }
        }
    }
}
