//! The loading view of a boundary that is held.

use super::super::Page;
use super::reasons;
use crate::mark::Mark;
use crate::timeline::What;
use crate::{Error, Result};

impl Page {
    /// Passes when the loading view of a boundary is painted and its gate is shut.
    pub(super) fn check_loading(&self, name: &str) -> Result {
        let (_, boundary) = self.boundary(name)?;
        if !boundary.is_held() {
            return Err(Error::new(reasons::not_held(&boundary)));
        }
        if !boundary.has_loading_view {
            return Err(Error::new(reasons::no_loading_view(&boundary)));
        }
        let written = self.boundary_when(boundary.id, |boundary| boundary.wire.is_some())?;
        let (_, boundary) = written;
        let mark = boundary
            .loading
            .as_ref()
            .filter(|_| boundary.wire.is_some());
        let found = match mark {
            None => Err(Error::new("it was not written")),
            Some(Mark::Nothing) => Err(Error::new(reasons::empty_loading_view(&boundary))),
            Some(mark) => self.see(mark, What::Placed, &boundary.to_string()),
        };
        found.map(drop).map_err(|error| {
            let visit = self.visit();
            let why = visit.and_then(|visit| reasons::withheld(&visit, &boundary));
            let why = why.unwrap_or_else(|| error.to_string());
            Error::new(format!(
                "the loading view of `{boundary}` is not painted: {why}"
            ))
        })
    }
}
