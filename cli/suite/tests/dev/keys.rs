//! Keys at a terminal.

use std::net::TcpListener;

use rustix::termios::{LocalModes, tcgetattr};

use crate::run::Run;

#[test]
fn r_builds_though_nothing_has_changed() {
    let run = Run::at_terminal();
    run.press('r');
    let build = run.build();
    assert_eq!(build.page, "first");
    build.succeeds();
    run.says("Unchanged");
    assert_eq!(run.get("/text").whole(), "first");
}

#[test]
fn o_opens_the_browser() {
    let run = Run::at_terminal();
    run.press('o');
    // The browser of the test says where it was sent.
    assert_eq!(run.build().page, format!("http://{}", run.address));
}

#[test]
fn q_quits_and_leaves_the_terminal_as_it_was() {
    let mut run = Run::at_terminal();
    let echoes = |run: &Run| {
        let terminal = run.terminal.as_ref().unwrap();
        let modes = tcgetattr(terminal).unwrap().local_modes;
        modes.contains(LocalModes::ECHO | LocalModes::ICANON)
    };
    assert!(!echoes(&run), "keys are shown, and wait for Enter");
    run.press('x');
    run.press('q');
    let status = run.process.wait().unwrap();
    assert!(status.success(), "{status}");
    assert!(echoes(&run), "the terminal is left as it was for keys");
    TcpListener::bind(&run.address).expect("the port is free");
}
