//! Findings: the due items and the summary of a board, kept up to date change by change.
//!
//! Each crux is read once, and again only after a change has touched it or the clock has passed the moment
//! from which one of its credences is outdated. The cost of a change therefore does not depend on the size of
//! the board. A change to the board as a whole and a new day read every crux again.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::board::{Board, RecordRef, Touched};
use crate::crux_state::CruxState;
use crate::date::{Now, Viewpoint};
use crate::due::{Due, DueCount, DueKey, DueKind, Origin, of_board, of_crux, of_follow_up};
use crate::record::{CruxId, FollowUpId};
use crate::summary::{CruxFigures, Summary, Totals};
use crate::timeline::is_event;
use crate::{ChangeId, Millis};

const FIRST: CruxId = CruxId(ChangeId::MIN);
const LAST: CruxId = CruxId(ChangeId::MAX);

/// The cruxes that an update has read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reread {
    /// Every crux.
    All,
    /// These cruxes, whether they still exist or not.
    Some(BTreeSet<CruxId>),
}

/// The due items and the summary of a board at a viewpoint. Equal to those computed anew after each
/// [`Self::update`].
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// The viewpoint of the last update; `None` if everything must be read again.
    viewpoint: Option<Viewpoint>,
    outdated_cruxes: BTreeSet<CruxId>,
    outdated_follow_ups: BTreeSet<FollowUpId>,
    cruxes: BTreeMap<CruxId, OfCrux>,
    follow_ups: BTreeMap<FollowUpId, DueKey>,
    due: BTreeMap<DueKey, Due>,
    count: DueCount,
    stale: usize,
    owed: usize,
    totals: Totals,
    /// The cruxes by the moment after which one of their credences is outdated.
    expiring: BTreeSet<(Millis, CruxId)>,
    /// The cruxes whose triggers depend on the credences of another crux, by that crux.
    dependents: BTreeSet<(CruxId, CruxId)>,
    /// Number of times that a dated item of the timeline was added or removed.
    events: u64,
}

/// The findings about one crux.
#[derive(Clone, Debug)]
struct OfCrux {
    figures: CruxFigures,
    due: Vec<Due>,
    becomes_stale_after: Millis,
    depends_on: Vec<CruxId>,
}

impl Findings {
    /// Makes the next update read everything again.
    pub fn forget(&mut self) {
        self.viewpoint = None;
    }

    /// Marks the records that a change has touched, so that the next update reads them again.
    pub fn mark(&mut self, touched: &Touched) {
        if touched.everything {
            self.forget();
        }
        for record in &touched.records {
            match record {
                RecordRef::Board => self.forget(),
                RecordRef::Crux(crux) => {
                    self.outdated_cruxes.insert(*crux);
                }
                RecordRef::FollowUp(follow_up) => {
                    self.outdated_follow_ups.insert(*follow_up);
                }
                // Evidence touches the cruxes that it bears on, too.
                RecordRef::Evidence(_) | RecordRef::OptionCredences | RecordRef::Reading => {}
            }
        }
    }

    /// Reads again what the marked changes and the clock have made outdated.
    pub fn update(&mut self, board: &Board, viewpoint: Viewpoint) -> Reread {
        if self
            .viewpoint
            .is_none_or(|before| !reads_alike(before, viewpoint))
        {
            self.read_all(board, viewpoint);
            return Reread::All;
        }
        self.viewpoint = Some(viewpoint);
        let mut cruxes = std::mem::take(&mut self.outdated_cruxes);
        for crux in cruxes.clone() {
            let dependents = self.dependents.range((crux, FIRST)..=(crux, LAST));
            cruxes.extend(dependents.map(|(_, dependent)| *dependent));
        }
        let expired = self.expiring.range(..(viewpoint.now.millis, FIRST));
        cruxes.extend(expired.map(|(_, crux)| *crux));
        let today = viewpoint.now.today();
        for crux in &cruxes {
            self.read_crux(board, *crux, viewpoint, today);
        }
        for follow_up in std::mem::take(&mut self.outdated_follow_ups) {
            self.read_follow_up(board, follow_up, today);
        }
        Reread::Some(cruxes)
    }

    /// Returns all due items, as [`due`](crate::due::due) does.
    pub fn due(&self) -> impl Iterator<Item = &Due> {
        self.due.values()
    }

    /// Returns the met triggers that wait for a decision or for another action.
    pub fn met(&self) -> impl Iterator<Item = &Due> {
        // They are the most pressing items, and so the first ones.
        self.due()
            .take_while(|item| matches!(item.kind, DueKind::Met | DueKind::MetAction))
    }

    /// Returns the numbers of due items.
    #[must_use]
    pub fn count(&self) -> DueCount {
        self.count
    }

