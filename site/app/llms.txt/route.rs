//! The pages of the site, as <https://llmstxt.org> has it.

use crate::guide::LLMS;

/// The list.
pub async fn get() -> &'static str {
    LLMS
}
