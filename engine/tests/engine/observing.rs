//! What an observer is told of a page, and what it may do.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anabranch_boundaries::{Error, Result, boundary};
use anabranch_engine::{Event, Gate, Monitor, Observed, Observer, Settings, View, Visit};
use http::{HeaderMap, HeaderValue};
use maud::html;
use tokio::sync::Notify;

use crate::support::{gate, open_with, visit, whole_visit};

/// Writes down what it is told, holds back the boundaries of one name, and marks views.
#[derive(Default)]
struct Notes {
    lines: Mutex<Vec<String>>,
    held: Option<&'static str>,
    gate: Arc<Notify>,
    marks: bool,
}

impl Notes {
    fn note(&self, line: String) {
        self.lines.lock().unwrap().push(line);
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.lines.lock().unwrap())
    }
}

impl Observer for Notes {
    fn rendered(&self, boundary: &Observed<'_>) -> Option<Gate> {
        let Observed { id, parent, .. } = boundary;
        self.note(format!("{id} {boundary} in {parent}"));
        if self.held != boundary.name || boundary.name.is_none() {
            return None;
        }
        let gate = self.gate.clone();
        Some(Box::pin(async move { gate.notified().await }))
    }

    fn happened(&self, id: u32, event: Event<'_>) {
        self.note(match event {
            Event::Shown(name) => format!("{id} shown as {name}"),
            Event::Failed(_) => format!("{id} failed"),
            other => format!("{id} {other:?}").to_lowercase(),
        });
    }

    fn view(&self, id: u32, view: View, html: &mut String) {
        if self.marks {
            html.insert_str(0, &format!("[{id} {view:?} {}]", html.contains('\0')));
        }
    }

    fn committed(&self, headers: &mut HeaderMap) {
        headers.insert("x-observed", HeaderValue::from_static("yes"));
    }

    fn written(&self, html: &mut String) {
        if self.marks {
            html.push_str("<!--written-->");
        }
    }
}

fn observed(notes: &Arc<Notes>, visit: Visit) -> Visit {
    let monitor = Monitor::new();
    monitor.observe(notes.clone());
    Visit {
        monitor: Some(monitor),
        ..visit
    }
}

fn quiet() -> Visit {
    visit(Settings::new().heartbeat(Duration::from_secs(1000)))
}

async fn text(text: &'static str) -> Result {
    Ok(html! { (text) })
}

#[tokio::test(start_paused = true)]
async fn it_is_told_of_every_step_of_every_boundary() {
    let notes = Arc::new(Notes::default());
    let (gate, wait) = gate();
    let outer = async {
        wait.await?;
        Ok(html! { (boundary(text("inner")).name("inner")) })
    };
    let fails = async { Err(Error::msg("on purpose")) };
    let mut page = open_with(observed(&notes, quiet()), async move {
        Ok(html! {
            (boundary(text("ready")).name("ready"))
            (boundary(outer).name("outer"))
            (boundary(fails).name("fails"))
        })
    })
    .await;
    assert_eq!(
        notes.take(),
        [
            "1 ready in 0",
            "2 outer in 0",
            "3 fails in 0",
            "0 complete",
            "1 started",
            "1 complete",
            "2 started",
            "3 started",
            "3 failed",
            "0 sent",
            "1 sent",
            "2 shown as 0",
            "3 sent",
        ]
    );
    page.frame().await;
    gate.open();
    page.rest().await;
    assert_eq!(
        notes.take(),
        [
            "4 inner in 2",
            "2 complete",
            "4 started",
            "4 complete",
            "2 sent",
            "4 sent",
            "0 finished",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn it_holds_a_boundary_back() {
    let notes = Arc::new(Notes {
        held: Some("held"),
        ..Notes::default()
    });
    let mut page = open_with(observed(&notes, quiet()), async {
        Ok(html! { (boundary(text("Held.")).name("held").loading(html! { "…" })) })
    })
    .await;
    let shell = page.raw().await.unwrap();
    assert!(shell.contains("…") && !shell.contains("Held."), "{shell}");
    assert!(page.is_waiting());
    assert!(!notes.take().contains(&"1 started".to_owned()));
    notes.gate.notify_one();
    assert!(page.rest().await.concat().contains("Held."));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_goes_cancels_what_is_held() {
    let notes = Arc::new(Notes {
        held: Some("held"),
        ..Notes::default()
    });
    let page = open_with(observed(&notes, quiet()), async {
        Ok(html! { (boundary(text("Held.")).name("held")) })
    })
    .await;
    drop(page);
    assert_eq!(notes.take().last().unwrap(), "1 cancelled");
}

#[tokio::test(start_paused = true)]
async fn it_marks_views_and_adds_to_the_body_of_what_is_streamed() {
    let notes = Arc::new(Notes {
        marks: true,
        ..Notes::default()
    });
    let (gate, wait) = gate();
    let late = async {
        wait.await?;
        text("late").await
    };
    let page = async move { Ok(html! { body { (boundary(late).loading(html! { "…" })) } }) };
    let mut page = open_with(observed(&notes, quiet()), page).await;
    assert_eq!(page.headers["x-observed"], "yes");
    let shell = page.raw().await.unwrap();
    assert!(shell.starts_with("[0 Content true]<body><?start name=\"0\">[1 Loading false]…<?end>"));
    assert!(shell.contains("</script><!--written-->"), "{shell}");
    gate.open();
    assert_eq!(
        page.rest().await.concat(),
        "<template for=\"0\">[1 Content false]late</template><script>self.$a&&$a()</script>\
         <!--written--></body></html><!--$a-->"
    );
}

#[tokio::test(start_paused = true)]
async fn a_page_without_boundaries_is_observed_too() {
    let notes = Arc::new(Notes {
        marks: true,
        ..Notes::default()
    });
    let page = || async { Ok(html! { body { "Hi" } }) };
    let mut streamed = open_with(observed(&notes, quiet()), page()).await;
    assert_eq!(
        streamed.rest().await.concat(),
        "<body>Hi<!--written--></body>"
    );
    assert_eq!(notes.take(), ["0 complete", "0 sent", "0 finished"]);
    let mut whole = open_with(observed(&notes, whole_visit()), page()).await;
    assert_eq!(whole.rest().await.concat(), "<body>Hi</body>");
}
