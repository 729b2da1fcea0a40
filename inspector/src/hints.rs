//! What could be better about a page.

use std::time::Duration;

use serde::Serialize;

use crate::record::{Boundary, Outcome, Wait};
use crate::stats::AlwaysReady;

/// A wait before the shell that a visitor notices.
const LONG_WAIT: Duration = Duration::from_millis(50);

/// What takes less is no link of a chain worth breaking.
const LONG_LINK: Duration = Duration::from_millis(20);

/// A boundary that took this much of its time is close to its deadline, in hundredths.
const NEARLY: u32 = 80;

/// Hints of a kind beyond these say nothing new.
const MOST: usize = 5;

/// What was seen, where, and what mends it.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Hint {
    pub(crate) seen: String,
    pub(crate) place: String,
    pub(crate) mend: &'static str,
}

/// All hints for a page that was sent to its end.
pub(crate) fn all(
    waits: &[Wait],
    boundaries: &[Boundary],
    always_ready: &[AlwaysReady<'_>],
) -> Vec<Hint> {
    let before_shell = waits.iter().filter_map(before_shell).take(MOST);
    let chains = chains(boundaries).into_iter().take(MOST);
    let late = boundaries.iter().filter_map(late).take(MOST);
    let ready = always_ready.iter().map(ready).take(MOST);
    before_shell
        .chain(chains)
        .chain(late)
        .chain(ready)
        .collect()
}

/// What kept the shell waiting.
fn before_shell(wait: &Wait) -> Option<Hint> {
    let took = wait.to.0.saturating_sub(wait.from.0);
    let mend = match wait.what {
        "page" => "move what is slow behind a boundary, or add a loading file",
        "layout" => "move what is slow behind a boundary",
        "head" => "a head is always awaited; let it need less, or share the work with the page",
        _ => "it runs before anything is sent; let it need less",
    };
    (took >= LONG_WAIT).then(|| Hint {
        seen: format!("{} awaited {} before the shell", wait.what, time(took)),
        place: wait.place.clone(),
        mend,
    })
}

/// A deadline that was missed, or nearly.
fn late(boundary: &Boundary) -> Option<Hint> {
    let took = boundary.end?.0.saturating_sub(boundary.rendered.0);
    let limit = boundary.deadline.0.saturating_sub(boundary.rendered.0);
    let seen = match boundary.outcome? {
        Outcome::TimedOut => format!("{} missed its deadline of {}", boundary.name, time(limit)),
        Outcome::Complete if took * 100 >= limit * NEARLY => format!(
            "{} took {} of the {} that it has",
            boundary.name,
            time(took),
            time(limit)
        ),
        _ => return None,
    };
    Some(Hint {
        seen,
        place: boundary.place.clone(),
        mend: "let it need less, or set its deadline",
    })
}

fn ready(AlwaysReady { boundary, views }: &AlwaysReady<'_>) -> Hint {
    Hint {
        seen: format!("{} was ready at once in {views} views", boundary.name),
        place: boundary.place.clone(),
        mend: "drop its loading view",
    }
}

/// Boundaries that ran one after another because each was rendered by the one before.
fn chains(boundaries: &[Boundary]) -> Vec<Hint> {
    let mut chains: Vec<Vec<&Boundary>> = Vec::new();
    for last in boundaries {
        let mut chain = vec![last];
        while let Some(before) = chain.last().and_then(|link| before(boundaries, link)) {
            chain.push(before);
        }
        chain.reverse();
        if chain.len() < 2 {
            continue;
        }
        // Of all that begin with the same boundary, the one that ends last is to be broken.
        match chains.iter_mut().find(|known| known[0].id == chain[0].id) {
            Some(known) if end(known) < end(&chain) => *known = chain,
            Some(_) => {}
            None => chains.push(chain),
        }
    }
    chains.iter().map(|chain| broken_up(chain)).collect()
}

/// The boundary that `link` had to wait for: the one that rendered it, if that was over by then.
fn before<'a>(boundaries: &'a [Boundary], link: &Boundary) -> Option<&'a Boundary> {
    let index = usize::try_from(link.parent).ok()?.checked_sub(1)?;
    let parent = boundaries.get(index)?;
    let shortest = ran_for(link)?.min(ran_for(parent)?);
    let together = parent.end?.0.saturating_sub(link.started?.0);
    (shortest >= LONG_LINK && together * 10 <= shortest).then_some(parent)
}

