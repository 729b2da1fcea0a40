//! N4: boundaries where only certain elements may stand.

use std::sync::Arc;
use std::time::Duration;

use anabranch::prelude::*;
use anabranch_paint::{Gates, dom};
use axum::Router;
use axum::extract::Path;
use axum::routing::get;

use crate::child::Child;
use crate::client::{Client, Reply};
use crate::limits::Limits;
use crate::local::Local;
use crate::page::{assembled, gated};
use crate::row::failed;
use crate::{Form, Outcome, Tried, browser, check};

mod place;

use place::{MISTAKES, PLACES, Part, Place};

/// When the three boundaries of a page are ready.
const STATES: [&str; 4] = ["at-once", "together", "backwards", "never"];

/// For the one that is never ready.
const DEADLINE: Duration = Duration::from_millis(100);

/// Stands for all places on one page.
const ALL: &str = "all";

const BOT: &str = "Googlebot";

pub(super) async fn run(_: Form) -> Outcome {
    let gates = Gates::new();
    let server = Local::start(app(gates.clone())).await?;
    for state in STATES {
        for place in PLACES.iter().map(|place| place.name).chain([ALL]) {
            let visits = Visits {
                server: &server,
                path: format!("/{place}/{state}"),
                gates: gates.clone(),
            };
            let right = visits.are_right(place == ALL).await;
            right.map_err(|failure| format!("{}: {failure}", visits.path))?;
        }
    }
    let (places, mistakes) = (PLACES.len(), reported().await?);
    Ok(format!(
        "{places} places, right in {} states; {mistakes}",
        STATES.len()
    ))
}

/// What N4 serves, in a child process too.
pub(super) fn app(gates: Gates) -> Router {
    Router::new()
        .route("/{place}/{state}/{visit}", get(page(three)))
        .with_state(gates)
}

/// Three boundaries in one place, or in each.
async fn three(
    State(gates): State<Gates>,
    Path((name, state, visit)): Path<(String, String, String)>,
) -> Result {
    let places = if name == ALL {
        PLACES
    } else {
        one(&name).or_not_found()?
    };
    let part = |part| {
        let places = places.iter().filter(move |place| place.part == part);
        html! { @for place in places { (filled(place, &gates, &state, &visit)) } }
    };
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; (part(Part::Head)) }
            body { (part(Part::Body)) }
        }
    })
}

fn one(name: &str) -> Option<&'static [Place]> {
    let mut places = [PLACES, MISTAKES]
        .into_iter()
        .flat_map(|places| places.chunks(1));
    places.find(|place| place[0].name == name)
}

fn filled(place: &'static Place, gates: &Gates, state: &str, visit: &str) -> Markup {
    let boundaries = (1..=3).map(|number| {
        let gate = match state {
            "at-once" => None,
            "never" if number == 2 => Some("never".to_owned()),
            "together" => Some(visit.to_owned()),
            _ => Some(format!("{visit}-{number}")),
        };
        in_place(place, gates, number, gate)
    });
    (place.around)(html! { @for boundary in boundaries { (boundary) } })
}

fn in_place(place: &'static Place, gates: &Gates, number: u32, gate: Option<String>) -> Boundary {
    let content = (place.content)(&format!("content {number}"));
    let gates = gates.clone();
    let never = gate.as_deref() == Some("never");
    let ready = async move {
        match gate {
            Some(gate) => gated(gates, gate, content).await,
            None => Ok(content),
        }
    };
    let boundary = boundary(ready)
        .loading((place.content)("loading"))
        .error(|_| (place.content)("failed"))
        .name(format!("boundary of {}", place.name));
    if never {
        boundary.deadline(DEADLINE)
    } else {
        boundary
    }
}

/// One page, asked for in several ways.
struct Visits<'a> {
    server: &'a Local,
    path: String,
    gates: Gates,
}

impl Visits<'_> {
    /// The page is the same whole and assembled from its stream, and in browsers where asked for.
    async fn are_right(&self, in_browsers: bool) -> Tried {
        let whole = self.read("whole", BOT).await?;
        let whole = dom::whole(&whole.body).map_err(failed)?;
        check!(!whole.contains("\"loading\""), "a loading view in {whole}");
        let streamed = self.read("streamed", "battery").await?;
        let difference = dom::first_difference(&assembled(&streamed.body)?, &whole);
        check!(difference.is_none(), "the stream differs: {difference:?}");
        let whole: Arc<str> = whole.into();
        for swap in browser::SWAPS.into_iter().filter(|_| in_browsers) {
            let visit = self.visit(&format!("{swap:?}"));
            let url = format!("http://{}{}/{visit}", self.server.address, self.path);
            let (gates, whole) = (self.gates.clone(), whole.clone());
            browser::with(swap, move |chromium| {
                let page = browser::of(chromium.page().open(&url))?;
                open(&gates, &visit);
                browser::is_clean(&page)?;
                browser::shows(&page, &whole)
            })
            .await?;
        }
        Ok(())
    }

    async fn read(&self, who: &str, agent: &str) -> Tried<Reply> {
        let visit = self.visit(who);
        let mut client = Client::open(self.server.address).await?;
        ask(&mut client, &format!("{}/{visit}", self.path), agent).await?;
        if agent != BOT {
            // The shell has left: what becomes ready now has a patch.
            client.head().await?;
        }
        open(&self.gates, &visit);
        client.reply().await?.expect(200)
    }

    /// The name of a visit, and of its gates.
    fn visit(&self, who: &str) -> String {
        format!("{}-{who}", self.path.replace('/', "-"))
    }
}

async fn ask(client: &mut Client, path: &str, agent: &str) -> Tried {
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nuser-agent: {agent}\r\n\r\n");
    client.send(request).await
}

fn open(gates: &Gates, visit: &str) {
    for gate in gates_of(visit) {
        gates.open(&gate);
    }
}

/// In the order that is not the document's.
fn gates_of(visit: &str) -> [String; 4] {
    let number = |number: u32| format!("{visit}-{number}");
    [number(3), number(2), number(1), visit.to_owned()]
}

/// Where no marker can stand, a debug build says so, and names the boundary.
async fn reported() -> Tried<String> {
    if !cfg!(debug_assertions) {
        return Ok("mistakes are reported by debug builds only".to_owned());
    }
    let child = Child::start("places", &Limits::default())?;
    for place in MISTAKES {
        let path = format!("/{}/backwards/{}", place.name, place.name);
        let mut client = Client::open(child.address).await?;
        ask(&mut client, &path, "battery").await?;
        client.head().await?;
        for gate in gates_of(place.name) {
            child.open(&gate)?;
        }
        client.reply().await?;
        let name = format!("boundary of {}", place.name);
        let log = child.log()?;
        let is_named = log.iter().any(|line| line.contains(&name));
        check!(
            is_named,
            "{}: misplaced, and nothing says so: {log:?}",
            place.name
        );
    }
    Ok(format!("{} mistakes reported", MISTAKES.len()))
}
