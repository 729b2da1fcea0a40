//! Checks that servers really stream the workloads: content, order and bytes.

use bench_workloads::schedule::STAGGERED;

use crate::{
    Result,
    fetched::{Fetched, fetch, fetch_once},
    options::Options,
    page::Page,
    parity::{self, Unserved},
    progress, report,
    roster::{Origin, WHOLE},
    server::Server,
    table::Table,
    text::without_times,
    workload::{PARKED, STREAMED, Workload},
};

/// Bytes that a boundary may cost beyond its loading view and content.
const BOUNDARY_LIMIT: f64 = 60.0;

/// What was found where everything of this workspace is as it should be.
#[derive(Default)]
pub(crate) struct Verified {
    /// What peers do not serve.
    pub(crate) unserved: Vec<Unserved>,
    /// Tables of the bytes on the wire, of each server of this workspace.
    pub(crate) bytes: String,
}

/// Fails when a server of this workspace does not do what it should.
pub(crate) async fn run(options: &Options) -> Result<Verified> {
    let mut problems = Vec::new();
    let mut verified = Verified::default();
    let servers = Server::start_all(&options.roster.peers).await?;
    let whole = whole(&servers)?;
    let progress = progress::bar("verify", servers.len() - 1);
    for server in servers.iter().filter(|server| server.name != WHOLE) {
        progress.set_message(server.name.clone());
        match server.origin {
            Origin::Own => {
                let bytes = check_server(server, whole, &mut problems).await?;
                verified.bytes.push_str(&bytes);
            }
            Origin::Foreign => verified
                .unserved
                .extend(parity::check(server, whole).await?),
            Origin::ForeignWhole => verified
                .unserved
                .extend(parity::check_whole(server, whole).await?),
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    match problems.len() {
        0 => Ok(verified),
        count => Err(format!("{}\n{count} problems", problems.join("\n")).into()),
    }
}

/// Prints what [`run`] found; what a peer does not serve is a failure here.
pub(crate) async fn run_alone(options: &Options) -> Result {
    let Verified { unserved, bytes } = run(options).await?;
    report(&bytes)?;
    match unserved.len() {
        0 => report("All pages are as they should be."),
        count => {
            let problems: Vec<_> = unserved.iter().map(ToString::to_string).collect();
            Err(format!("{}\n{count} problems", problems.join("\n")).into())
        }
    }
}

/// The server whose pages are the expected text.
fn whole(servers: &[Server]) -> Result<&Server> {
    let whole = servers.iter().find(|server| server.name == WHOLE);
    Ok(whole.ok_or_else(|| format!("a peer named {WHOLE} gives the expected text"))?)
}

async fn check_server(
    server: &Server,
    whole: &Server,
    problems: &mut Vec<String>,
) -> Result<String> {
    let mut note = |path: &str, found: Vec<String>| {
        problems.extend(
            found
                .iter()
                .map(|what| format!("{} {path}: {what}", server.name)),
        );
    };
    if fetch_once(server, "/w1").await?.body != fetch_once(whole, "/w1").await?.body {
        note("/w1", vec!["not the bytes of the whole page".into()]);
    }
    let mut table = Table::new(["frames", "bytes", "markup", "growth", "constant"]);
    let mut least = None;
    for workload in &STREAMED {
        let path = workload.path;
        let fetched = fetch(server, path, |page| page.shell_alone).await?;
        note(path, check_shell(workload, &fetched));
        if path == PARKED {
            continue;
        }
        let expected = fetch_once(whole, path).await?.body;
        match Page::assemble(&fetched.body) {
            Ok(page) => {
                note(path, check_page(workload, &page, &expected));
                let cost = Cost::of(workload, &fetched, &page, &expected);
                let growth = cost.growth_over(least.get_or_insert(cost));
                note(path, cost.check(growth));
                table.row(&path[1..], cost.cells(&fetched, growth));
            }
            Err(what) => note(path, vec![what]),
        }
    }
    Ok(format!(
        "{}: frames and bytes; bytes per boundary beyond loading view and content, as markup of \
         the costliest and as growth over w2; bytes per page beyond that\n\n{}\n",
        server.name,
        table.finish()
    ))
}

/// What streaming a page costs in bytes, loading views, contents and triggers aside.
#[derive(Clone, Copy)]
struct Cost {
    boundaries: usize,
    /// Of the costliest boundary: its markers, and the tags of its patch.
    markup: usize,
    /// Of the page.
    total: f64,
}

impl Cost {
    fn of(workload: &Workload, fetched: &Fetched, page: &Page, whole: &str) -> Self {
        let seen = whole.len() + page.loading + page.triggers;
        Self {
            boundaries: workload.boundaries,
            markup: page.markup,
            total: fetched.body.len() as f64 - seen as f64,
        }
    }

    /// Bytes per boundary that this page has more than `other`, which also catches bytes that do
    /// not stand in a marker.
    fn growth_over(&self, other: &Self) -> f64 {
        match self.boundaries - other.boundaries {
            0 => self.markup as f64,
            more => (self.total - other.total) / more as f64,
        }
    }

    fn check(&self, growth: f64) -> Vec<String> {
        let most = growth.max(self.markup as f64);
        let problem = (most > BOUNDARY_LIMIT).then(|| format!("{most:.1} bytes per boundary"));
        problem.into_iter().collect()
    }

    fn cells(&self, fetched: &Fetched, growth: f64) -> [String; 5] {
        let constant = self.total - growth * self.boundaries as f64;
        [
            fetched.frames.to_string(),
            fetched.body.len().to_string(),
            self.markup.to_string(),
            format!("{growth:.1}"),
            format!("{constant:.0}"),
        ]
    }
}

fn check_shell(workload: &Workload, fetched: &Fetched) -> Vec<String> {
    let Fetched { shell, .. } = fetched;
    let (loading, expected) = workload.loading;
    let found = shell.matches(loading).count();
    let mut problems = Vec::new();
    if found != expected {
        problems.push(format!("the shell has {found} loading views of {expected}"));
    }
    // The sections of siblings belong to the shell, those of levels do not.
    if shell.contains(workload.content) {
        problems.push("the shell has content".into());
    }
    if !fetched.shell_alone {
        problems.push("the shell never came in a read of its own".into());
    }
    problems
}

fn check_page(workload: &Workload, page: &Page, whole: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if page.order.len() != workload.boundaries {
        let (found, expected) = (page.order.len(), workload.boundaries);
        problems.push(format!("{found} patches for {expected} boundaries"));
    }
    if without_times(&page.document) != without_times(whole) {
        problems.push("the text is not that of the whole page".into());
    }
    if workload.path == "/w7" && page.order != names_by_delay(page) {
        problems.push(format!("patches out of order: {:?}", page.order));
    }
    problems
}

/// The names on w7 in the order of their delays. They are given in the order of the page, so
/// sorting them gives that of the page back.
fn names_by_delay(page: &Page) -> Vec<String> {
    let mut names = page.order.clone();
    names.sort();
    let mut by_delay: Vec<_> = STAGGERED.into_iter().zip(names).collect();
    by_delay.sort();
    by_delay.into_iter().map(|(_, name)| name).collect()
}
