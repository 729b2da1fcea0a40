//! Two apps beside the same apps in other frameworks: a list of todos, a page and an API; and of
//! the demo the dashboard and the desk, which a signed cookie opens, all over one PostgreSQL server.
//!
//! # Layout
//! - here: the apps and their pages
//! - [`desk`]: a session, and notes to show
//! - [`parity`]: whether the servers show the same
//! - [`contest`]: what is measured of an app, and its tables
//! - [`load`]: requests as fast as they are answered

mod contest;
mod desk;
mod load;
mod parity;

use bench_workloads::todos::todos;

use crate::{
    Result,
    chart::Panel,
    options::Options,
    report,
    roster::{Origin, Peer, Roster},
    server::{Launch, Place, Server, spawn},
};
use demo_cluster::Cluster;

/// An app that several servers serve, ours first.
struct App {
    name: &'static str,
    launch: Launch,
    pages: Vec<Page>,
}

/// A page that is compared.
struct Page {
    path: &'static str,
    /// Some of what it must show, so that the same mistake on all sides is none of parity.
    shows: Vec<String>,
    /// Lines of a head that must not open it; an empty one is none.
    strangers: Vec<String>,
    /// How many connections ask for it at most, and in how many rounds.
    connections: usize,
    rounds: usize,
}

impl Page {
    fn new(path: &'static str, shows: impl IntoIterator<Item = String>) -> Self {
        Self {
            path,
            shows: shows.into_iter().collect(),
            strangers: Vec::new(),
            connections: usize::MAX,
            rounds: usize::MAX,
        }
    }
}

/// Measures and reports; returns the CPU time of each page, for the chart.
pub(crate) async fn run(options: &Options) -> Result<Vec<Panel>> {
    report("## Two apps\n")?;
    let Roster { todos, demo, .. } = &options.roster;
    let mut panels = Vec::new();
    if ours("todos", todos)?.is_some() {
        panels.extend(contest::run(&todos_app(), todos, options).await?);
    }
    if let Some(ours) = ours("demo", demo)? {
        match start_database() {
            Ok(database) => {
                let app = demo_app(ours, &database).await?;
                panels.extend(contest::run(&app, demo, options).await?);
            }
            Err(problem) => report(&format!("demo: not measured, {problem}.\n"))?,
        }
    }
    Ok(panels)
}

/// Our server of an app, which the others are compared with. Says so where it is not built.
fn ours<'a>(app: &str, servers: &'a [Peer]) -> Result<Option<&'a Peer>> {
    let ours = servers.first().filter(|peer| peer.origin == Origin::Own);
    if ours.is_none() {
        report(&format!("{app}: not measured, ours is not built here.\n"))?;
    }
    Ok(ours)
}

fn todos_app() -> App {
    let titles = todos().into_iter().map(|todo| todo.title);
    App {
        name: "todos",
        launch: Launch {
            page: "/",
            ..Launch::default()
        },
        pages: vec![
            Page::new("/", titles),
            Page::new("/api/todos", [r#"{"id":1,"#.into()]),
        ],
    }
}

fn start_database() -> Result<Cluster> {
    let programs = demo_cluster::find().ok_or("PostgreSQL is not installed here")?;
    Cluster::start(&programs, &[], |server| spawn(server, Place::Database))
}

/// The demo over `database`, which `ours` fills.
async fn demo_app(ours: &Peer, database: &Cluster) -> Result<App> {
    let mut launch = Launch {
        page: "/health",
        variables: vec![
            ("DEMO_DB", database.address("postgres")),
            // As little as Next.js says of requests.
            ("RUST_LOG", "warn".into()),
        ],
        // Each dashboard has a query that fails, which both sides log.
        silent: true,
        ..Launch::default()
    };
    let session = desk::open(&Server::launch(ours, &launch).await?).await?;
    launch.page = "/desk";
    launch.header = session.header;
    let dashboard = ["336,776", "No fuel prices.", "Delta Air Lines"];
    Ok(App {
        name: "demo",
        launch,
        pages: vec![
            Page {
                strangers: vec![String::new(), session.forged],
                ..Page::new("/desk", [desk::USER.into(), desk::newest_note()])
            },
            Page {
                // Its queries read all flights, and keep the database busy for a second or more.
                connections: 2,
                rounds: 9,
                ..Page::new("/", dashboard.map(Into::into))
            },
        ],
    })
}
