//! S11: text that would be a script, in every place where text goes.

use anabranch::{Layers, Server};
use anabranch_paint::{Chromium, Page, Swap};

use crate::local::Local;
use crate::{Form, Outcome, Tried, browser, check};

mod sinks;
mod vectors;

use sinks::{SINKS, Sink};
use vectors::vectors;

/// How many of the vectors a browser must run where they stand as raw HTML, without a policy:
/// what does not run there proves nothing elsewhere.
const RUN_AT_LEAST: u64 = 60;

pub(super) async fn run(form: Form) -> Outcome {
    let vectors = vectors().len();
    check!(vectors >= 100, "{vectors} vectors");
    let mut control = 0;
    for has_policy in [false, true] {
        let layers = if has_policy {
            Layers::new()
        } else {
            Layers::new().without_csp()
        };
        let server = Local::serve(Server::new().layers(layers), sinks::app()).await?;
        for swap in swaps(form, has_policy).iter().copied() {
            let base = format!("http://{}", server.address);
            control +=
                browser::with(swap, move |chromium| all(chromium, &base, has_policy)).await?;
        }
    }
    let sinks = SINKS.len();
    Ok(format!(
        "{vectors} vectors in {sinks} sinks: 0 executed ({control} as raw HTML)"
    ))
}

/// Whoever swaps puts the same nodes into place. So in the short form each has one of the two: the
/// bridge the default policy, which it must not trip over.
fn swaps(form: Form, has_policy: bool) -> &'static [Swap] {
    match (form, has_policy) {
        (Form::Long, _) => &browser::SWAPS,
        (Form::Short, false) => &[Swap::Native],
        (Form::Short, true) => &[Swap::Bridge],
    }
}

/// Returns how many ran as raw HTML.
fn all(chromium: &Chromium, base: &str, has_policy: bool) -> Tried<u64> {
    for sink in SINKS {
        // Whoever puts text from elsewhere into `href` as a whole has only the policy.
        if has_policy || !sink.needs_policy {
            let executed = executed(chromium, base, sink)?;
            check!(
                executed == 0,
                "{executed} executed in {}: policy {has_policy}",
                sink.name
            );
        }
    }
    let control = executed(chromium, base, &sinks::RAW)?;
    check!(
        if has_policy {
            control == 0
        } else {
            control >= RUN_AT_LEAST
        },
        "{control} executed as raw HTML: policy {has_policy}"
    );
    Ok(control)
}

/// Opens the sink with each vector, in a frame each, uses what can be used, and counts.
fn executed(chromium: &Chromium, base: &str, sink: &Sink) -> Tried<u64> {
    let url = format!("{base}/frames/{}", sink.name);
    let page = browser::of(chromium.page().open(&url))?;
    browser::of(page.wait_loaded())?;
    uses_everything(&page)?;
    let hits = browser::of(page.eval("self.hits?.size ?? 0"))?;
    hits.as_u64().ok_or_else(|| format!("not a number: {hits}"))
}

/// Sends the forms, then clicks the links, and waits for what that starts.
fn uses_everything(page: &Page) -> Tried {
    browser::of(page.eval(USE)).map(drop)
}

const USE: &str = "(async () => {
    const frames = [...document.querySelectorAll('iframe')];
    const own = frame => { try { return frame.contentDocument } catch { return null } };
    const settled = () => new Promise(done => {
        const image = new Image();
        image.onerror = () => requestAnimationFrame(() => requestAnimationFrame(done));
        image.src = 'x:';
    });
    await settled();
    const sent = frames.map(frame => {
        const form = own(frame)?.querySelector('form[data-send]');
        return form && new Promise(done => { frame.onload = done; form.submit(); });
    });
    await Promise.all(sent);
    await settled();
    for (const frame of frames) {
        own(frame)?.querySelectorAll('a, button, input').forEach(it => { it.focus(); it.click(); });
    }
    await settled();
})()";
