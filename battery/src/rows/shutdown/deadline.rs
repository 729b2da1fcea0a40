//! G2: what cannot end in time ends at the deadline, in a way that its reader can tell.

use std::time::Duration;

use anabranch::prelude::{html, secs};
use rustix::process::Signal;
use tokio::time::Instant;

use crate::child::Child;
use crate::client::Client;
use crate::limits::Limits;
use crate::page::{document, shows};
use crate::{Form, Outcome, check};

/// What the server gives last words, twice, and a machine that is busy.
const SLACK: Duration = Duration::from_secs(6);

pub(super) async fn run(form: Form) -> Outcome {
    let drain = form.pick(secs(1), secs(10));
    let limits = Limits {
        drain: Some(drain),
        ..Limits::default()
    };
    let child = Child::start("shutdown", &limits)?;
    let mut open = Vec::new();
    for number in 0..100 {
        let mut client = Client::open(child.address).await?;
        let finishes = number % 4 != 0;
        client
            .get(if finishes {
                "/page/release"
            } else {
                "/page/never"
            })
            .await?;
        client.read_to("shell").await?;
        open.push((finishes, client));
    }
    let mut endless = Client::open(child.address).await?;
    endless.get("/endless").await?;
    endless.read_to("first").await?;
    // A request whose page has not come to its commit point is an answer, too.
    child.signal(Signal::TERM)?;
    let started = Instant::now();
    child.open("release")?;
    let content = document(html! { p { "shell" } p { "content" } });
    let timeout = document(html! { p { "shell" } p { "timed out" } });
    let (mut complete, mut timed_out, mut cut) = (0, 0, 0);
    for (finishes, mut client) in open {
        let reply = client.reply().await?;
        if finishes {
            shows(&reply, &content)?;
            complete += 1;
        } else if reply.is_complete() {
            shows(&reply, &timeout)?;
            timed_out += 1;
        } else {
            cut += 1;
        }
    }
    let pages = started.elapsed();
    check!(
        pages >= drain,
        "all pages ended after {pages:?}, before the deadline"
    );
    let endless = endless.reply().await?;
    check!(!endless.is_complete(), "the endless body looks complete");
    let status = child.exited(SLACK).await?;
    let exit = started.elapsed();
    check!(status.success(), "exit {status}");
    check!(exit <= drain + SLACK, "exit after {exit:?}");
    Ok(format!(
        "{complete} complete, {timed_out} with their timeout view, {cut} and an endless body \
         detectably cut; exit {:.1} s after the signal, drain {drain:?}",
        exit.as_secs_f64()
    ))
}
