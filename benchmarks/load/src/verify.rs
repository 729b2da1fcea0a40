//! Checks that servers really stream the workloads: content, order and bytes.

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use bench_workloads::schedule::{LEVELS, PARAGRAPHS, SIBLINGS, STAGGERED};

use crate::{
    Result,
    client::Connection,
    options::{Options, WHOLE},
    page::Page,
    report,
    server::Server,
    table::Table,
};

/// Bytes that a boundary may cost beyond its loading view and content.
const BOUNDARY_LIMIT: f64 = 60.0;

/// How long a page is fetched again until its shell is seen in a read of its own. A client that
/// comes late finds two writes in one read, which proves nothing.
const PATIENCE: Duration = Duration::from_secs(3);

/// The page that is left after its shell.
const PARKED: &str = "/w6";

/// What a streamed workload must look like.
struct Workload {
    path: &'static str,
    boundaries: usize,
    /// A loading view, and how many of them the shell shows.
    loading: (&'static str, usize),
    /// Stands in content only.
    content: &'static str,
}

const STREAMED: [Workload; 7] = {
    const LOADING: &str = "<p>Loading ";
    const fn siblings(path: &'static str, content: &'static str) -> Workload {
        Workload {
            path,
            boundaries: SIBLINGS,
            loading: (LOADING, SIBLINGS),
            content,
        }
    }
    [
        Workload {
            path: "/w2",
            boundaries: 1,
            loading: (LOADING, 1),
            content: "<li>",
        },
        siblings("/w3", "<li>"),
        Workload {
            path: "/w4",
            boundaries: LEVELS,
            loading: (LOADING, 1),
            content: "<section>",
        },
        Workload {
            path: "/w5",
            boundaries: PARAGRAPHS,
            loading: ("<i>wait</i>", PARAGRAPHS),
            content: "<p>Paragraph ",
        },
        siblings(PARKED, "<li>"),
        siblings("/w7", "<p>r"),
        siblings("/w8", "<li>"),
    ]
};

/// A response as the client saw it.
struct Fetched {
    /// The first frame.
    shell: String,
    body: String,
    frames: usize,
    /// Whether the shell came in a read of its own, ahead of the next frame.
    shell_alone: bool,
}

pub(crate) async fn run(options: &Options) -> Result {
    let servers = Server::start_all(&options.peers).await?;
    let whole = servers.iter().find(|server| server.name == WHOLE);
    let whole = whole.ok_or_else(|| format!("a peer named {WHOLE} gives the expected text"))?;
    let mut problems = Vec::new();
    for server in servers.iter().filter(|server| server.name != WHOLE) {
        check_server(server, whole, &mut problems).await?;
    }
    match problems.len() {
        0 => report("All pages are as they should be."),
        count => Err(format!("{}\n{count} problems", problems.join("\n")).into()),
    }
}

async fn check_server(server: &Server, whole: &Server, problems: &mut Vec<String>) -> Result {
    let mut note = |path: &str, found: Vec<String>| {
        problems.extend(
            found
                .iter()
                .map(|what| format!("{} {path}: {what}", server.name)),
        );
    };
    if fetch(server, "/w1").await?.body != fetch(whole, "/w1").await?.body {
        note("/w1", vec!["not the bytes of the whole page".into()]);
    }
    let mut table = Table::new(["frames", "bytes", "markup", "growth", "constant"]);
    let mut least = None;
    for workload in &STREAMED {
        let path = workload.path;
        let fetched = fetch(server, path).await?;
        note(path, check_shell(workload, &fetched));
        if path == PARKED {
            continue;
        }
        let expected = fetch(whole, path).await?.body;
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
    report(&format!(
        "{}: frames and bytes; bytes per boundary beyond loading view and content, as markup of \
         the costliest and as growth over w2; bytes per page beyond that\n\n{}",
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

/// `text` without the digits after each `@`.
fn without_times(text: &str) -> String {
    let mut parts = text.split('@');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| {
        kept + part.trim_start_matches(|c: char| c.is_ascii_digit())
    })
}

/// Fetches `path` until its shell is seen alone, or long enough.
async fn fetch(server: &Server, path: &str) -> Result<Fetched> {
    let mut fetched = fetch_once(server, path).await?;
    let started = Instant::now();
    while !fetched.shell_alone && fetched.frames > 1 && started.elapsed() < PATIENCE {
        fetched = fetch_once(server, path).await?;
    }
    Ok(fetched)
}

async fn fetch_once(server: &Server, path: &str) -> Result<Fetched> {
    let mut connection = Connection::open(server.address).await?;
    let mut chunks: Vec<Vec<u8>> = Vec::new();
    let mut shell_alone = false;
    let mut shell_reads = 0;
    connection
        .get_until(path, |chunk| {
            if chunks.is_empty() {
                shell_alone = chunk.ends_read;
                shell_reads = chunk.reads;
            } else {
                shell_alone &= chunk.reads > shell_reads;
            }
            chunks.push(chunk.data.into());
            if path == PARKED {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        })
        .await?;
    Ok(Fetched {
        shell: String::from_utf8(chunks.first().cloned().unwrap_or_default())?,
        body: String::from_utf8(chunks.concat())?,
        frames: chunks.len(),
        shell_alone,
    })
}
