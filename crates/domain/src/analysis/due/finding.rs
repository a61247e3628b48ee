//! Finds the due items of a board, a crux and a follow-up.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{Due, DueKey, DueKind, Origin, Subject, Who};
use crate::board::Board;
use crate::crux_state::{CruxState, TriggerStanding};
use crate::date::{DAY, Viewpoint};
use crate::record::{FollowUp, FollowUpId, FollowUpState, Record, Stage};
use crate::rewording::{other_words_in, wordings};
use crate::text::folded;
use crate::trigger_state::TriggerState;

/// Returns all items that are due now or later. Those due now come first, most pressing first; the others are
/// sorted by date.
#[must_use]
pub fn due(board: &Board, viewpoint: impl Into<Viewpoint>) -> Vec<Due> {
    let viewpoint = viewpoint.into();
    let today = viewpoint.now.today();
    let mut found = Vec::new();
    for (number, item) in of_board(board).into_iter().enumerate() {
        found.push((DueKey::of(&item, today, Origin::Board(number)), item));
    }
    for crux in board.cruxes() {
        if crux.stage() != Stage::Open {
            continue;
        }
        let rank: Arc<str> = crux.rank.as_str().into();
        let state = CruxState::at(board, crux, viewpoint);
        for (number, item) in of_crux(&state).into_iter().enumerate() {
            let origin = Origin::Crux(rank.clone(), crux.id, number);
            found.push((DueKey::of(&item, today, origin), item));
        }
    }
    for follow_up in board.follow_ups() {
        let item = of_follow_up(board, follow_up);
        let origin = Origin::FollowUp(follow_up.id);
        found.extend(item.map(|item| (DueKey::of(&item, today, origin), item)));
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found.into_iter().map(|(_, item)| item).collect()
}

/// Returns the due items of the board as a whole.
pub(crate) fn of_board(board: &Board) -> Vec<Due> {
    let review = board.info().next_review.map(|date| Due {
        kind: DueKind::BoardReview,
        subject: Subject::Board,
        crux: None,
        date: Some(date),
        who: Who::Anybody,
    });
    let decision = board.standing_decision().filter(|it| it.until.is_some());
    let decision = decision.map(|decision| Due {
        kind: DueKind::Decision,
        subject: Subject::Decision(decision.id),
        crux: None,
        date: decision.until,
        who: Who::Anybody,
    });
    review.into_iter().chain(decision).collect()
}

/// Returns the due items of a crux: none unless it is open.
pub(crate) fn of_crux(state: &CruxState<'_>) -> Vec<Due> {
    let CruxState { board, crux, .. } = *state;
    let mut found = Vec::new();
    if crux.stage() != Stage::Open {
        return found;
    }
    let now = state.viewpoint.now;
    let mut add = |kind, subject, date, who| {
        found.push(Due {
            kind,
            subject,
            crux: Some(crux.id),
            date,
            who,
        });
    };
    let owner = crux.owner.map_or(Who::Anybody, Who::Person);
    let subject = Subject::Crux(crux.id);
    if crux.review_on.is_some() {
        add(DueKind::CruxReview, subject, crux.review_on, owner.clone());
    }
    if crux.judge_by.is_some() {
        add(DueKind::ClaimByDate, subject, crux.judge_by, owner.clone());
    }
    for standing in &state.triggers {
        let subject = Subject::Trigger(standing.trigger.id);
        for (kind, date) in of_trigger(standing, now.today()) {
            add(kind, subject, date, named(board, &standing.trigger.judge));
        }
    }
    let lasts = DAY * board.info().stale_days();
    let wordings = wordings(board, crux.id);
    for view in &state.views {
        let said = Subject::Statement(view.id);
        let who = Who::Person(view.statement.person);
        if let Some(words) = other_words_in(board, &wordings, view.id) {
            let since = now.day_of(words.reworded.millis());
            add(DueKind::Reworded, said, Some(since), who.clone());
        }
        if view.is_stale {
            let since = now.day_of(view.statement.at + lasts);
            add(DueKind::Stale, said, Some(since), who);
        }
    }
    if state.is_one_sided() {
        add(DueKind::OneSided, subject, None, owner);
    }
    found
}

/// Returns the due item of a follow-up that is owed or awaited.
pub(crate) fn of_follow_up(board: &Board, follow_up: &Record<FollowUpId, FollowUp>) -> Option<Due> {
    let kind = match follow_up.state() {
        FollowUpState::Owed => DueKind::Owed,
        FollowUpState::Awaited => DueKind::Awaited,
        FollowUpState::Optional | FollowUpState::Done | FollowUpState::Void => return None,
    };
    Some(Due {
        kind,
        subject: Subject::FollowUp(follow_up.id),
        crux: follow_up.crux,
        date: follow_up.by_date,
        who: named(board, &follow_up.owner),
    })
}

/// Returns the due items of a trigger, with their dates.
fn of_trigger(
    standing: &TriggerStanding<'_>,
    today: NaiveDate,
) -> Vec<(DueKind, Option<NaiveDate>)> {
    let TriggerStanding { trigger, state, .. } = *standing;
    let mut found = Vec::new();
    match state {
        TriggerState::Draft | TriggerState::NotMet | TriggerState::Void => return found,
        TriggerState::Met if standing.is_answered => {}
        TriggerState::Met if trigger.calls_for_decision() => found.push((DueKind::Met, None)),
        TriggerState::Met => found.push((DueKind::MetAction, None)),
        // A dispute is to be settled now; once the by-date has passed without a settled outcome, it is overdue.
        TriggerState::Disputed => {
            let passed = trigger.by_date.filter(|date| *date < today);
            found.push((DueKind::Disputed, passed));
        }
        TriggerState::Undecided => found.push((DueKind::Undecided, trigger.by_date)),
        TriggerState::Near => found.push((DueKind::Near, None)),
        TriggerState::Armed => {}
    }
    let is_waiting = matches!(state, TriggerState::Armed | TriggerState::Near);
    if is_waiting && trigger.rule.is_none() && trigger.by_date.is_some() {
        found.push((DueKind::ByDate, trigger.by_date));
    }
    if trigger.review_on.is_some() {
        found.push((DueKind::TriggerReview, trigger.review_on));
    }
    found
}

/// Returns the person of the board with this name, ignoring case; otherwise the name as written.
fn named(board: &Board, name: &str) -> Who {
    let name = name.trim();
    if name.is_empty() {
        return Who::Anybody;
    }
    let person = board
        .people()
        .find(|person| folded(&person.name) == folded(name));
    person.map_or_else(
        || Who::Named(name.to_owned()),
        |person| Who::Person(person.id),
    )
}
