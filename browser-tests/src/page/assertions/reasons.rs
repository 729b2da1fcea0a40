//! The messages: what is wrong, and how to mend it.

use std::fmt::Write as _;
use std::time::Duration;

use anabranch_engine::PAGE;

use crate::Timeline;
use crate::stage::{BoundaryRecord, VisitRecord};
use crate::timeline::What;

/// Nothing has arrived.
pub(super) fn blocked(visit: Option<&VisitRecord>, name: &str, patience: Duration) -> String {
    let Some(visit) = visit else {
        return "the page has not arrived: its request did not reach the app".to_owned();
    };
    let held = list(visit.held());
    let mut text = format!("the shell is blocked: no byte has arrived in {patience:?}. ");
    text += &if visit.when(PAGE, What::Sent).is_some() {
        format!("The app has written its shell, but it has not left: {BUFFERED}")
    } else if visit.when(PAGE, What::Complete).is_some() {
        format!(
            "The page is complete, but its response waits for {held} before its first byte: it is \
             sent whole, or has a grace. Let it be streamed to browsers"
        )
    } else {
        let last = visit.boundaries.last();
        let after = last.map_or_else(String::new, |last| format!(", after it rendered `{last}`"));
        format!(
            "The page itself still awaits something{after}. {}",
            await_in_boundary(name)
        )
    };
    for awaited in &visit.awaited {
        let took = awaited.took.as_secs_f64() * 1_000.0;
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n  awaited {took:.0} ms: {} {}",
            awaited.what, awaited.place
        );
    }
    text
}

/// The page has no such boundary.
pub(super) fn unknown(visit: &VisitRecord, name: &str) -> String {
    let known = list(visit.boundaries.iter());
    let inside = match visit.held().next() {
        Some(_) => ". One inside of a held boundary is not rendered before that is released",
        None => "",
    };
    format!(
        "no boundary is called `{name}`: this page has rendered {known}{inside}. If the page \
         awaits it before its first byte, it blocks the shell. {}",
        await_in_boundary(name)
    )
}

/// Its gate is open.
pub(super) fn not_held(boundary: &BoundaryRecord) -> String {
    format!(
        "`{boundary}` is not held, so its loading view may be gone: call shows_loading before \
         release, on a Site whose stage holds it (Site::start holds everything)"
    )
}

/// There is nothing to show.
pub(super) fn no_loading_view(boundary: &BoundaryRecord) -> String {
    format!(
        "`{boundary}` has no loading view: until it is complete nothing shows in its place. Give \
         it one, of about the size of its content: (boundary(…).loading(html! {{ … }})), at {}",
        boundary.call_site
    )
}

/// There is a loading view, but nothing in it.
pub(super) fn empty_loading_view(boundary: &BoundaryRecord) -> String {
    format!(
        "it has no element that could be seen. Put its text or its skeleton into one, at {}",
        boundary.call_site
    )
}

/// The content of a boundary is not what it should be.
pub(super) fn not_ended(
    visit: &VisitRecord,
    boundary: &BoundaryRecord,
    end: What,
) -> Option<String> {
    if boundary.is_held() {
        return Some(format!(
            "`{boundary}` is held: open its gate with release(\"{boundary}\") before"
        ));
    }
    let why = boundary.error.as_deref().unwrap_or_default();
    match boundary.outcome() {
        Some(found) if found == end => None,
        Some(What::Failed) => Some(format!(
            "`{boundary}` has failed, and its error view is its content: {why}"
        )),
        Some(What::Cancelled) => Some(format!(
            "`{boundary}` was cancelled: it was rendered but not placed, what is around it has \
             failed, or the page was closed"
        )),
        Some(_) => Some(format!("`{boundary}` has not failed, but completed")),
        None => Some(format!(
            "`{boundary}` is still running: what it awaits has not come in time. Held meanwhile: \
             {}. It must not wait for one of them",
            list(visit.held())
        )),
    }
}

/// Why what the app has written of a boundary has not arrived, or cannot be used, as far as the
/// bytes that left the app tell.
pub(super) fn withheld(visit: &VisitRecord, boundary: &BoundaryRecord) -> Option<String> {
    let bytes = Bytes::of(visit, boundary)?;
    let is_written = bytes.start.is_none() || visit.when(boundary.id, What::Sent).is_some();
    if bytes.patch.is_none() && is_written {
        return Some(format!(
            "the app has written it, but it has not left: {BUFFERED}"
        ));
    }
    precedes_parent(visit, boundary)
}

/// Whether the patch of a boundary has left before its placeholder.
pub(super) fn precedes_parent(visit: &VisitRecord, boundary: &BoundaryRecord) -> Option<String> {
    let Bytes { start, patch } = Bytes::of(visit, boundary)?;
    let patch = patch?;
    if start.is_some_and(|start| start < patch) {
        return None;
    }
    let parent = visit.name_of(boundary.parent);
    Some(format!(
        "its patch has left before the placeholder that it replaces, which is in `{parent}`, so a \
         browser leaves it inert. A parent must be sent before its children: a layer has \
         reordered the patches"
    ))
}

