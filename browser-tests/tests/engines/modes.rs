//! Chromium's modes: each changes what it says.

use anabranch_paint::{Mode, Network, Page, Result};

use serde_json::Value;

use crate::pages::open;

#[test]
fn a_phone_has_a_narrow_screen_fingers_and_a_user_agent() -> Result {
    let page = shell(Mode::Phone)?;
    assert_eq!(page.eval("screen.width + 'x' + screen.height")?, "390x844");
    assert_eq!(page.eval("devicePixelRatio")?, 3);
    assert_eq!(page.eval("matchMedia('(pointer: coarse)').matches")?, true);
    assert_eq!(page.eval("navigator.maxTouchPoints")?, 5);
    assert_eq!(page.eval("/Mobile/.test(navigator.userAgent)")?, true);
    assert_eq!(page.eval("navigator.userAgentData?.mobile ?? true")?, true);
    // Without a viewport tag a phone lays the page out as wide as a desktop's.
    assert_eq!(page.eval("innerWidth")?, 980);
    Ok(())
}

#[test]
fn wishes_are_seen_by_media_queries() -> Result {
    let dark = "matchMedia('(prefers-color-scheme: dark)').matches";
    let still = "matchMedia('(prefers-reduced-motion: reduce)').matches";
    for mode in [Mode::Native, Mode::Dark, Mode::Still] {
        let page = shell(mode)?;
        assert_eq!(page.eval(dark)?, mode == Mode::Dark, "{mode:?}");
        assert_eq!(page.eval(still)?, mode == Mode::Still, "{mode:?}");
    }
    Ok(())
}

#[test]
fn a_slow_network_keeps_a_response_back() -> Result {
    let page = shell(Mode::SlowNetwork)?;
    let shown = page.paints()?[0].at;
    let latency = Network::FAST_3G.latency.as_secs_f64() * 1_000.0;
    assert!(shown > latency, "{shown} ms in spite of {latency} ms");
    Ok(())
}

#[test]
fn a_slow_processor_takes_its_time() -> Result {
    let fast = times_of_work(Mode::Native)?;
    let slow = times_of_work(Mode::SlowCpu)?;
    // A busy machine makes both longer, but the shortest time is that of the work alone.
    let work = fast.iter().copied().fold(f64::INFINITY, f64::min);
    let average = slow.iter().sum::<f64>() / slow.len() as f64;
    assert!(
        average > 2.0 * work,
        "{average} ms, and not more than {work} ms"
    );
    Ok(())
}

/// How many milliseconds the same work takes, each time it is done.
fn times_of_work(mode: Mode) -> Result<Vec<f64>> {
    const WORK: &str = "Array.from({ length: 30 }, () => {
        const start = performance.now();
        for (let n = 0, sum = 0; n < 1e6; n++) sum += Math.sqrt(n);
        return performance.now() - start;
    })";
    let times = shell(mode)?.eval(WORK)?;
    Ok(times
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_f64)
        .collect())
}

/// A page in this mode whose shell is painted.
fn shell(mode: Mode) -> Result<Page> {
    let open = open(mode, "/three")?;
    open.page.wait_painted("shell")?;
    Ok(open.page)
}
