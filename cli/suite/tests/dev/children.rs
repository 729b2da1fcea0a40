//! The processes that a command has started.

use std::process::Child;

use rustix::process::{Pid, test_kill_process};

/// The one child of a process.
pub(crate) fn child_of(process: &Child) -> Pid {
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

/// Whether a process still runs.
pub(crate) fn is_left(process: Pid) -> bool {
    // It may wait for its parent's parent to take note of it.
    test_kill_process(process).is_ok() && !is_zombie(process)
}

fn is_zombie(process: Pid) -> bool {
    let file = format!("/proc/{}/stat", process.as_raw_nonzero());
    std::fs::read_to_string(file).is_ok_and(|stat| stat.contains(") Z "))
}
