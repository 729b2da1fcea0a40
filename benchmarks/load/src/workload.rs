//! What each streamed workload must look like.

use bench_workloads::schedule::{LEVELS, PARAGRAPHS, SIBLINGS};

/// The page that is left after its shell.
pub(crate) const PARKED: &str = "/w6";

/// A workload with boundaries.
pub(crate) struct Workload {
    pub(crate) path: &'static str,
    pub(crate) boundaries: usize,
    /// A loading view, and how many of them the shell shows.
    pub(crate) loading: (&'static str, usize),
    /// Stands in content only.
    pub(crate) content: &'static str,
    /// The same two as text, for peers with markup of their own.
    pub(crate) loading_text: &'static str,
    pub(crate) content_text: &'static str,
}

impl Workload {
    const fn siblings(
        path: &'static str,
        content: &'static str,
        content_text: &'static str,
    ) -> Self {
        Self {
            path,
            boundaries: SIBLINGS,
            loading: ("<p>Loading ", SIBLINGS),
            content,
            loading_text: "Loading ",
            content_text,
        }
    }

    /// The texts of all loading views that the response holds.
    pub(crate) fn loading_runs(&self) -> Vec<String> {
        let first = usize::from(self.path == "/w4");
        (first..first + self.boundaries)
            .map(|i| match self.path {
                "/w5" => "wait".into(),
                _ => format!("Loading {i}"),
            })
            .collect()
    }
}

pub(crate) const STREAMED: [Workload; 7] = {
    const LIST: &str = "<li>";
    const LIST_TEXT: &str = "row 1: quick";
    [
        Workload {
            path: "/w2",
            boundaries: 1,
            loading: ("<p>Loading ", 1),
            content: LIST,
            loading_text: "Loading ",
            content_text: LIST_TEXT,
        },
        Workload::siblings("/w3", LIST, LIST_TEXT),
        Workload {
            path: "/w4",
            boundaries: LEVELS,
            loading: ("<p>Loading ", 1),
            content: "<section>",
            loading_text: "Loading ",
            content_text: "This is level",
        },
        Workload {
            path: "/w5",
            boundaries: PARAGRAPHS,
            loading: ("<i>wait</i>", PARAGRAPHS),
            content: "<p>Paragraph ",
            loading_text: ">wait<",
            content_text: "Paragraph ",
        },
        Workload::siblings(PARKED, LIST, LIST_TEXT),
        Workload::siblings("/w7", "<p>r", "0@"),
        Workload::siblings("/w8", LIST, LIST_TEXT),
    ]
};
