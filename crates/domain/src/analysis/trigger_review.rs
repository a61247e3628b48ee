//! Triggers at a review: their order, and the next review dates of those that stay armed.

use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};

use crate::ChangeId;
use crate::board::Board;
use crate::change::Payload;
use crate::date::{Now, Viewpoint};
use crate::met_trigger::is_answered;
use crate::record::{AgendaItem, CruxId, Mark, Record, Review, ReviewId, Trigger, TriggerId};
use crate::trigger_state::{TriggerState, trigger_state};

/// Time until the next review of a trigger that had no review date before.
const FIRST_INTERVAL: Months = Months::new(3);

/// Armed triggers whose review date a review has still to move on, with the next date.
#[derive(Clone, Debug, PartialEq)]
pub struct TriggersToReview {
    /// The triggers, in the order of the agenda.
    pub triggers: Vec<TriggerId>,
    /// The date of their next review. Proposed is the earliest of the dates that [`next_review`] proposes.
    pub next: NaiveDate,
}

/// Returns whether a trigger is armed and waits for its event or figure.
#[must_use]
pub fn is_waiting(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    viewpoint: impl Into<Viewpoint>,
) -> bool {
    let state = trigger_state(board, trigger, viewpoint);
    matches!(state, TriggerState::Armed | TriggerState::Near)
}

/// Returns the armed triggers of the agenda that have a review date, set before the review began and earlier
/// than the proposed next date; `None` if there are none. Linear in the length of the log.
#[must_use]
pub fn triggers_to_review(
    board: &Board,
    review: &Record<ReviewId, Review>,
    viewpoint: impl Into<Viewpoint>,
) -> Option<TriggersToReview> {
    let viewpoint = viewpoint.into();
    let dates_set = dates_set(board);
    let on_agenda = review.agenda.iter();
    let on_agenda = on_agenda.flat_map(|item| board.triggers_of(item.crux));
    let is_left = |trigger: &&Record<TriggerId, Trigger>| {
        let set = dates_set.get(&trigger.id).copied().unwrap_or_default();
        trigger.review_on.is_some() && set < review.id.0 && is_waiting(board, trigger, viewpoint)
    };
    let left: Vec<_> = on_agenda.filter(is_left).collect();
    let next = |trigger: &&Record<TriggerId, Trigger>| {
        let set = dates_set.get(&trigger.id).copied();
        next_date(trigger, set, viewpoint.now)
    };
    let next = left.iter().map(next).min()?;
    let earlier = left.iter().filter(|trigger| trigger.review_on < Some(next));
    let triggers: Vec<TriggerId> = earlier.map(|trigger| trigger.id).collect();
    (!triggers.is_empty()).then_some(TriggersToReview { triggers, next })
}

/// Returns the proposed date of the next review of a trigger: at the same interval as before, otherwise in
/// three months. Linear in the length of the log.
#[must_use]
pub fn next_review(board: &Board, trigger: &Record<TriggerId, Trigger>, now: Now) -> NaiveDate {
    let set = dates_set(board).get(&trigger.id).copied();
    next_date(trigger, set, now)
}

/// Returns the change that last set the review date of each trigger.
fn dates_set(board: &Board) -> BTreeMap<TriggerId, ChangeId> {
    let changes = board.log().changes();
    let changes = changes.filter(|change| board.log().counts(change.id));
    let set = changes.filter_map(|change| match &change.payload {
        Payload::TriggerAdded(added) if added.review_on.is_some() => {
            Some((TriggerId(change.id), change.id))
        }
        Payload::TriggerEdited(edited) if edited.set.review_on.is_some() => {
            Some((edited.of, change.id))
        }
        _ => None,
    });
    set.collect()
}

