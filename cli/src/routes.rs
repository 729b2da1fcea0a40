//! `cargo anabranch routes`: what answers which URL.

use std::io::{self, Write};
use std::process::ExitCode;

use anabranch_build::{App, Outline};
use anstyle::{AnsiColor, Style};
use clap::Args;
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::project::{Project, Selection};

const URL: Style = AnsiColor::Cyan.on_default().bold();
const QUIET: Style = Style::new().dimmed();

/// Show what answers each URL
///
/// Each line is a folder of the app: its URL, the methods that are answered there, and the files in
/// it. A layout, a loading view, an error view or a middleware is for its folder and all below.
#[derive(Debug, Args)]
pub(crate) struct Routes {
    #[command(flatten)]
    selection: Selection,
    /// One object for each URL, with all files that take part in its answer
    #[arg(long)]
    json: bool,
}

impl Routes {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let project = Project::find(&self.selection)?;
        let outline = app(&project).outline().ok_or_else(|| project.no_app())?;
        let mut out = anstream::stdout().lock();
        let written = match self.json {
            true => writeln!(out, "{:#}", Value::from(objects(&outline, &[]))),
            false => lines(&outline)
                .iter()
                .try_for_each(|line| writeln!(out, "{line}")),
        };
        match written {
            // Whoever reads has seen enough.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Error::because("cannot write", error))
            }
            _ => Ok(ExitCode::SUCCESS),
        }
    }
}

/// The app of a project, as its build script describes it.
pub(crate) fn app(project: &Project) -> App {
    App::new()
        .package(&project.folder)
        .folder(&project.layout.app)
        .public(&project.layout.public)
}

/// The tree, drawn.
fn lines(outline: &Outline) -> Vec<String> {
    let mut rows = Vec::new();
    draw(outline, "", "", &mut rows);
    let width = |cell: fn(&Row) -> &str| {
        let cells = rows.iter().map(|row| cell(row).chars().count());
        cells.max().unwrap_or_default()
    };
    let (tree, methods) = (width(|row| &row.tree), width(|row| &row.methods));
    let lines = rows.iter().map(|row| {
        let (branch, url) = row.tree.split_at(row.branch);
        let mut line = format!("{QUIET}{branch}{QUIET:#}{URL}{url}{URL:#}");
        if !row.methods.is_empty() || !row.files.is_empty() {
            let gap = tree - row.tree.chars().count();
            let (answered, files) = (&row.methods, &row.files);
            line += &format!("{:gap$}  {answered:methods$}  {QUIET}{files}{QUIET:#}", "");
        }
        line
    });
    lines.collect()
}

struct Row {
    tree: String,
    /// How many bytes of `tree` are before the URL.
    branch: usize,
    methods: String,
    files: String,
}

fn draw(folder: &Outline, first: &str, rest: &str, rows: &mut Vec<Row>) {
    let name = match folder.name.starts_with('(') {
        true => format!("{} {}", folder.url, folder.name),
        false => folder.url.clone(),
    };
    let files = folder.files.iter().map(|file| {
        let (_, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        name.to_owned()
    });
    rows.push(Row {
        branch: first.len(),
        tree: format!("{first}{name}"),
        methods: folder.methods.join(" "),
        files: files.collect::<Vec<_>>().join(" "),
    });
    for (nth, child) in folder.folders.iter().enumerate() {
        let (turn, line) = match nth + 1 == folder.folders.len() {
            true => ("└─ ", "   "),
            false => ("├─ ", "│  "),
        };
        draw(
            child,
            &format!("{rest}{turn}"),
            &format!("{rest}{line}"),
            rows,
        );
    }
}

/// For each folder that answers, the files that take part. `above` are those of the folders above.
fn objects(folder: &Outline, above: &[(&str, &str)]) -> Vec<Value> {
    let own = folder.files.iter().map(|file| (file.role, &*file.path));
    let files: Vec<_> = above.iter().copied().chain(own).collect();
    let of = |wanted: &str| {
        let files = files.iter().filter(|(role, _)| *role == wanted);
        files.map(|(_, path)| *path).collect::<Vec<_>>()
    };
    // A page or a route is for its own folder.
    let here = |wanted: &str| {
        let mut files = folder.files.iter();
        files.find_map(|file| (file.role == wanted).then_some(&file.path))
    };
    let object = (!folder.methods.is_empty()).then(|| {
        json!({
            "url": folder.url,
            "methods": folder.methods,
            "page": here("page"),
            "route": here("route"),
            "middleware": of("middleware"),
            "layouts": of("layout"),
            "loading": of("loading"),
            "error": of("error"),
            "not_found": of("not-found"),
        })
    });
    let below = folder.folders.iter();
    let below = below.flat_map(|child| objects(child, &files));
    object.into_iter().chain(below).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(files: &[(&str, &str)]) -> Outline {
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        for (path, text) in files {
            let file = folder.path().join("app").join(path);
            let parent = file.parent().expect("it is in a folder");
            std::fs::create_dir_all(parent).expect("the folder is writable");
            std::fs::write(file, text).expect("the folder is writable");
        }
        let app = App::new().package(folder.path());
        app.outline().expect("there is a folder")
    }

    const FILES: [(&str, &str); 6] = [
        ("layout.html", "{{ children }}"),
        ("page.html", ""),
        ("(shop)/loading.html", ""),
        ("(shop)/cart/page.html", ""),
        ("(shop)/cart/route.rs", "pub async fn post() {}"),
        (
            "api/[id]/route.rs",
            "pub async fn get() {}\npub async fn delete() {}",
        ),
    ];

    #[test]
    fn the_tree_has_urls_methods_and_files() {
        let lines = lines(&outline(&FILES)).join("\n");
        let plain = anstream::adapter::strip_str(&lines).to_string();
        let expected = "\
/                GET HEAD         layout.html page.html
├─ / (shop)                       loading.html
│  └─ /cart      GET POST HEAD    page.html route.rs
└─ /api
   └─ /api/[id]  GET DELETE HEAD  route.rs";
        assert_eq!(plain, expected);
    }

    #[test]
    fn an_object_has_all_that_takes_part() {
        let objects = objects(&outline(&FILES), &[]);
        let cart = objects.iter().find(|object| object["url"] == "/cart");
        let cart = cart.expect("it answers");
        assert_eq!(cart["layouts"], json!(["app/layout.html"]));
        assert_eq!(cart["loading"], json!(["app/(shop)/loading.html"]));
        assert_eq!(cart["page"], "app/(shop)/cart/page.html");
        assert_eq!(objects.len(), 3);
    }
}
