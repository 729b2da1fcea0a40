//! Several tabs of one app at the same time.

use anabranch::prelude::*;
use anabranch_paint::{Chromium, Gates, Result as Outcome, Swap};
use axum::Router;
use axum::extract::Path;
use axum::routing::get;

use crate::native_and_bridge;
use crate::open::serve;
use crate::views::{document, loading, mark};

native_and_bridge! { two_tabs_fill_each_in_its_own_order }

fn app(gates: Gates) -> Router {
    Router::new()
        .route("/{tab}", get(page(two)))
        .with_state(gates)
}

/// Two boundaries, each with a gate of its own in each tab.
async fn two(State(gates): State<Gates>, Path(tab): Path<String>) -> Result {
    let late = |name: &str| {
        let (gates, gate) = (gates.clone(), format!("{tab} {name}"));
        let content = async move {
            gates.wait(&gate).await;
            Ok(mark(&gate))
        };
        boundary(content).loading(loading(name))
    };
    Ok(document(&html! { (late("a")) (late("b")) }))
}

fn two_tabs_fill_each_in_its_own_order(swap: Swap) -> Outcome {
    let (gates, server) = serve(app)?;
    let open = |tab: &str| Chromium::shared(swap)?.page().open(&server.url(tab));
    let (left, right) = (open("/left")?, open("/right")?);
    for page in [&left, &right] {
        page.wait_painted("loading b")?;
    }
    let texts = "[...document.querySelectorAll('p')].map(p => p.innerText).join()";

    gates.open("left a");
    gates.open("right b");
    left.wait_painted("left a")?;
    right.wait_painted("right b")?;
    assert_eq!(left.eval(texts)?, "left a,Loading b");
    assert_eq!(right.eval(texts)?, "Loading a,right b");

    gates.open("right a");
    right.wait_loaded()?;
    assert_eq!(right.eval(texts)?, "right a,right b");
    assert_eq!(left.eval("document.readyState")?, "loading");

    drop(right);
    gates.open("left b");
    left.wait_loaded()?;
    assert_eq!(left.eval(texts)?, "left a,left b");
    assert_eq!(left.left_over()?, [""; 0]);
    assert_eq!(left.errors()?, [""; 0]);
    Ok(())
}
