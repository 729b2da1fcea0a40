//! The end of the command: nothing is left behind.

use std::net::TcpListener;
use std::process::Child;

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

use crate::run::Run;

#[test]
fn ctrl_c_frees_the_port_and_leaves_no_process() {
    let mut run = Run::started();
    let app = app_of(&run.process);
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
    let cargo = app_of(&run.process);
    kill_process(Pid::from_child(&run.process), Signal::INT).unwrap();
    assert!(run.process.wait().unwrap().success());
    TcpListener::bind(&run.address).expect("the port is free");
    build.cargo_has_gone();
    // It may wait for its parent's parent to take note of it.
    let left = test_kill_process(cargo).is_ok() && !is_zombie(cargo);
    assert!(!left, "cargo is still there");
}

/// The one child of a process.
fn app_of(process: &Child) -> Pid {
    let id = process.id();
    let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
    let children = match children {
        Ok(children) if !children.trim().is_empty() => children,
        // Started by another thread.
        _ => children_of_all_threads(id),
    };
    let child = children.split_whitespace().next().expect("a child");
    Pid::from_raw(child.parse().unwrap()).unwrap()
}

fn children_of_all_threads(id: u32) -> String {
    let threads = std::fs::read_dir(format!("/proc/{id}/task")).unwrap();
    let threads = threads.map(|thread| thread.unwrap().path().join("children"));
    threads
        .filter_map(|file| std::fs::read_to_string(file).ok())
        .collect()
}

fn is_zombie(process: Pid) -> bool {
    let file = format!("/proc/{}/stat", process.as_raw_nonzero());
    std::fs::read_to_string(file).is_ok_and(|stat| stat.contains(") Z "))
}