fn ran_for(boundary: &Boundary) -> Option<Duration> {
    Some(boundary.end?.0.saturating_sub(boundary.started?.0))
}

fn end(chain: &[&Boundary]) -> Option<Duration> {
    Some(chain.last()?.end?.0)
}

fn broken_up(chain: &[&Boundary]) -> Hint {
    let names: Vec<_> = chain.iter().map(|link| link.name.as_str()).collect();
    let took = chain.iter().filter_map(|link| ran_for(link)).sum();
    Hint {
        seen: format!(
            "{} run one after another, {}",
            names.join(" → "),
            time(took)
        ),
        place: chain[0].place.clone(),
        mend: "start what they wait for together, with share()",
    }
}

/// A duration for people.
fn time(duration: Duration) -> String {
    match duration.as_millis() {
        ms @ 0..1000 => format!("{ms} ms"),
        _ => format!("{:.1} s", duration.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Moment;

    /// What was seen, without where and what mends it.
    fn seen(waits: &[Wait], boundaries: &[Boundary]) -> Vec<String> {
        let hints = all(waits, boundaries, &[]);
        hints.into_iter().map(|hint| hint.seen).collect()
    }

    fn wait(what: &'static str, from: u64, to: u64) -> Wait {
        let at = |ms| Moment(Duration::from_millis(ms));
        Wait {
            what,
            place: "app/page.rs".to_owned(),
            from: at(from),
            to: at(to),
        }
    }

    #[test]
    fn a_long_wait_before_the_shell_is_told_with_what_mends_it() {
        let hints = all(&[wait("page", 5, 54), wait("page", 5, 435)], &[], &[]);
        assert_eq!(
            hints,
            [Hint {
                seen: "page awaited 430 ms before the shell".to_owned(),
                place: "app/page.rs".to_owned(),
                mend: "move what is slow behind a boundary, or add a loading file",
            }]
        );
        let middleware = all(&[wait("middleware", 0, 2500)], &[], &[]);
        assert_eq!(
            middleware[0].seen,
            "middleware awaited 2.5 s before the shell"
        );
        assert!(middleware[0].mend.starts_with("it runs before"));
    }

    #[test]
    fn a_chain_is_told_once_by_its_longest_way() {
        let boundaries = [
            Boundary::ran(1, 0, "a", 0, 100),
            Boundary::ran(2, 1, "b", 100, 250),
            Boundary::ran(3, 2, "c", 249, 400),
            Boundary::ran(4, 2, "d", 250, 300),
            Boundary::ran(5, 0, "alone", 0, 500),
        ];
        assert_eq!(
            seen(&[], &boundaries),
            ["a → b → c run one after another, 401 ms"]
        );
    }

    #[test]
    fn what_overlaps_or_is_quick_is_no_chain() {
        let boundaries = [
            Boundary::ran(1, 0, "early", 0, 100),
            // Its parent rendered it and went on.
            Boundary::ran(2, 1, "overlaps", 50, 200),
            Boundary::ran(3, 0, "quick", 0, 10),
            Boundary::ran(4, 3, "below quick", 10, 200),
            Boundary {
                end: None,
                ..Boundary::ran(5, 2, "pending", 200, 200)
            },
        ];
        assert_eq!(seen(&[], &boundaries), [""; 0]);
    }

    #[test]
    fn deadlines_that_were_missed_or_nearly_are_told() {
        let boundaries = [
            Boundary::ran(1, 0, "fine", 0, 799),
            Boundary::ran(2, 0, "close", 100, 900),
            Boundary {
                outcome: Some(Outcome::TimedOut),
                ..Boundary::ran(3, 0, "late", 0, 1000)
            },
            Boundary {
                outcome: Some(Outcome::Failed),
                ..Boundary::ran(4, 0, "failed", 0, 1000)
            },
        ];
        assert_eq!(
            seen(&[], &boundaries),
            [
                "close took 800 ms of the 1.0 s that it has",
                "late missed its deadline of 1.0 s",
            ]
        );
    }

    #[test]
    fn hints_of_a_kind_are_few() {
        let waits: Vec<_> = (0..100).map(|_| wait("page", 0, 100)).collect();
        assert_eq!(seen(&waits, &[]).len(), MOST);
    }
}