    /// Returns whether a credence in an open crux is outdated.
    #[must_use]
    pub fn has_stale(&self) -> bool {
        self.stale > 0
    }

    /// Returns a number that changes whenever the dated items of the timeline change.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Returns the summary, as [`summary`](crate::summary::summary) does.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.totals.summary(self.owed)
    }

    fn read_all(&mut self, board: &Board, viewpoint: Viewpoint) {
        *self = Self {
            viewpoint: Some(viewpoint),
            totals: Totals::new(board),
            // Unlike all earlier numbers.
            events: self.events + 1,
            ..Self::default()
        };
        let today = viewpoint.now.today();
        for (number, item) in of_board(board).into_iter().enumerate() {
            self.add_item(item, Origin::Board(number), today);
        }
        for crux in board.cruxes() {
            self.read_crux(board, crux.id, viewpoint, today);
        }
        for follow_up in board.follow_ups() {
            self.read_follow_up(board, follow_up.id, today);
        }
    }

    fn read_crux(&mut self, board: &Board, id: CruxId, viewpoint: Viewpoint, today: NaiveDate) {
        let crux = board.crux(id).filter(|crux| crux.trashed.is_none());
        let now = crux.map(|crux| OfCrux::of(&CruxState::at(board, crux, viewpoint)));
        let before = self.cruxes.remove(&id);
        if let Some(before) = &before {
            self.totals.remove(&before.figures);
            self.expiring.remove(&(before.becomes_stale_after, id));
            for other in &before.depends_on {
                self.dependents.remove(&(*other, id));
            }
        }
        if let Some(now) = &now {
            self.totals.add(&now.figures);
            self.expiring.insert((now.becomes_stale_after, id));
            let dependents = now.depends_on.iter().map(|other| (*other, id));
            self.dependents.extend(dependents);
        }
        let same_items = match (&before, &now) {
            (Some(before), Some(now)) => {
                before.due == now.due && before.figures.rank == now.figures.rank
            }
            _ => false,
        };
        if !same_items {
            for (number, item) in before.iter().flat_map(OfCrux::items) {
                self.remove_item(&DueKey::of(item, today, number), today);
            }
            for (number, item) in now.iter().flat_map(OfCrux::items) {
                self.add_item(item.clone(), number, today);
            }
        }
        if let Some(now) = now {
            self.cruxes.insert(id, now);
        }
    }

    fn read_follow_up(&mut self, board: &Board, id: FollowUpId, today: NaiveDate) {
        if let Some(before) = self.follow_ups.remove(&id) {
            self.remove_item(&before, today);
        }
        let follow_up = board.follow_up(id).filter(|it| it.trashed.is_none());
        if let Some(item) = follow_up.and_then(|follow_up| of_follow_up(board, follow_up)) {
            let key = self.add_item(item, Origin::FollowUp(id), today);
            self.follow_ups.insert(id, key);
        }
    }

    fn add_item(&mut self, item: Due, origin: Origin, today: NaiveDate) -> DueKey {
        let key = DueKey::of(&item, today, origin);
        self.count.add(&item, today);
        self.stale += usize::from(item.kind == DueKind::Stale);
        self.owed += usize::from(item.kind == DueKind::Owed);
        self.events += u64::from(is_event(&item));
        self.due.insert(key.clone(), item);
        key
    }

    fn remove_item(&mut self, key: &DueKey, today: NaiveDate) {
        if let Some(item) = self.due.remove(key) {
            self.count.remove(&item, today);
            self.stale -= usize::from(item.kind == DueKind::Stale);
            self.owed -= usize::from(item.kind == DueKind::Owed);
            self.events += u64::from(is_event(&item));
        }
    }
}

impl OfCrux {
    fn of(state: &CruxState<'_>) -> Self {
        Self {
            figures: CruxFigures::of(state),
            due: of_crux(state),
            becomes_stale_after: state.becomes_stale_after(),
            depends_on: state.depends_on(),
        }
    }

    fn items(&self) -> impl Iterator<Item = (Origin, &Due)> {
        let CruxFigures { rank, id, .. } = &self.figures;
        let items = self.due.iter().enumerate();
        items.map(|(number, item)| (Origin::Crux(rank.clone(), *id, number), item))
    }
}

/// Returns whether a board reads alike from both viewpoints, but for the credences that became outdated
/// between them.
fn reads_alike(before: Viewpoint, after: Viewpoint) -> bool {
    let (then, now) = (before.now, after.now);
    // People leave by the day in UTC.
    let utc_day = |now: Now| Now::utc(now.millis).today();
    before.with_stale == after.with_stale
        && then.millis <= now.millis
        && then.offset_minutes == now.offset_minutes
        && then.today() == now.today()
        && utc_day(then) == utc_day(now)
}
