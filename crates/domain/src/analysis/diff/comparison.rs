//! Compares two boards, record by record.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::touched::Touched;
use super::{About, FieldChange, Group, Line, Since, What};
use crate::ChangeId;
use crate::board::Board;
use crate::change::RecordKind;
use crate::date::Viewpoint;
use crate::record::{
    CruxId, DecisionId, EvidenceId, FollowUpId, JointCredenceId, OptionCredenceId, OptionId,
    PersonId, PositionId, Record, ReviewId, RoundId, Statement, StatementId, TermId, Trigger,
    TriggerId,
};
use crate::trigger_state::{TriggerState, trigger_state, trigger_state_at};

/// The differences found so far, by crux.
#[derive(Default)]
pub(super) struct Differences {
    groups: BTreeMap<Option<CruxId>, Vec<Line>>,
}

impl Differences {
    fn add(&mut self, crux: Option<CruxId>, about: About, what: What) {
        self.groups
            .entry(crux)
            .or_default()
            .push(Line { about, what });
    }

    /// Adds a difference to each of these cruxes, or to the board as a whole if there are none.
    fn add_to_each(&mut self, cruxes: &BTreeSet<CruxId>, about: About, what: &What) {
        if cruxes.is_empty() {
            self.add(None, about, what.clone());
        }
        for crux in cruxes {
            self.add(Some(*crux), about, what.clone());
        }
    }

    pub(super) fn compare(
        &mut self,
        before: &Board,
        after: &Board,
        touched: &Touched,
        moment: ChangeId,
        (from, to): (Viewpoint, Viewpoint),
    ) {
        for id in &touched.records {
            self.compare_record(before, after, *id);
        }
        let mut reworded_on = touched.reworded_on.clone();
        if touched.everything {
            let cruxes = before.cruxes().into_iter().chain(after.cruxes());
            reworded_on.extend(cruxes.map(|crux| crux.id));
            reworded_on.extend(&touched.spoken_on);
        }
        for crux in &reworded_on {
            let was = latest(before, *crux, ChangeId::MAX);
            self.compare_words(*crux, &was, &latest(after, *crux, ChangeId::MAX));
        }
        for crux in touched.spoken_on.difference(&reworded_on) {
            let was = latest(after, *crux, moment);
            self.compare_words(*crux, &was, &latest(after, *crux, ChangeId::MAX));
        }
        for trigger in after.triggers() {
            let is_folded = touched.everything
                || touched.records.contains(&trigger.id.0)
                || (trigger.rule.is_some() && reworded_on.contains(&trigger.crux));
            let was = if is_folded {
                let earlier = before.trigger(trigger.id);
                let earlier = earlier.filter(|earlier| earlier.trashed.is_none());
                Some(earlier.map_or(new_state(trigger), |earlier| {
                    trigger_state(before, earlier, from)
                }))
            } else if trigger.rule.is_none()
                || touched.spoken_on.contains(&trigger.crux)
                || !from.with_stale
            {
                // The trigger itself did not change. Its state may differ by its date, later credences, and
                // outdated ones.
                Some(trigger_state_at(after, trigger, from, moment))
            } else {
                None
            };
            let Some(was) = was else { continue };
            let is = trigger_state(after, trigger, to);
            if was != is {
                let what = What::Stands(was, is);
                self.add(Some(trigger.crux), About::Trigger(trigger.id), what);
            }
        }
    }

