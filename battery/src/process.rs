//! What a process has and costs, read from `/proc`.

use std::fs;
use std::time::Duration;

use crate::Tried;
use crate::row::failed;

/// Resident memory in bytes.
///
/// # Errors
/// If the process has ended.
pub fn resident(process: u32) -> Tried<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).map_err(failed)?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kibibytes = kibibytes.ok_or("no VmRSS in the process status")?;
    Ok(kibibytes.parse::<u64>().map_err(failed)? * 1024)
}

/// Open files, sockets among them.
///
/// # Errors
/// If the process has ended.
pub fn files(process: u32) -> Tried<usize> {
    let files = fs::read_dir(format!("/proc/{process}/fd")).map_err(failed)?;
    Ok(files.count())
}

/// CPU time, user and system, of all threads that it has now.
///
/// # Errors
/// If the process has ended.
pub fn cpu(process: u32) -> Tried<Duration> {
    let mut nanoseconds = 0;
    for thread in fs::read_dir(format!("/proc/{process}/task")).map_err(failed)? {
        let path = thread.map_err(failed)?.path().join("schedstat");
        // A thread may end between the two looks.
        let Ok(schedstat) = fs::read_to_string(path) else {
            continue;
        };
        let on_cpu = schedstat.split(' ').next().ok_or("an empty schedstat")?;
        nanoseconds += on_cpu.parse::<u64>().map_err(failed)?;
    }
    Ok(Duration::from_nanos(nanoseconds))
}

/// Bytes for a reader.
#[must_use]
pub fn kib(bytes: u64) -> String {
    if bytes < 10 << 20 {
        format!("{:.1} KiB", bytes as f64 / 1024.0)
    } else {
        format!("{:.1} MiB", bytes as f64 / 1024.0 / 1024.0)
    }
}
