//! Keys that are pressed while the dev server runs.

use std::io::{self, IsTerminal, Read};

use rustix::process::getpgrp;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetpgrp, tcsetattr};
use tokio::sync::mpsc;

/// Keys, as long as this is held: without waiting for Enter, and not shown.
///
/// Without a terminal, or in the background of one, there are none.
#[derive(Debug)]
pub(super) struct Keys {
    pressed: mpsc::Receiver<u8>,
    /// How the terminal was.
    before: Option<Termios>,
}

impl Keys {
    pub(super) fn listen() -> Self {
        let before = quiet_terminal();
        let (sender, pressed) = mpsc::channel(1);
        if before.is_some() {
            // Reading cannot be given up, so the thread ends with the process.
            std::thread::spawn(move || {
                for key in io::stdin().lock().bytes().map_while(Result::ok) {
                    if sender.blocking_send(key).is_err() {
                        return;
                    }
                }
            });
        }
        Self { pressed, before }
    }

    pub(super) fn are_there(&self) -> bool {
        self.before.is_some()
    }

    /// The next key. Waits for ever if there are none.
    pub(super) async fn next(&mut self) -> u8 {
        match self.pressed.recv().await {
            Some(key) => key,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            // A terminal that has gone needs nothing.
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
        }
    }
}

/// Has the terminal hand over each key at once and show none. Ctrl-C stays a signal, and lines
/// look as ever. Returns how it was.
fn quiet_terminal() -> Option<Termios> {
    let stdin = io::stdin();
    // To change the terminal from the background would stop the process.
    if !stdin.is_terminal() || tcgetpgrp(&stdin).ok()? != getpgrp() {
        return None;
    }
    let before = tcgetattr(&stdin).ok()?;
    let mut quiet = before.clone();
    quiet.local_modes -= LocalModes::ICANON | LocalModes::ECHO;
    tcsetattr(&stdin, OptionalActions::Now, &quiet).ok()?;
    Some(before)
}
