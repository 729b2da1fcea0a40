//! The benchmark workloads on nextrs. Its streaming has one slot a page, which holds a loading
//! view until the page is there, so it serves the pages of at most one boundary.

use std::io;

use bench_workloads::{
    pages::{document, list, loading},
    schedule::yields,
    server::serve,
};
use nextrs::conventions::{RouteEntry, RouteRegistry};

#[tokio::main]
async fn main() -> io::Result<()> {
    let mut registry = RouteRegistry::new();
    registry.add(RouteEntry {
        path: "/w1".into(),
        page: Some(Box::new(|_| Box::pin(async { list().into_string() }))),
        layout: Some(Box::new(|main| layout("w1", main))),
        ..RouteEntry::default()
    });
    registry.add(RouteEntry {
        path: "/w2".into(),
        page: Some(Box::new(|_| {
            Box::pin(async {
                yields(1).await;
                list().into_string()
            })
        })),
        layout: Some(Box::new(|main| layout("w2", main))),
        loading: Some(Box::new(|| loading(0).into_string())),
        ..RouteEntry::default()
    });
    serve(nextrs::router::build_router(registry)).await
}

fn layout(title: &str, main: &str) -> String {
    document(title, "", maud::PreEscaped(main)).into_string()
}
