//! Whether a peer serves the workloads: the same text, really streamed on a wire of its own, or in
//! whole pages where it does not stream.
//!
//! How a peer brings late content into place differs and is not imitated here. What is compared is
//! the text itself: the runs of text in the whole response must be those of the whole page and of
//! the loading views, each as often, in any order. On w1 the order must be the same too, and on all
//! pages of a peer that does not stream.

use std::{fmt, time::Duration};

use tokio::time::timeout;

use crate::{
    Result,
    fetched::{Fetched, fetch, fetch_once},
    server::Server,
    text::{runs, without_times},
    workload::{PARKED, STREAMED, Workload},
};

/// How long a page that parks has to show nothing. A page that never does, an error say, comes at
/// once.
const SILENCE: Duration = Duration::from_secs(1);

/// A workload that a peer does not serve as it should.
pub(crate) struct Unserved {
    pub(crate) peer: String,
    pub(crate) path: &'static str,
    pub(crate) reason: String,
}

impl fmt::Display for Unserved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { peer, path, reason } = self;
        write!(f, "{peer} {path}: {reason}")
    }
}

/// Compares all workloads of `server` with the pages of `whole`.
pub(crate) async fn check(server: &Server, whole: &Server) -> Result<Vec<Unserved>> {
    let mut unserved = Vec::new();
    let mut note = |path: &'static str, reason: String| {
        unserved.push(Unserved {
            peer: server.name.clone(),
            path,
            reason,
        });
    };
    if let Err(reason) = same_page(server, whole, "/w1").await? {
        note("/w1", reason);
    }
    for workload in &STREAMED {
        let problem = match fetch(server, workload.path, |page| {
            streamed(workload, page).is_ok()
        })
        .await
        {
            Err(error) => Err(first_line(&error.to_string())),
            // It is left after its shell; w3 and w8 show the same text.
            Ok(fetched) if workload.path == PARKED => streamed(workload, &fetched),
            Ok(fetched) => {
                let expected = fetch_once(whole, workload.path).await?.body;
                streamed(workload, &fetched)
                    .and_then(|()| same_text(workload, &fetched.body, &expected))
            }
        };
        if let Err(reason) = problem {
            note(workload.path, reason);
        }
    }
    Ok(unserved)
}

/// Like [`check`], of a server that sends each page in one piece.
pub(crate) async fn check_whole(server: &Server, whole: &Server) -> Result<Vec<Unserved>> {
    let mut unserved = Vec::new();
    let streamed = STREAMED.iter().map(|workload| workload.path);
    for path in ["/w1"].into_iter().chain(streamed) {
        let checked = if path == PARKED {
            // Nothing of it is to be seen for half a minute; w3 and w8 show the same text.
            match timeout(SILENCE, fetch_once(server, path)).await {
                Err(_) => Ok(()),
                Ok(Ok(_)) => Err("it does not wait".into()),
                Ok(Err(error)) => Err(first_line(&error.to_string())),
            }
        } else {
            same_page(server, whole, path).await?
        };
        if let Err(reason) = checked {
            unserved.push(Unserved {
                peer: server.name.clone(),
                path,
                reason,
            });
        }
    }
    Ok(unserved)
}

/// Whether `path` has the text of the whole page, in its order.
async fn same_page(
    server: &Server,
    whole: &Server,
    path: &str,
) -> Result<std::result::Result<(), String>> {
    let expected = fetch_once(whole, path).await?.body;
    Ok(match fetch_once(server, path).await {
        Ok(page) if text(&page.body) == text(&expected) => Ok(()),
        Ok(_) => Err("not the text of the whole page".into()),
        Err(error) => Err(first_line(&error.to_string())),
    })
}

/// The runs of text of a page, times aside.
fn text(html: &str) -> Vec<String> {
    runs(html).iter().map(|run| without_times(run)).collect()
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().into()
}

/// All loading views of the shell come before any content, and in an earlier read.
fn streamed(workload: &Workload, fetched: &Fetched) -> std::result::Result<(), String> {
    let (loading, count) = (workload.loading_text, workload.loading.1);
    let places: Vec<_> = fetched.body.match_indices(loading).take(count).collect();
    let last = match places.last() {
        Some(&(last, _)) if places.len() == count => last,
        _ => return Err(format!("{} loading views of {count}", places.len())),
    };
    let Some(content) = fetched.body.find(workload.content_text) else {
        return if workload.path == PARKED {
            Ok(())
        } else {
            Err("no content".into())
        };
    };
    if content < last {
        return Err("content comes before the last loading view".into());
    }
    if fetched.reads_until(last) == fetched.reads_until(content) {
        return Err("the shell never came in a read of its own".into());
    }
    Ok(())
}

fn same_text(workload: &Workload, body: &str, whole: &str) -> std::result::Result<(), String> {
    let sorted = |mut texts: Vec<String>| {
        texts.sort();
        texts
    };
    let found = sorted(text(body));
    let mut expected = text(whole);
    expected.extend(workload.loading_runs());
    let expected = sorted(expected);
    if found == expected {
        return Ok(());
    }
    let odd = found
        .iter()
        .zip(&expected)
        .find(|(found, expected)| found != expected)
        .map_or(String::new(), |(found, expected)| {
            format!(", as in {found:.40?} for {expected:.40?}")
        });
    Err(format!(
        "{} runs of text for {}{odd}",
        found.len(),
        expected.len()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const W2: &Workload = &STREAMED[0];

    /// A page of these frames, each in a read of its own.
    fn page(frames: &[&str]) -> Fetched {
        Fetched::in_reads(frames.iter().copied())
    }

    #[test]
    fn a_shell_may_come_in_pieces_and_content_after_it() {
        let pieces = ["<main>", "<p>Loading 0</p>", "<b>row 1: quick</b>"];
        assert_eq!(streamed(W2, &page(&pieces)), Ok(()));
    }

    #[test]
    fn content_in_the_read_of_the_shell_is_not_streamed() {
        let joined = page(&["<p>Loading 0</p><b>row 1: quick</b>"]);
        assert!(streamed(W2, &joined).is_err());
        let reversed = page(&["<b>row 1: quick</b>", "<p>Loading 0</p>"]);
        assert!(streamed(W2, &reversed).is_err());
        let whole = page(&["<b>row 1: quick</b>"]);
        assert!(streamed(W2, &whole).is_err());
    }

    #[test]
    fn text_is_compared_in_any_order_and_as_often() {
        let whole = "<h1>One</h1><p>Two</p>";
        let streamed = "<p>Loading 0</p><h1>One</h1><template><p>Two</p></template>";
        assert_eq!(same_text(W2, streamed, whole), Ok(()));
        let swapped = "<h1>One</h1><p>Loading 0</p><p>Three</p>";
        assert!(same_text(W2, swapped, whole).is_err());
        let twice = format!("{streamed}<p>Two</p>");
        assert!(same_text(W2, &twice, whole).is_err());
    }
}
