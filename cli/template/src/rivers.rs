//! What the pages show. A database or another service would stand here.

use std::time::Duration;

use serde::Serialize;
use tokio::time::sleep;

/// A river with more than one channel.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct River {
    pub slug: &'static str,
    pub name: &'static str,
    /// Kilometres from its source to its mouth.
    pub length: u32,
}

const RIVERS: [River; 3] = [
    River {
        slug: "amazon",
        name: "Amazon",
        length: 6_400,
    },
    River {
        slug: "ob",
        name: "Ob",
        length: 3_650,
    },
    River {
        slug: "murray",
        name: "Murray",
        length: 2_508,
    },
];

/// All rivers, after a moment.
pub async fn all() -> Vec<River> {
    sleep(Duration::from_millis(400)).await;
    RIVERS.to_vec()
}

/// One of them.
pub async fn find(slug: &str) -> Option<River> {
    RIVERS.into_iter().find(|river| river.slug == slug)
}

/// How much water comes down a river at its mouth, in cubic metres per second. It has to be
/// measured, which takes a while.
pub async fn flow(river: River) -> u32 {
    let (time, flow) = match river.slug {
        "amazon" => (900, 209_000),
        "ob" => (1_400, 12_475),
        _ => (600, 767),
    };
    sleep(Duration::from_millis(time)).await;
    flow
}
