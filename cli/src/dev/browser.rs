//! The browser of whoever works on the app.

use std::io;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

/// How a browser on this machine gets to an address.
pub(super) fn url(address: SocketAddr) -> String {
    match address.ip().is_unspecified() {
        true => format!("http://localhost:{}", address.port()),
        false => format!("http://{address}"),
    }
}

/// Opens the browser that the environment names, or the system's.
pub(super) fn open(url: &str) -> io::Result<()> {
    let system = match cfg!(target_os = "macos") {
        true => "open".into(),
        false => "xdg-open".into(),
    };
    let program = std::env::var_os("BROWSER").unwrap_or(system);
    let mut command = Command::new(program);
    command.arg(url).stdin(Stdio::null());
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    // Somebody has to take note of its end.
    std::thread::spawn(move || child.wait());
    Ok(())
}