    fn compare_record(&mut self, before: &Board, after: &Board, id: ChangeId) {
        if id == ChangeId::MIN {
            self.compare_info(before, after);
            return;
        }
        macro_rules! compare {
            ($find:ident, $id:ident, $about:ident, $record:ident => $cruxes:expr) => {
                if let Some((was, is)) = both(before.$find($id(id)), after.$find($id(id))) {
                    let what = match (was, is) {
                        (None, None) => None,
                        (None, Some(_)) => Some(What::Added),
                        (Some(_), None) => Some(What::Gone),
                        (Some(was), Some(is)) => edited(&was.json_to(is), &is.json_to(was)),
                    };
                    let mut cruxes: BTreeSet<CruxId> = BTreeSet::new();
                    for $record in was.into_iter().chain(is) {
                        cruxes.extend($cruxes);
                    }
                    if let Some(what) = what {
                        self.add_to_each(&cruxes, About::$about($id(id)), &what);
                    }
                }
            };
        }
        let first = after.log().change(id);
        let Some(kind) = first.and_then(|first| first.payload.adds()) else {
            return;
        };
        match kind {
            RecordKind::Option => compare!(option, OptionId, Option, _option => None::<CruxId>),
            RecordKind::Person => compare!(person, PersonId, Person, _person => None::<CruxId>),
            RecordKind::Crux => compare!(crux, CruxId, Crux, crux => [crux.id]),
            RecordKind::Trigger => {
                compare!(trigger, TriggerId, Trigger, trigger => [trigger.crux]);
                self.compare_outcomes(before, after, TriggerId(id));
            }
            RecordKind::Evidence => {
                compare!(evidence, EvidenceId, Evidence, evidence => evidence.bears_on.keys());
                self.compare_weights(before, after, EvidenceId(id));
            }
            RecordKind::OptionCredence => {
                compare!(option_credence, OptionCredenceId, OptionCredence, said => said.if_true);
            }
            RecordKind::JointCredence => {
                compare!(joint_credence, JointCredenceId, JointCredence, said => said.given.map(|one| one.crux));
            }
            RecordKind::Position => {
                compare!(position, PositionId, Position, position => [position.crux]);
            }
            RecordKind::FollowUp => {
                compare!(follow_up, FollowUpId, FollowUp, follow_up => follow_up.crux);
            }
            RecordKind::Term => compare!(term, TermId, Term, _term => None::<CruxId>),
            RecordKind::Decision => {
                compare!(decision, DecisionId, Decision, _decision => None::<CruxId>)
            }
            RecordKind::Review => compare!(review, ReviewId, Review, _review => None::<CruxId>),
            RecordKind::Round => compare!(round, RoundId, Round, _round => None::<CruxId>),
            RecordKind::RecordedReview => {
                let held = |board: &Board| board.recorded_reviews().any(|review| review.id == id);
                match (held(before), held(after)) {
                    (false, true) => self.add(None, About::RecordedReview(id), What::Added),
                    (true, false) => self.add(None, About::RecordedReview(id), What::Gone),
                    (true, true) | (false, false) => {}
                }
            }
            // Statements are compared by crux and person; the other kinds make no line.
            RecordKind::Statement | RecordKind::Message | RecordKind::BriefRead => {}
        }
    }

    /// Compares the description of the board.
    fn compare_info(&mut self, before: &Board, after: &Board) {
        let what = edited(
            &before.info().json_to(after.info()),
            &after.info().json_to(before.info()),
        );
        if let Some(what) = what {
            self.add(None, About::Board, what);
        }
    }

    /// Compares the outcomes and the goalposts of a trigger.
    fn compare_outcomes(&mut self, before: &Board, after: &Board, id: TriggerId) {
        let Some((was, Some(is))) = both(before.trigger(id), after.trigger(id)) else {
            return;
        };
        let (judged, moved) = was.map_or((&[][..], &[][..]), |was| {
            (&was.judgements[..], &was.goalposts[..])
        });
        for judgement in is.judgements.iter().filter(|one| !judged.contains(one)) {
            let what = What::Judged(judgement.clone());
            self.add(Some(is.crux), About::Trigger(id), what);
        }
        for goalpost in is.goalposts.iter().filter(|one| !moved.contains(one)) {
            let what = What::Goalpost(goalpost.clone());
            self.add(Some(is.crux), About::Trigger(id), what);
        }
    }

