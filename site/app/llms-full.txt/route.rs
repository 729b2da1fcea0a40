//! All pages of the site as one text.

use crate::guide::LLMS_FULL;

/// The text.
pub async fn get() -> &'static str {
    LLMS_FULL
}
