//! The demo in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::{env, thread};

use crate::Tried;
use crate::row::failed;

/// The running demo. Dropping it ends it.
pub(super) struct Site {
    pub(super) address: SocketAddr,
    process: Child,
}

impl Site {
    /// Starts the program that was built beside this one. At its first start it imports its data.
    pub(super) fn start() -> Tried<Self> {
        let own = env::current_exe().map_err(failed)?;
        // A test's program is one folder below.
        let mut beside = own
            .ancestors()
            .skip(1)
            .take(2)
            .map(|folder| folder.join("demo"));
        let program = beside.find(|program| program.is_file());
        let program = program.ok_or("the demo is not built: run `cargo build -p demo`")?;
        let mut process = Command::new(program)
            .env("PORT", "0")
            .env("RUST_LOG", "off")
            // A debug build would show its inspector.
            .env("ANABRANCH_INSPECT", "0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let printed = process.stdout.take().ok_or("the demo prints nowhere")?;
        let mut lines = BufReader::new(printed).lines().map_while(Result::ok);
        let address = lines.find_map(|line| {
            let (_, address) = line.split_once("http://")?;
            address.parse().ok()
        });
        // It may print more, and must not fail for that.
        thread::spawn(move || lines.for_each(drop));
        let Some(address) = address else {
            let _ = process.kill();
            let _ = process.wait();
            return Err("the demo has ended before it listened".to_owned());
        };
        Ok(Self { address, process })
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
