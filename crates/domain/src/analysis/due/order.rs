//! The order of the list of due items.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{Due, DueKind};
use crate::record::{CruxId, FollowUpId};

/// The place of an item in the list. Items due now come first, most pressing first; the others are sorted by
/// date. Ties are in the order of the board.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DueKey {
    is_later: bool,
    pressing: Option<DueKind>,
    date: Option<NaiveDate>,
    kind: DueKind,
    origin: Origin,
}

/// The record that an item was found at, with the number of the item among those of the record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// The board.
    Board(usize),
    /// A crux, by its rank.
    Crux(Arc<str>, CruxId, usize),
    /// A follow-up.
    FollowUp(FollowUpId),
}

impl DueKey {
    /// Returns the place of an item on a day.
    pub(crate) fn of(item: &Due, today: NaiveDate, origin: Origin) -> Self {
        let pressing = item.is_due(today).then_some(item.kind);
        Self {
            is_later: pressing.is_none(),
            pressing,
            date: item.date,
            kind: item.kind,
            origin,
        }
    }
}
