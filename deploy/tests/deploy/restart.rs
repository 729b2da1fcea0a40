//! A rolling restart under load: no response fails, none is cut.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anabranch_deploy::{PARTS, part_text};
use anabranch_paint::dom;
use hyper::StatusCode;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::client::{BROWSER, Client};
use crate::files::{NGINX, site};
use crate::instance::Instance;
use crate::nginx::Nginx;

/// Visitors who ask for one page after the other.
const VISITORS: usize = 20;

/// Pages that are served before, between and after the restarts.
const PAGES: usize = 100;

/// Nothing here takes long. Only what hangs comes to this.
const LONG: Duration = Duration::from_secs(120);

#[tokio::test]
async fn a_rolling_restart_behind_nginx_fails_and_cuts_nothing() {
    timeout(LONG, restart()).await.expect("in time");
}

async fn restart() {
    let mut first = Instance::start("0").await;
    let mut second = Instance::start("0").await;
    let upstreams = [first.address.clone(), second.address.clone()];
    let upstreams = [upstreams[0].as_str(), upstreams[1].as_str()];
    let Some(nginx) = Nginx::start(|address| site(NGINX, address, &upstreams)) else {
        return;
    };

    let load = Arc::new(Load::new(nginx.address.clone()));
    let visitors: Vec<_> = (0..VISITORS)
        .map(|_| tokio::spawn(load.clone().visit()))
        .collect();
    load.wait_for_pages().await;
    for instance in [&mut first, &mut second] {
        load.wait_for_open_pages().await;
        instance.replace().await;
        load.wait_for_pages().await;
    }

    load.over.store(true, Ordering::Relaxed);
    let mut failures = Vec::new();
    for visitor in visitors {
        failures.extend(visitor.await.expect("a visitor does not panic"));
    }
    let served = *load.served.borrow();
    assert!(
        failures.is_empty(),
        "{} of {served}: {failures:#?}",
        failures.len()
    );
    eprintln!("{served} pages, none failed, none cut");
}

struct Load {
    address: String,
    next_page: AtomicU64,
    served: watch::Sender<usize>,
    /// Pages of which the head has come and the end has not.
    open: watch::Sender<usize>,
    over: AtomicBool,
}

impl Load {
    fn new(address: String) -> Self {
        Self {
            address,
            next_page: AtomicU64::new(0),
            served: watch::Sender::new(0),
            open: watch::Sender::new(0),
            over: AtomicBool::new(false),
        }
    }

    /// One visitor. Returns what went wrong.
    async fn visit(self: Arc<Self>) -> Vec<String> {
        let mut failures = Vec::new();
        let mut client = None;
        while !self.over.load(Ordering::Relaxed) {
            let number = self.next_page.fetch_add(1, Ordering::Relaxed);
            if let Err(failure) = self.page(&mut client, number).await {
                failures.push(format!("page {number}: {failure}"));
                client = None;
            }
            self.served.send_modify(|served| *served += 1);
        }
        failures
    }

    /// Waits until so many more pages have been served.
    async fn wait_for_pages(&self) {
        let mut served = self.served.subscribe();
        let end = *served.borrow() + PAGES;
        let waited = served.wait_for(|served| *served >= end).await;
        waited.expect("the sender is ours");
    }

    /// Waits until most visitors are in the middle of a page: half of them on each instance.
    async fn wait_for_open_pages(&self) {
        let mut open = self.open.subscribe();
        let waited = open.wait_for(|open| *open > VISITORS * 3 / 4).await;
        waited.expect("the sender is ours");
    }

    /// Reads a page and checks every byte of its content.
    async fn page(&self, client: &mut Option<Client>, number: u64) -> Result<(), String> {
        let connected = match client {
            Some(client) => client,
            None => client.insert(Client::connect(&self.address).await?),
        };
        let reply = connected.get(&format!("/parts/{number}"), BROWSER).await?;
        if reply.status != StatusCode::OK {
            return Err(reply.status.to_string());
        }
        self.open.send_modify(|open| *open += 1);
        let page = reply.whole().await;
        self.open.send_modify(|open| *open -= 1);
        check(&page?, number)
    }
}

fn check(page: &str, number: u64) -> Result<(), String> {
    let assembled = dom::assemble(page.as_bytes()).map_err(|violation| violation.to_string())?;
    let complete = (0..PARTS).all(|index| {
        let part = format!("\"{}\"\n", part_text(number, index));
        assembled.html().matches(&part).count() == 1
    });
    complete
        .then_some(())
        .ok_or_else(|| "parts are missing".to_owned())
}