/// Returns the date that is as far from today as the present review date was from the day it was set on.
fn next_date(trigger: &Trigger, set: Option<ChangeId>, now: Now) -> NaiveDate {
    let today = now.today();
    let interval = trigger
        .review_on
        .zip(set)
        .map(|(day, set)| day.signed_duration_since(now.day_of(set.millis())));
    let days = interval.and_then(|interval| u64::try_from(interval.num_days()).ok());
    let next = match days.filter(|days| *days > 0) {
        Some(days) => today.checked_add_days(Days::new(days)),
        None => today.checked_add_months(FIRST_INTERVAL),
    };
    next.unwrap_or(today)
}

/// Triggers by crux, in an order.
pub type ByCrux = Vec<(CruxId, Vec<TriggerId>)>;

/// The triggers that a review goes through.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReviewOrder {
    /// Those that wait for somebody: met and not answered (those for stopping first), disputed, overdue, near.
    /// A crux comes where its most pressing trigger comes.
    pub pressing: ByCrux,
    /// Those that are armed.
    pub armed: ByCrux,
    /// Drafts, and those that are answered, not met or void.
    pub others: ByCrux,
}

/// Returns the triggers of the cruxes on an agenda, and those of other cruxes that wait for an outcome or a
/// decision.
#[must_use]
pub fn review_order(
    board: &Board,
    agenda: &[AgendaItem],
    viewpoint: impl Into<Viewpoint>,
) -> ReviewOrder {
    let viewpoint = viewpoint.into();
    let is_on_agenda = |crux: CruxId| agenda.iter().any(|item| item.crux == crux);
    let on_agenda = agenda.iter().flat_map(|item| board.triggers_of(item.crux));
    let others = board.triggers().filter(|it| !is_on_agenda(it.crux));
    let (mut pressing, mut armed, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    for trigger in on_agenda.chain(others) {
        let state = trigger_state(board, trigger, viewpoint);
        let place = match state {
            TriggerState::Met if is_answered(board, trigger, viewpoint) => None,
            TriggerState::Met => Some((0, call_rank(board, trigger))),
            TriggerState::Disputed => Some((1, 0)),
            TriggerState::Undecided => Some((2, 0)),
            TriggerState::Near => Some((3, 0)),
            TriggerState::Draft
            | TriggerState::Armed
            | TriggerState::NotMet
            | TriggerState::Void => None,
        };
        let is_shown = is_on_agenda(trigger.crux) || place.is_some_and(|(rank, _)| rank < 3);
        match place {
            _ if !is_shown => {}
            Some(place) => pressing.push((place, trigger)),
            None if state == TriggerState::Armed => armed.push(((0, 0), trigger)),
            None => rest.push(((0, 0), trigger)),
        }
    }
    ReviewOrder {
        pressing: by_crux(pressing),
        armed: by_crux(armed),
        others: by_crux(rest),
    }
}

/// Returns the order of met triggers: for stopping first, then for another option, then for an action of
/// their own.
#[must_use]
pub fn call_rank(board: &Board, trigger: &Trigger) -> u8 {
    let option = trigger.toward.and_then(|option| board.option(option));
    match option.map(|option| option.mark()) {
        Some(Mark::Stop) => 0,
        Some(Mark::Continue | Mark::Change | Mark::DoubleDown | Mark::Other) => 1,
        None if trigger.calls_for_decision() => 1,
        None => 2,
    }
}

/// A trigger with its place among the others.
type Placed<'a> = ((u8, u8), &'a Record<TriggerId, Trigger>);

/// Groups triggers by crux. A crux comes where its first trigger comes.
fn by_crux(mut found: Vec<Placed<'_>>) -> ByCrux {
    found.sort_by_key(|(place, _)| *place);
    let mut groups = ByCrux::new();
    for (_, trigger) in found {
        match groups.iter_mut().find(|(crux, _)| *crux == trigger.crux) {
            Some((_, triggers)) => triggers.push(trigger.id),
            None => groups.push((trigger.crux, vec![trigger.id])),
        }
    }
    groups
}