    /// Compares the weights of an item of evidence.
    fn compare_weights(&mut self, before: &Board, after: &Board, id: EvidenceId) {
        let Some((Some(was), Some(is))) = both(before.evidence(id), after.evidence(id)) else {
            return;
        };
        let cruxes = was.bears_on.keys().chain(is.bears_on.keys()).copied();
        for crux in cruxes.collect::<BTreeSet<CruxId>>() {
            let (was, is) = (was.bears_on.get(&crux), is.bears_on.get(&crux));
            if was != is {
                let what = What::Weighed(was.copied(), is.copied());
                self.add(Some(crux), About::Evidence(id), what);
            }
        }
    }

    fn compare_words(&mut self, crux: CruxId, was: &Words<'_>, is: &Words<'_>) {
        let people: BTreeSet<PersonId> = was.keys().chain(is.keys()).copied().collect();
        for person in people {
            let (was, is) = (was.get(&person), is.get(&person));
            let said = |said: Option<&&'_ Record<StatementId, Statement>>| {
                said.map(|said| (said.id, said.value.clone()))
            };
            let Some(line) = is.or(was) else { continue };
            if said(was) != said(is) {
                let credence = |said: &&Record<StatementId, Statement>| said.credence;
                let what = match (was.map(credence), is.map(credence)) {
                    (Some(before), Some(after)) if before == after => What::Unmoved {
                        person,
                        credence: after,
                    },
                    (before, after) => What::Moved {
                        person,
                        before,
                        after,
                    },
                };
                self.add(Some(crux), About::Statement(line.id), what);
            }
        }
    }

    pub(super) fn sorted(self, after: &Board) -> Since {
        let order: BTreeMap<CruxId, usize> = after
            .cruxes()
            .into_iter()
            .enumerate()
            .map(|(place, crux)| (crux.id, place))
            .collect();
        let hundredths = |points: f64| Reverse((points * 100.0).round() as u64);
        let mut groups: Vec<Group> = self
            .groups
            .into_iter()
            .map(|(crux, mut lines)| {
                lines.sort_by_key(|line| hundredths(line.what.points()));
                Group { crux, lines }
            })
            .collect();
        groups.sort_by_key(|group| {
            let place = group.crux.and_then(|crux| order.get(&crux));
            (
                group.crux.is_none(),
                hundredths(group.widest()),
                place.copied().unwrap_or(usize::MAX),
                group.crux,
            )
        });
        Since { groups }
    }
}

/// Returns the initial state of a new trigger.
fn new_state(trigger: &Trigger) -> TriggerState {
    if trigger.armed {
        TriggerState::Armed
    } else {
        TriggerState::Draft
    }
}

/// Each person's latest statement on a crux.
type Words<'a> = BTreeMap<PersonId, &'a Record<StatementId, Statement>>;

/// Returns each person's latest statement on a crux up to `moment`.
fn latest(board: &Board, crux: CruxId, moment: ChangeId) -> Words<'_> {
    let statements = board.statements_on(crux).into_iter();
    statements
        .filter(|said| said.id.0 <= moment)
        .map(|said| (said.person, said))
        .collect()
}

/// A record at both moments, `None` where it is in the trash; `None` if it never existed.
type Both<'a, T> = Option<(Option<&'a T>, Option<&'a T>)>;

fn both<'a, Id, T>(
    before: Option<&'a Record<Id, T>>,
    after: Option<&'a Record<Id, T>>,
) -> Both<'a, Record<Id, T>> {
    before.or(after)?;
    let present = |record: Option<&'a Record<Id, T>>| record.filter(|r| r.trashed.is_none());
    Some((present(before), present(after)))
}

fn edited(there: &str, back: &str) -> Option<What> {
    let fields = fields(there, back);
    (!fields.is_empty()).then_some(What::Edited(fields))
}

/// Returns the fields that differ, from the edit forwards and the edit back.
fn fields(there: &str, back: &str) -> Vec<FieldChange> {
    let read = |json: &str| serde_json::from_str::<Map<String, Value>>(json).unwrap_or_default();
    let mut before = read(back);
    let after = read(there).into_iter();
    after
        .map(|(name, after)| FieldChange {
            before: before.remove(&name).unwrap_or_default(),
            name,
            after,
        })
        .collect()
}
