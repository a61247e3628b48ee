//! The value of each crux for a decision about an option: everybody's conditional views, the group's value of
//! information, and the value of discrimination of two people or groups.
//!
//! `U` is "this option is the right one". The figures use each person's latest credences.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::estimate::Estimate;
use super::trigger_state::{TriggerState, trigger_state};
use super::value_of_information::{
    ConditionalView, IncoherentError, level_vod, log_vod, lower_median,
};
use crate::Credence;
use crate::board::{Board, CurrentOptionCredences};
use crate::date::Viewpoint;
use crate::record::{Crux, CruxId, OptionId, PersonId, Record, Stage};
use crate::t;

/// One person's credences in an option and in a crux.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stated {
    /// `P(U)`.
    pub question: Option<Credence>,
    /// `P(C)`.
    pub crux: Option<Credence>,
    /// `P(U|C)`.
    pub if_true: Option<Credence>,
}

impl Stated {
    /// Returns the conditional view; `None` while one of the three credences is missing.
    ///
    /// # Errors
    /// [`IncoherentError`] if the three credences no longer agree, since one of them was changed.
    pub fn view(&self) -> Result<Option<ConditionalView>, IncoherentError> {
        match (self.question, self.crux, self.if_true) {
            (Some(question), Some(crux), Some(if_true)) => {
                ConditionalView::new(question, crux, if_true).map(Some)
            }
            _ => Ok(None),
        }
    }
}

/// The value of one crux for one option.
#[derive(Clone, Debug, PartialEq)]
pub struct CruxValue {
    /// The crux.
    pub crux: CruxId,
    /// The views of the people whose three credences agree.
    pub views: BTreeMap<PersonId, ConditionalView>,
    /// The people whose three credences contradict each other. They count in no figure.
    pub contradictory: Vec<PersonId>,
    /// Level VOI of the group, in percentage points, 0 to 50: the lower median of its members'.
    pub level: Option<f64>,
    /// Log VOI of the group, in bits, 0 to 1: the lower median of its members'.
    pub bits: Option<f64>,
    /// Log VOI of the group as a share of the entropy of `U`, 0 to 1.
    pub share: Option<f64>,
    /// The distance between the highest and the lowest credence in the crux, in percentage points;
    /// `None` below two people.
    pub spread: Option<f64>,
    /// The earliest by-date of an armed trigger of the crux that has no outcome yet.
    pub by_date: Option<NaiveDate>,
}

impl CruxValue {
    /// Returns level VOD of two sides, in percentage points, and log VOD, in bits; `None` where it is unknown
    /// or not finite. Negative if knowing the crux would widen the gap.
    #[must_use]
    pub fn discrimination(&self, one: &Side, other: &Side) -> (Option<f64>, Option<f64>) {
        let of = |side| ConditionalView::of_group(self.views_of(side));
        match (of(one), of(other)) {
            (Some(one), Some(other)) => (level_vod(&one, &other), log_vod(&one, &other)),
            _ => (None, None),
        }
    }

    /// Returns level VOI of a side, in percentage points: the lower median of its members'.
    #[must_use]
    pub fn level_of(&self, side: &Side) -> Option<f64> {
        lower_median(
            self.views_of(side)
                .map(ConditionalView::level_voi)
                .collect(),
        )
    }

    /// Returns the views of the members of a side that count.
    fn views_of(&self, side: &Side) -> impl Iterator<Item = &ConditionalView> {
        let members = side.members.iter();
        members.filter_map(|person| self.views.get(person))
    }
}

/// A person or a group, compared with another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The name in a sentence: "Ann", "the red team".
    pub name: String,
    /// The members.
    pub members: BTreeSet<PersonId>,
}

impl Side {
    /// Returns the side of one person.
    #[must_use]
    pub fn person(board: &Board, person: PersonId) -> Self {
        Self {
            name: board
                .person(person)
                .map_or_else(|| t!("somebody").into(), |person| person.name.clone()),
            members: BTreeSet::from([person]),
        }
    }
}

/// Returns the credences of a person in an option and on a crux.
#[must_use]
pub fn stated(board: &Board, option: OptionId, crux: CruxId, person: PersonId) -> Stated {
    let in_option = board.current_option_credences(option);
    let statements = board.statements_on(crux);
    let on_crux = statements.iter().rev().find(|said| said.person == person);
    stated_in(&in_option, crux, person, on_crux.map(|said| said.credence))
}

fn stated_in(
    in_option: &CurrentOptionCredences<'_>,
    crux: CruxId,
    person: PersonId,
    on_crux: Option<Credence>,
) -> Stated {
    let of = |given| in_option.get(&(person, given)).map(|said| said.credence);
    Stated {
        question: of(None),
        crux: on_crux,
        if_true: of(Some(crux)),
    }
}

/// Returns the credences of a person in an option and on each open crux, in the board's own order.
#[must_use]
pub fn stated_by(board: &Board, option: OptionId, person: PersonId) -> Vec<(CruxId, Stated)> {
    let in_option = board.own_option_credences(option, person);
    let stated = open_cruxes(board).map(|crux| {
        let statements = board.statements_on(crux.id);
        let on_crux = statements.iter().rev().find(|said| said.person == person);
        let on_crux = on_crux.map(|said| said.credence);
        (crux.id, stated_in(&in_option, crux.id, person, on_crux))
    });
    stated.collect()
}

