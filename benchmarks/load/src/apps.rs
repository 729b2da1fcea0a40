//! Two apps beside the same apps in other frameworks: a list of todos, a page and an API; and of
//! the demo the dashboard and the desk, which a signed cookie opens, all over one PostgreSQL server.
//!
//! # Layout
//! - here: the apps and their pages
//! - [`database`]: a PostgreSQL server for this run
//! - [`desk`]: a session, and notes to show
//! - [`parity`]: whether the servers show the same
//! - [`contest`]: what is measured of an app, and its tables
//! - [`load`]: requests as fast as they are answered

mod contest;
mod database;
mod desk;
mod load;
mod parity;

use bench_workloads::todos::todos;

use crate::{
    Result,
    options::Options,
    report,
    server::{Launch, Server},
};
use database::Database;

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

/// Measures and reports.
pub(crate) async fn run(options: &Options) -> Result {
    report("## Two apps\n")?;
    contest::run(&todos_app(), &options.roster.todos, options).await?;
    let Some(own) = options.roster.demo.first() else {
        return report("The demo was not measured: it is not built here.\n");
    };
    let database = match Database::start() {
        Ok(database) => database,
        Err(problem) => {
            return report(&format!("The demo was not measured: {problem}.\n"));
        }
    };
    let launch = Launch {
        page: "/health",
        variables: vec![
            ("DEMO_DB", database.address()),
            // As little as Next.js says of requests.
            ("RUST_LOG", "warn".into()),
        ],
        // Each dashboard has a query that fails, which both sides log.
        silent: true,
        ..Launch::default()
    };
    // Fills the database.
    let server = Server::launch(own, &launch).await?;
    let session = desk::open(&server).await?;
    drop(server);
    contest::run(&demo_app(launch, session), &options.roster.demo, options).await
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

fn demo_app(mut launch: Launch, session: desk::Session) -> App {
    launch.page = "/desk";
    launch.header = session.header;
    let dashboard = ["336,776", "No fuel prices.", "Delta Air Lines"];
    App {
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
    }
}
