//! Reading the due items, the summary and the listing of the open board, which are kept up to date
//! change by change.

use std::sync::Arc;

use cruxboard_domain::board::Board;
use cruxboard_domain::findings::Findings;
use cruxboard_domain::record::CruxId;
use cruxboard_domain::view::{Filter, Sort};
use leptos::prelude::*;

use super::Session;

impl Session {
    /// Reads the findings. The running effect or memo runs again after every change and every tick
    /// of the clock, so it should be a memo of something small.
    pub fn find<T>(&self, read: impl FnOnce(&Board, &Findings) -> T) -> T {
        self.track_all();
        self.now.track();
        self.with_stale.track();
        self.find_untracked(read)
    }

    /// Reads the findings without following them.
    pub fn find_untracked<T>(&self, read: impl FnOnce(&Board, &Findings) -> T) -> T {
        let viewpoint = self.viewpoint_untracked();
        self.state.update_value(|state| {
            state.update_findings(viewpoint);
        });
        self.state
            .with_value(|state| read(&state.board, &state.findings))
    }

    /// Returns the cruxes that match a filter, in the order of a sort. The pointer stays the same as
    /// long as the cruxes do. The running effect or memo runs again as for [`Self::find`].
    #[must_use]
    pub fn listed(&self, filter: &Filter, sort: Sort) -> Arc<[CruxId]> {
        let viewpoint = self.viewpoint();
        self.track_all();
        self.state
            .try_update_value(|state| state.listed(filter, sort, viewpoint))
            .unwrap_or_default()
    }
}