/// Returns the cruxes that are not settled or retired, in the board's own order.
pub(super) fn open_cruxes(board: &Board) -> impl Iterator<Item = &Record<CruxId, Crux>> {
    let cruxes = board.cruxes().into_iter();
    cruxes.filter(|crux| crux.stage() == Stage::Open)
}

/// Returns everybody's latest credence in a crux that counts at this viewpoint.
pub(super) fn held(board: &Board, crux: CruxId, viewpoint: Viewpoint) -> Vec<(PersonId, Credence)> {
    let held = board.current_views(crux, viewpoint.now.millis).into_iter();
    held.filter(|view| viewpoint.with_stale || !view.is_stale)
        .map(|view| (view.statement.person, view.statement.credence))
        .collect()
}

/// Returns everybody's views on one crux, and the people whose three credences contradict each other.
pub(super) fn views(
    in_option: &CurrentOptionCredences<'_>,
    crux: CruxId,
    held: &[(PersonId, Credence)],
) -> (BTreeMap<PersonId, ConditionalView>, Vec<PersonId>) {
    let mut views = BTreeMap::new();
    let mut contradictory = Vec::new();
    for (person, credence) in held {
        match stated_in(in_option, crux, *person, Some(*credence)).view() {
            Ok(Some(view)) => drop(views.insert(*person, view)),
            Ok(None) => {}
            Err(_) => contradictory.push(*person),
        }
    }
    (views, contradictory)
}

/// Returns the level value of information of each open crux for an option, where it is known: see
/// [`CruxValue::level`].
#[must_use]
pub(crate) fn levels(
    board: &Board,
    option: OptionId,
    viewpoint: impl Into<Viewpoint>,
) -> BTreeMap<CruxId, f64> {
    let viewpoint = viewpoint.into();
    let in_option = board.current_option_credences(option);
    if in_option.is_empty() {
        return BTreeMap::new();
    }
    let levels = open_cruxes(board).filter_map(|crux| {
        let (views, _) = views(&in_option, crux.id, &held(board, crux.id, viewpoint));
        let level = lower_median(views.values().map(ConditionalView::level_voi).collect())?;
        Some((crux.id, level))
    });
    levels.collect()
}

/// Returns the value of each open crux for an option, in the board's own order.
#[must_use]
pub fn crux_values(
    board: &Board,
    option: OptionId,
    viewpoint: impl Into<Viewpoint>,
) -> Vec<CruxValue> {
    let viewpoint = viewpoint.into();
    let in_option = board.current_option_credences(option);
    open_cruxes(board)
        .map(|crux| crux_value(board, &in_option, crux, viewpoint))
        .collect()
}

fn crux_value(
    board: &Board,
    in_option: &CurrentOptionCredences<'_>,
    crux: &Record<CruxId, Crux>,
    viewpoint: Viewpoint,
) -> CruxValue {
    let held = held(board, crux.id, viewpoint);
    let (views, contradictory) = views(in_option, crux.id, &held);
    let of_group = |figure: fn(&ConditionalView) -> f64| {
        lower_median(views.values().map(figure).collect::<Vec<f64>>())
    };
    let estimate = Estimate::of(held.iter().map(|(_, credence)| *credence));
    CruxValue {
        crux: crux.id,
        level: of_group(ConditionalView::level_voi),
        bits: of_group(ConditionalView::log_voi),
        share: of_group(ConditionalView::voi_share),
        spread: estimate.and_then(|estimate| estimate.spread()),
        by_date: by_date(board, crux.id, viewpoint),
        views,
        contradictory,
    }
}

/// Returns the earliest by-date of the armed event triggers of a crux that have no outcome yet.
fn by_date(board: &Board, crux: CruxId, viewpoint: Viewpoint) -> Option<NaiveDate> {
    let dated = board.triggers_of(crux);
    let mut dated: Vec<_> = dated
        .filter_map(|trigger| Some((trigger.by_date?, trigger)))
        .collect();
    dated.sort_by_key(|(day, _)| *day);
    // The earliest first, since the state of a trigger takes longer to compute than its date.
    let mut waiting = dated.into_iter().filter(|(_, trigger)| {
        let state = trigger_state(board, trigger, viewpoint);
        matches!(
            state,
            TriggerState::Armed | TriggerState::Near | TriggerState::Undecided
        )
    });
    waiting.next().map(|(day, _)| day)
}

/// Sorts by level VOI, highest first, then by by-date, earliest first. Cruxes without a conditional credence
/// come last.
pub fn sort_by_information(values: &mut [CruxValue]) {
    values.sort_by(|one, other| {
        descending(one.level, other.level).then_with(|| earliest(one.by_date, other.by_date))
    });
}

/// Compares figures such that the highest comes first and unknown ones last.
#[must_use]
pub fn descending(one: Option<f64>, other: Option<f64>) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) => other.total_cmp(&one),
        (one, other) => other.is_some().cmp(&one.is_some()),
    }
}

/// Compares dates such that the earliest comes first and unknown ones last.
#[must_use]
pub fn earliest(one: Option<NaiveDate>, other: Option<NaiveDate>) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) => one.cmp(&other),
        (one, other) => other.is_some().cmp(&one.is_some()),
    }
}
