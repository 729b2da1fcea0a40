//! The processes that a command has started.

use std::process::Child;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

const PATIENCE: Timespec = Timespec {
    tv_sec: 30,
    tv_nsec: 0,
};

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

/// Whether a process is still there. One that was killed closes its files before it has gone, so
/// its end is waited for, as long as a test has patience.
pub(crate) fn is_left(process: Pid) -> bool {
    let Ok(handle) = pidfd_open(process, PidfdFlags::empty()) else {
        return false;
    };
    // Ready when it has ended, whether or not its parent has taken note of that.
    let ended = poll(&mut [PollFd::new(&handle, PollFlags::IN)], Some(&PATIENCE));
    ended.expect("a process can be waited for") == 0
}
