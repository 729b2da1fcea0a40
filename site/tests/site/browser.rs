//! The site in a real browser.

use anabranch_paint::{Chromium, Page, Site, Stage, Swap};
use anabranch_site::site;
use anabranch_site::watch::GATES;

/// Holds nothing: the gates are the page's own.
fn free() -> Site {
    Site::with(Stage::free(), site()).unwrap()
}

#[test]
fn each_gate_paints_its_part_in_the_order_of_the_visitor() {
    for (swap, order) in [
        (
            Swap::Native,
            ["weather", "ferries", "level", "log", "entry"],
        ),
        (
            Swap::Bridge,
            ["ferries", "log", "weather", "entry", "level"],
        ),
    ] {
        let site = free();
        let desktop = Chromium::shared(swap).unwrap().page().viewport(1300, 1400);
        let page = site.open_in(desktop, "/watch").unwrap();
        for gate in GATES.iter().filter(|gate| gate.name != "entry") {
            page.painted(&format!("loading {}", gate.name)).while_open();
        }
        for (number, gate) in order.iter().enumerate() {
            click(&page, gate);
            page.wait_for(&format!("document.getElementById('{gate}')"))
                .unwrap();
            let painted = page.painted(gate);
            if number + 1 < order.len() {
                painted.while_open();
            }
            if number > 0 {
                page.painted(gate).after(order[number - 1]);
            }
        }
        page.wait_loaded().unwrap();
        assert_eq!(label(&page, "level"), "Arrived");
        page.no_layout_shift_over(0.05);
        page.no_console_errors();
        assert_eq!(page.violations().unwrap(), Vec::<String>::new());
        let lines = "document.querySelector('.record iframe').contentDocument.body.innerText";
        page.wait_for(&format!("{lines}.includes('The response has ended.')"))
            .unwrap();
    }
}

#[test]
fn without_scripts_the_gates_open_as_well() {
    let site = free();
    let page = Chromium::shared(Swap::Native)
        .unwrap()
        .page()
        .without_scripts();
    let page = site.open_in(page, "/watch").unwrap();
    for gate in ["log", "ferries"] {
        click(&page, gate);
        page.wait_for(&format!("document.getElementById('{gate}')"))
            .unwrap();
    }
    assert_eq!(label(&page, "ferries"), "Arrived");
    assert_eq!(label(&page, "weather"), "Open");
    assert_eq!(page.eval("document.readyState").unwrap(), "loading");
}

#[test]
fn a_search_shows_its_form_before_what_it_finds() {
    for swap in [Swap::Native, Swap::Bridge] {
        let site = Site::start(site()).unwrap();
        let page = site.open_with(swap, "/search?q=streaming").unwrap();
        page.shows_loading("found");
        assert_eq!(
            page.eval("document.querySelector('#q').value").unwrap(),
            "streaming"
        );
        page.release("found");
        page.painted("found").after("loading found");
        page.final_dom_equals_whole_mode();
        page.no_console_errors();
    }
}

#[test]
fn pages_keep_to_their_policy_and_to_the_width_of_a_phone() {
    let site = free();
    let chromium = Chromium::shared(Swap::Native).unwrap();
    for path in [
        "/",
        "/guide",
        "/guide/battery",
        "/guide/server",
        "/benchmarks",
        "/search?q=csp",
        "/nowhere",
    ] {
        let page = site
            .open_in(chromium.page().viewport(360, 780), path)
            .unwrap();
        page.wait_loaded().unwrap();
        assert_eq!(page.violations().unwrap(), Vec::<String>::new(), "{path}");
        let fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth";
        assert_eq!(page.eval(fits).unwrap(), true, "{path}");
        if path != "/nowhere" {
            assert_eq!(page.errors().unwrap(), Vec::<String>::new(), "{path}");
        }
    }
}

#[test]
fn the_lists_open_without_a_script_and_code_can_be_copied() {
    let site = free();
    let chromium = Chromium::shared(Swap::Native).unwrap();
    let page = site
        .open_in(chromium.page().viewport(390, 844), "/guide/csp")
        .unwrap();
    page.wait_loaded().unwrap();
    let shown = "document.querySelector('#pages')?.checkVisibility()";
    assert_eq!(page.eval(shown).unwrap(), false);
    page.eval("document.querySelector('[popovertarget=pages]').click()")
        .unwrap();
    page.wait_for(shown).unwrap();
    let buttons = "document.querySelectorAll('.code .copy').length";
    let blocks = "document.querySelectorAll('.code').length";
    page.wait_for(&format!("{buttons} > 0 && {buttons} === {blocks}"))
        .unwrap();

    let wide = site
        .open_in(chromium.page().viewport(1400, 900), "/guide/csp")
        .unwrap();
    wide.wait_for(shown).unwrap();
}

fn click(page: &Page, gate: &str) {
    let button = format!("document.querySelector('[data-gate={gate}] button')");
    page.wait_for(&format!("{button} !== null")).unwrap();
    page.eval(&format!("{button}.click()")).unwrap();
}

/// What is to be read on the button of a gate.
fn label(page: &Page, gate: &str) -> String {
    let text = format!(
        "[...document.querySelectorAll('[data-gate={gate}] .closed, [data-gate={gate}] .opened')]\
         .filter(it => it.checkVisibility()).map(it => it.textContent).join()"
    );
    page.eval(&text).unwrap().as_str().unwrap().to_owned()
}
