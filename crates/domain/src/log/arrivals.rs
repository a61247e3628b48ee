//! The order in which entries arrived in a log.

use std::collections::VecDeque;

use crate::ChangeId;

/// The ids of the latest arrivals in a log, in order of arrival. An id arrives again when its content
/// changes. A reader that follows the log need not scan all of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arrivals {
    count: usize,
    latest: VecDeque<ChangeId>,
}

impl Arrivals {
    /// Number of arrivals that are remembered. A reader that lags behind by more scans the log.
    const MOST: usize = 4_096;

    pub(super) fn push(&mut self, id: ChangeId) {
        if self.latest.len() == Self::MOST {
            self.latest.pop_front();
        }
        self.latest.push_back(id);
        self.count += 1;
    }

    /// Returns the number of all arrivals ever.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Returns the arrivals after the first `count`; `None` if they are no longer remembered, or `count` was
    /// never reached.
    pub(crate) fn since(&self, count: usize) -> Option<impl Iterator<Item = ChangeId>> {
        let new = self.count.checked_sub(count)?;
        let known = self.latest.len().checked_sub(new)?;
        Some(self.latest.iter().skip(known).copied())
    }
}
