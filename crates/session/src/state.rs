//! State that is not in signals: the board with what is found out about it, its clock, the undo
//! stack, and the readers of each record.

use cruxboard_domain::BoardId;
use cruxboard_domain::board::{Board, RecordRef, Touched};
use cruxboard_domain::date::{Now, Viewpoint};
use cruxboard_domain::decide::Issuer;
use cruxboard_domain::findings::{Findings, Reread};
use cruxboard_domain::id::Clock;
use cruxboard_domain::record::{CruxId, PersonId};
use cruxboard_domain::undo::UndoStack;
use cruxboard_domain::view::{Filter, Listing, Sort};
use leptos::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

pub(super) struct State {
    pub(super) board: Board,
    /// The due items and the summary of the board, as of the last time that somebody asked.
    pub(super) findings: Findings,
    /// The cruxes by the filter and sort that were asked for last.
    pub(super) listing: Option<Listing>,
    /// Mints the ids of the open board.
    pub(super) clock: Clock,
    /// The clocks of boards that were open before, so that no id is minted twice on one of them.
    /// Each board has its own clock: an id from the far future on one board must not date changes
    /// of another.
    pub(super) clocks: BTreeMap<BoardId, Clock>,
    /// Mints the ids of new boards.
    pub(super) founding: Clock,
    pub(super) undo: UndoStack,
    /// One trigger for each record that has a reader.
    pub(super) pulses: HashMap<RecordRef, ArcTrigger>,
    /// Notified after every change.
    pub(super) any: ArcTrigger,
    /// Reads the wall clock. Set by the platform, so that tests can stop the time.
    pub(super) read_clock: fn() -> Now,
}

impl State {
    pub(super) fn pulse(&mut self, record: RecordRef) -> ArcTrigger {
        self.pulses.entry(record).or_default().clone()
    }

    /// Returns the triggers of those records that have readers.
    pub(super) fn pulses_of(
        &self,
        records: impl IntoIterator<Item = RecordRef>,
    ) -> Vec<ArcTrigger> {
        let pulses = records.into_iter();
        let pulses = pulses.filter_map(|record| self.pulses.get(&record));
        pulses.cloned().collect()
    }

    /// Brings the findings and the listing up to date. Returns the cruxes that were read again.
    pub(super) fn update_findings(&mut self, viewpoint: Viewpoint) -> Reread {
        let reread = self.findings.update(&self.board, viewpoint);
        if let Some(listing) = &mut self.listing {
            listing.update(&self.board, viewpoint, &reread);
        }
        reread
    }

    /// Returns the cruxes that match a filter, in the order of a sort.
    pub(super) fn listed(
        &mut self,
        filter: &Filter,
        sort: Sort,
        viewpoint: Viewpoint,
    ) -> Arc<[CruxId]> {
        self.update_findings(viewpoint);
        let kept = self.listing.take().filter(|it| it.is_by(filter, sort));
        let listing =
            kept.unwrap_or_else(|| Listing::new(&self.board, filter.clone(), sort, viewpoint));
        let cruxes = listing.cruxes();
        self.listing = Some(listing);
        cruxes
    }

    /// Stores the clock of the board `before` and continues with that of the board `next`.
    pub(super) fn switch_clock(&mut self, before: Option<BoardId>, next: BoardId) {
        if let Some(before) = before {
            self.clocks.insert(before, self.clock);
        }
        let fresh = Clock::new(self.clock.replica());
        self.clock = self.clocks.remove(&next).unwrap_or(fresh);
    }

    /// Runs `work` with an issuer that mints ids of the board `id`, which need not be open.
    pub(super) fn mint_for<T>(
        &mut self,
        id: BoardId,
        board: &Board,
        by: Option<PersonId>,
        work: impl FnOnce(&mut Issuer<'_>) -> T,
    ) -> T {
        let fresh = Clock::new(self.clock.replica());
        let clock = self.clocks.entry(id).or_insert(fresh);
        clock.observe(board.log().last());
        let now = (self.read_clock)();
        work(&mut Issuer { by, now, clock })
    }
}

/// Notifies readers. Must be called outside a borrow of the state: a reader may read the board as
/// soon as it is notified.
pub(super) fn notify(pulses: Vec<ArcTrigger>) {
    for pulse in pulses {
        pulse.notify();
    }
}

/// Adds what one change touched to what others did.
pub(super) fn merge(all: &mut Touched, one: Touched) {
    all.is_new |= one.is_new;
    all.everything |= one.everything;
    all.clashes |= one.clashes;
    all.records.extend(one.records);
    all.rewritten.extend(one.rewritten);
}
