//! What a graph's page must be in the end, without futures, time or order.

use anabranch::prelude::PreEscaped;

use crate::graphs::graph::{Ending, Failure, Graph, Id, Step};
use crate::graphs::html::{default_error, document, tags_of};

/// The whole page.
pub fn page(graph: &Graph) -> String {
    let mut model = Model {
        graph,
        title: "page".to_owned(),
        tags: String::new(),
    };
    let mut views = Vec::new();
    let body = model.content(0, &mut views);
    let description = "<meta name=\"description\" content=\"random\">";
    let description = if graph.has_head { description } else { "" };
    let head = format!("<title>{}</title>{description}{}", model.title, model.tags);
    document(&PreEscaped(head), body, graph.unclosed).0
}

struct Model<'a> {
    graph: &'a Graph,
    /// The last one in the document.
    title: String,
    tags: String,
}

impl Model<'_> {
    /// What shows in the place of `id`. `views` are the boundaries around it that have error
    /// views.
    fn content(&mut self, id: Id, views: &mut Vec<Id>) -> String {
        let component = &self.graph.components[id];
        let outer = views.len();
        if component.has_error_view {
            views.push(id);
        }
        let content = match self.graph.outcome(id) {
            Ending::Content => self.healthy(id, views),
            Ending::Fails(failure) => self.failed(failure, views),
        };
        views.truncate(outer);
        content
    }

    fn healthy(&mut self, id: Id, views: &mut Vec<Id>) -> String {
        let component = &self.graph.components[id];
        let mut out = String::new();
        for step in &component.steps {
            if let Step::Head { title, meta } = step {
                let tag = meta.as_ref().map(|name| late_meta(name));
                self.head(title.as_deref(), &tag.unwrap_or_default(), &mut out);
            }
        }
        for step in &component.steps {
            match step {
                Step::Text(text) => out.push_str(&component.context.text(text).0),
                Step::Await(work) => {
                    let value = &self.graph.shared[*work].value;
                    out.push_str(&component.context.text(value).0);
                }
                Step::Place(child) => {
                    let inner = self.graph.components[*child].context;
                    let (open, close) = component.context.around(inner);
                    out.push_str(open);
                    out.push_str(&self.content(*child, views));
                    out.push_str(close);
                }
                _ => {}
            }
        }
        out
    }

    fn failed(&mut self, failure: Failure, views: &[Id]) -> String {
        let title = (failure == Failure::NotFound).then_some("Not found");
        let mut out = String::new();
        self.head(title, tags_of(failure), &mut out);
        out.push_str(&match views.last() {
            Some(view) => self.graph.components[*view].context.error(failure).0,
            None => default_error(failure).0,
        });
        out
    }

    /// Without a head in the page, tags stay where they were rendered.
    fn head(&mut self, title: Option<&str>, tags: &str, here: &mut String) {
        if !self.graph.has_head {
            here.push_str(tags);
            return;
        }
        self.tags.push_str(tags);
        if let Some(title) = title {
            title.clone_into(&mut self.title);
        }
    }
}

fn late_meta(name: &str) -> String {
    format!("<meta name=\"{name}\" content=\"late\">")
}

/// The content of `id`, as its boundary shows it.
pub fn content_of(graph: &Graph, id: Id) -> String {
    let mut model = Model {
        graph,
        title: String::new(),
        tags: String::new(),
    };
    model.content(id, &mut Vec::new())
}
