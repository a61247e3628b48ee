//! The numbers of due items.

use chrono::NaiveDate;

use super::{Due, DueKind, DuePart};
use crate::t;

/// The numbers of due items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DueCount {
    /// Met triggers that no decision answers.
    pub met: usize,
    /// Number of overdue items: see [`Due::is_overdue`].
    pub overdue: usize,
    /// Number of items in [`DuePart::Now`], overdue or not.
    pub waiting: usize,
}

impl DueCount {
    /// Counts the items that are due on this day.
    #[must_use]
    pub fn of(due: &[Due], today: NaiveDate) -> Self {
        let mut count = Self::default();
        for item in due {
            count.add(item, today);
        }
        count
    }

    pub(crate) fn add(&mut self, item: &Due, today: NaiveDate) {
        let one = Self::of_one(item, today);
        self.met += one.met;
        self.overdue += one.overdue;
        self.waiting += one.waiting;
    }

    /// Takes back what [`Self::add`] did for an equal item on the same day.
    pub(crate) fn remove(&mut self, item: &Due, today: NaiveDate) {
        let one = Self::of_one(item, today);
        self.met -= one.met;
        self.overdue -= one.overdue;
        self.waiting -= one.waiting;
    }

    fn of_one(item: &Due, today: NaiveDate) -> Self {
        Self {
            met: usize::from(matches!(item.kind, DueKind::Met | DueKind::MetAction)),
            overdue: usize::from(item.is_overdue(today)),
            waiting: usize::from(item.part(today) == DuePart::Now),
        }
    }

    /// Describes the most pressing items in two words: "1 met", "2 overdue"; `None` if nothing presses.
    #[must_use]
    pub fn pressing_words(&self) -> Option<String> {
        match (self.met, self.overdue) {
            (0, 0) => None,
            (0, overdue) => Some(t!("{count} overdue", count = overdue)),
            (met, _) => Some(t!("{count} met", count = met)),
        }
    }
}
