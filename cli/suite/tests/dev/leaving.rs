//! The end of the command: nothing is left behind.

use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use std::net::TcpListener;

use crate::children::{child_of, is_left};
use crate::run::Run;

#[test]
fn ctrl_c_frees_the_port_and_leaves_no_process() {
    let mut run = Run::started();
    let app = child_of(&run.process);
    kill_process(Pid::from_child(&run.process), Signal::INT).unwrap();
    let status = run.process.wait().unwrap();
    assert!(status.success(), "{status}");
    TcpListener::bind(&run.address).expect("the port is free");
    assert!(test_kill_process(app).is_err(), "the app is still there");
}

#[test]
fn ctrl_c_in_a_build_ends_cargo() {
    let mut run = Run::start();
    let build = run.build();
    let cargo = child_of(&run.process);
    kill_process(Pid::from_child(&run.process), Signal::INT).unwrap();
    assert!(run.process.wait().unwrap().success());
    TcpListener::bind(&run.address).expect("the port is free");
    build.cargo_has_gone();
    assert!(!is_left(cargo), "cargo is still there");
}