/// Where the placeholder and the patch of a boundary are in the bytes that left the app.
struct Bytes {
    start: Option<usize>,
    patch: Option<usize>,
}

impl Bytes {
    /// Those of a boundary whose loading view was written.
    fn of(visit: &VisitRecord, boundary: &BoundaryRecord) -> Option<Self> {
        let wire = boundary.wire.as_deref()?;
        let frames = visit.frames.iter();
        let sent: Vec<u8> = frames.flat_map(|frame| frame.bytes.to_vec()).collect();
        let sent = String::from_utf8_lossy(&sent);
        let native = sent.find(&format!("<template for=\"{wire}\">"));
        Some(Self {
            start: sent.find(&format!("<?start name=\"{wire}\">")),
            patch: native.or_else(|| sent.find(&format!("<template data-for={wire}>"))),
        })
    }
}

/// The patch is in the document, inert.
pub(super) fn not_swapped(wire: &str, native: bool, bridge: bool, errors: &[String]) -> String {
    let mut text =
        format!("its patch <template for=\"{wire}\"> has arrived, but it was not swapped in. ");
    text += match (native, bridge) {
        (true, _) => {
            "This browser swaps by itself, so the markup around the patch or its marker is broken"
        }
        (false, false) => {
            "This browser has no native swap, and the bridge did not run: its script is missing \
             from the response, blocked by a policy, or broken"
        }
        (false, true) => {
            "This browser has no native swap, and the bridge was not triggered: the trigger \
             behind the patch is missing or blocked"
        }
    };
    for error in errors {
        text += "\n  ";
        text += error;
    }
    text
}

/// The boundaries came in another order.
pub(super) fn wrong_order((one, at): (&str, f64), (other, other_at): (&str, f64)) -> String {
    if at > other_at {
        format!(
            "wrong order: `{one}` was painted at {at:.1} ms, after `{other}` at {other_at:.1} ms"
        )
    } else {
        format!(
            "wrong order: `{one}` and `{other}` were painted in the same frame, at {at:.1} ms. \
             What is ready at the same time is sent and painted together"
        )
    }
}

/// It came with the end of the response.
pub(super) fn after_end(name: &str, at: f64, end: f64) -> String {
    format!(
        "`{name}` was painted at {at:.1} ms, after the response had ended at {end:.1} ms: either \
         nothing else was pending, or {BUFFERED}"
    )
}

/// What was visible has moved.
pub(super) fn shifted(timeline: &Timeline, sum: f64, limit: f64) -> String {
    let mut text = format!(
        "layout shift: what was visible has moved by {sum:.3}, over {limit}. Let each loading \
         view take as much room as its content, by min-height or aspect-ratio"
    );
    let mut since = f64::MIN;
    for (score, shift) in timeline.layout_shifts() {
        let swaps = timeline.entries.iter().filter(|entry| {
            entry.what == What::Swapped && since < entry.at && entry.at <= shift.at
        });
        let swaps: Vec<String> = swaps.map(|swap| format!("`{}`", swap.name)).collect();
        since = shift.at;
        let (at, moved) = (shift.at, &shift.name);
        let _ = write!(text, "\n  {score:.3} at {at:.1} ms: {moved} moved");
        if !swaps.is_empty() {
            let _ = write!(text, ", after the content of {}", swaps.join(", "));
        }
    }
    text
}

/// The page has not ended.
pub(super) fn not_at_its_end(held: &[String]) -> String {
    let held = held.join(", ");
    format!("the page is not at its end: {held} held. Release them first: site.release_all()")
}

/// Everything is complete, and the response is still open.
pub(super) const NOT_LOADED: &str = "all boundaries are complete, but the page does not come to \
    its end: its response is open, or something that it loads is missing";

/// The page has ended, and parts of the stream are in it.
pub(super) fn left_over(left: &[String]) -> String {
    let left = left.join("\n  ");
    format!("the page has ended, but parts of its stream are left over:\n  {left}")
}

/// The page for bots is no page in one piece.
pub(super) fn not_whole(left: &[String]) -> String {
    let left = left.join("\n  ");
    format!("a bot did not get the page in one piece, but streamed:\n  {left}")
}

/// The two pages differ.
pub(super) fn differs(difference: &str) -> String {
    format!(
        "the streamed page has not become the page that is sent whole to bots (left is streamed, \
         right is whole): {difference}"
    )
}

const BUFFERED: &str = "something holds the body back until its end. Look for a layer around the \
    app that buffers bodies, compression that does not flush, or a proxy";

fn await_in_boundary(name: &str) -> String {
    let function = name.replace(|c: char| !c.is_alphanumeric(), "_");
    format!(
        "Do not await it in the page, but render a boundary: \
         (boundary({function}(…)).name(\"{name}\").loading(html! {{ … }}))"
    )
}

fn list<'a>(boundaries: impl Iterator<Item = &'a BoundaryRecord>) -> String {
    let names: Vec<String> = boundaries.map(|boundary| format!("`{boundary}`")).collect();
    if names.is_empty() {
        "no boundary".to_owned()
    } else {
        names.join(", ")
    }
}
