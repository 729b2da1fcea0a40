//! Chromium's modes: each changes what it says.

use anabranch_paint::{Chromium, Mode, Network, Page, Result, Swap};

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

/// How slow a processor is cannot be measured on a busy machine. That the browser is asked to slow
/// it down shows where it refuses.
#[test]
fn a_processor_is_slowed_down_by_a_number() -> Result {
    let page = Chromium::shared(Swap::Native)?.page().slow_cpu(f64::NAN);
    let refused = page.open("about:blank").unwrap_err();
    assert!(
        format!("{refused:?}").contains("Invalid parameters"),
        "{refused:?}"
    );
    Ok(())
}

/// A page in this mode whose shell is painted.
fn shell(mode: Mode) -> Result<Page> {
    let open = open(mode, "/three")?;
    open.page.wait_painted("shell")?;
    Ok(open.page)
}
