//! What the handlers are about.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A river with more than one channel.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct River {
    /// As on maps.
    pub name: String,
    /// Kilometres from its source to its mouth.
    pub length: u32,
    /// How it ends.
    pub mouth: Mouth,
}

/// How a river ends.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mouth {
    /// In many channels.
    Delta,
    /// In one that the sea comes up.
    Estuary,
}

/// All rivers.
pub fn all() -> Vec<River> {
    let river = |name: &str, length, mouth| River {
        name: name.to_owned(),
        length,
        mouth,
    };
    vec![
        river("Amazon", 6_400, Mouth::Estuary),
        river("Lena", 4_294, Mouth::Delta),
        river("Ob", 3_650, Mouth::Estuary),
    ]
}
