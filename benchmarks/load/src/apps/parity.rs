//! Whether the servers of an app show the same: status, visible text, JSON, and who may see it.

use super::{App, Page};
use crate::{Result, client::Connection, server::Server, text::runs};

/// How often a page is fetched until it shows the same: a part that is done before the shell is
/// sent has no loading view, which happens now and then on any side.
const TRIES: usize = 5;

/// What of a page is new with each response: when its parts were done, and the name of an error.
const TIMES: &str = "The shell took the server";
const BEFORE_ERROR: &str = "The log has it under";

/// Why `page` of `server` is not as it should be, if it is not. Ours is the `reference`.
pub(super) async fn check(
    app: &App,
    page: &Page,
    server: &Server,
    reference: &Server,
) -> Option<String> {
    let mut problem = None;
    for _ in 0..TRIES {
        match compare(app, page, server, reference).await {
            Ok(()) => return None,
            Err(error) => problem = Some(error.to_string()),
        }
    }
    problem
}

async fn compare(app: &App, page: &Page, server: &Server, reference: &Server) -> Result {
    let found = seen(server, page, &app.launch.header).await?;
    for text in &page.shows {
        if !found.iter().any(|run| run.contains(text)) {
            return Err(format!("{text:?} is missing").into());
        }
    }
    let expected = seen(reference, page, &app.launch.header).await?;
    if found != expected {
        return Err(difference(&found, &expected).into());
    }
    for stranger in &page.strangers {
        let mut connection = Connection::open(server.address).await?.with(stranger);
        if connection.drain(page.path).await.is_ok() {
            return Err("it lets in whoever has no session".into());
        }
    }
    Ok(())
}

/// What a reader sees, sorted, since parts come in any order; of what is no page, all of it.
async fn seen(server: &Server, page: &Page, header: &str) -> Result<Vec<String>> {
    let mut connection = Connection::open(server.address).await?.with(header);
    let mut body = Vec::new();
    connection
        .get(page.path, |chunk| body.extend_from_slice(chunk.data))
        .await?;
    let body = String::from_utf8(body)?;
    if page.path.starts_with("/api/") {
        return Ok(vec![body]);
    }
    let mut runs = lasting(runs(&body));
    runs.sort();
    Ok(runs)
}

/// The runs without what is new with each response.
fn lasting(runs: Vec<String>) -> Vec<String> {
    let mut follows = false;
    let lasting = runs.into_iter().map(|run| {
        let is_error = std::mem::replace(&mut follows, run.ends_with(BEFORE_ERROR));
        match run {
            _ if is_error => "an error".into(),
            run if run.starts_with(TIMES) => TIMES.into(),
            run => run,
        }
    });
    lasting.collect()
}

/// The first run that one has more often than the other.
fn difference(found: &[String], expected: &[String]) -> String {
    let mut pairs = found.iter().zip(expected);
    match pairs.find(|(found, expected)| found != expected) {
        Some((found, expected)) => format!("{found:.60?} for {expected:.60?}"),
        None => format!("{} runs of text for {}", found.len(), expected.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_errors_are_new_each_time() {
        let page = |time, id| {
            let texts = [
                "The shell took the server ",
                time,
                "</p><p>The log has it under <code>",
                id,
            ];
            lasting(runs(&format!("<p>{}</code></p>", texts.concat())))
        };
        assert_eq!(page("1 ms.", "ab"), page("2 ms.", "cd"));
        assert_eq!(page("1 ms.", "ab").len(), 3);
    }

    #[test]
    fn a_difference_is_named() {
        let texts = |texts: &[&str]| texts.iter().map(ToString::to_string).collect::<Vec<_>>();
        let named = difference(&texts(&["a", "b"]), &texts(&["a", "c"]));
        assert_eq!(named, r#""b" for "c""#);
        let named = difference(&texts(&["a"]), &texts(&["a", "c"]));
        assert_eq!(named, "1 runs of text for 2");
    }
}
