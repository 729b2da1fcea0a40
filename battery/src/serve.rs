//! `battery serve`: the process under test.

use std::io::{self, BufRead, Write};
use std::net::Ipv4Addr;
use std::thread;

use tokio::net::TcpListener;
use tokio::runtime::Handle;

use crate::apps::App;
use crate::control::Control;
use crate::limits::Limits;
use crate::row::failed;
use crate::{Tried, apps};

/// Serves the app that the first argument names, with the limits of the others, until it is told
/// to stop by a signal. It prints its address, then answers what [`crate::control`] describes.
///
/// # Errors
/// If the arguments are wrong or the server fails.
pub fn run(arguments: &[String]) -> Tried {
    let (name, limits) = arguments.split_first().ok_or("which app?")?;
    let app = apps::find(name).ok_or_else(|| format!("no such app: {name}"))?;
    let limits = Limits::parse(limits.iter().cloned())?;
    let control = Control::default();
    tracing::subscriber::set_global_default(control.log.subscriber()).map_err(failed)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    runtime.block_on(serve(app, &limits, control))
}

async fn serve(app: &App, limits: &Limits, control: Control) -> Tried {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let listener = listener.await.map_err(failed)?;
    say(&listener.local_addr().map_err(failed)?.to_string()).map_err(failed)?;
    let router = (app.build)(control.clone());
    let runtime = Handle::current();
    // A thread, not a task: it must answer whatever the app does to the runtime.
    thread::spawn(move || listen(&control, &runtime));
    limits
        .server()
        .serve(listener, router)
        .await
        .map_err(failed)
}

/// Answers the row until it closes its end, or is gone: then nobody is left to stop this process.
fn listen(control: &Control, runtime: &Handle) {
    for line in io::stdin().lock().lines() {
        let answered = line.and_then(|line| say(&control.answer(&line, runtime)));
        if answered.is_err() {
            break;
        }
    }
    std::process::exit(2);
}

fn say(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}
