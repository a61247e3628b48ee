//! What changed between two moments of the log, as the reader of a board sees it.
//!
//! Both boards are compared as they would have looked: what was done and undone in between is no
//! difference. Only what the changes in between can have altered is folded again, so that a short
//! while on a long log is quick to compare. The reading list and who has seen the brief decide
//! nothing, and make no line.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::board::Board;
use crate::change::Payload;
use crate::date::{Now, Viewpoint};
use crate::log::Entry;
use crate::record::{
    BearsOn, CruxId, DecisionId, EvidenceId, FollowUpId, FollowUpState, GoalpostMove, Judgement,
    OptionId, PersonId, PositionId, Record, ReviewId, RoundId, Statement, StatementId, TermId,
    Trigger, TriggerId,
};
use crate::trigger_state::{TriggerState, trigger_state, trigger_state_at};
use crate::{ChangeId, Credence};

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each name says it all")]
pub enum About {
    Board,
    Option(OptionId),
    Person(PersonId),
    Crux(CruxId),
    Trigger(TriggerId),
    Evidence(EvidenceId),
    Statement(StatementId),
    Position(PositionId),
    FollowUp(FollowUpId),
    Term(TermId),
    RecordedReview(ChangeId),
    Decision(DecisionId),
    Review(ReviewId),
    Round(RoundId),
}

/// A field that reads otherwise than before: JSON, as files hold it.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// Its name.
    pub name: String,
    /// What stood there.
    pub before: Value,
    /// What stands there.
    pub after: Value,
}

/// How something is otherwise than before.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// It is there now.
    Added,
    /// It is not there any more.
    Gone,
    /// Some of its fields read otherwise.
    Edited(Vec<FieldChange>),
    /// Somebody's latest word on a crux is another one.
    Moved {
        /// Whose.
        person: PersonId,
        /// What they had said, if anything.
        before: Option<Credence>,
        /// What they say, unless it is gone.
        after: Option<Credence>,
    },
    /// Somebody's latest word on a crux is another one with the same credence: they confirmed it,
    /// came back to it, or gave another reason.
    Unmoved {
        /// Whose.
        person: PersonId,
        /// What they say, as before.
        credence: Credence,
    },
    /// A trigger stands otherwise.
    Stands(TriggerState, TriggerState),
    /// A judge has spoken.
    Judged(Judgement),
    /// What an armed trigger asks for was moved.
    Goalpost(GoalpostMove),
    /// It bears otherwise on this crux.
    Weighed(Option<BearsOn>, Option<BearsOn>),
}

impl What {
    /// How far a credence moved, in points; 0 for a first word.
    #[must_use]
    pub fn points(&self) -> f64 {
        match self {
            Self::Moved {
                before: Some(before),
                after: Some(after),
                ..
            } => before.distance(*after),
            _ => 0.0,
        }
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it is about.
    pub about: About,
    /// How it is otherwise.
    pub what: What,
}

/// All differences about one crux, or about none.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The crux; `None`: the board as a whole.
    pub crux: Option<CruxId>,
    /// The differences, widest moves first.
    pub lines: Vec<Line>,
}

impl Group {
    /// The widest move, in points.
    #[must_use]
    pub fn widest(&self) -> f64 {
        let points = self.lines.iter().map(|line| line.what.points());
        points.fold(0.0, f64::max)
    }
}

/// The differences in a few numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Items of evidence filed.
    pub evidence: usize,
    /// Credences that differ from those stated before.
    pub moves: usize,
    /// Credences of people who had stated none on the crux.
    pub first_estimates: usize,
    /// Triggers that are met since.
    pub met: usize,
    /// Goalposts moved.
    pub goalposts: usize,
    /// Follow-ups done or void since.
    pub closed: usize,
}

/// What changed between two moments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Since {
    /// By crux, widest moves first; what is about no crux comes last.
    pub groups: Vec<Group>,
}

impl Since {
    /// What changed after `from`, up to and with `to`. A `to` that nothing follows stands for `now`:
    /// dates may have passed since the last change.
    #[must_use]
    pub fn between(
        board: &Board,
        from: ChangeId,
        to: ChangeId,
        viewpoint: impl Into<Viewpoint>,
    ) -> Self {
        let viewpoint = viewpoint.into();
        let is_now = board
            .log()
            .entries()
            .next_back()
            .is_none_or(|last| last.id() <= to);
        let after: Cow<'_, Board> = if is_now {
            Cow::Borrowed(board)
        } else {
            Cow::Owned(board.at(to))
        };
        let touched = Touched::of(&after, from, viewpoint.with_stale);
        let before = touched.before(&after, from);
        let mut found = Differences {
            groups: BTreeMap::new(),
        };
        let at = |millis| Viewpoint {
            now: Now {
                millis,
                ..viewpoint.now
            },
            ..viewpoint
        };
        let until = if is_now {
            viewpoint.now.millis
        } else {
            to.millis()
        };
        let views = (at(from.millis()), at(until));
        found.compare(&before, &after, &touched, from, views);
        found.sorted(&after)
    }

    /// How much there is of what one asks first.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        let mut evidence = BTreeSet::new();
        for line in self.groups.iter().flat_map(|group| &group.lines) {
            match (&line.what, line.about) {
                (What::Added, About::Evidence(id)) => {
                    evidence.insert(id);
                }
                (
                    What::Moved {
                        before,
                        after: Some(_),
                        ..
                    },
                    _,
                ) => match before {
                    Some(_) => tally.moves += 1,
                    None => tally.first_estimates += 1,
                },
                (What::Stands(_, TriggerState::Met), _) => tally.met += 1,
                (What::Goalpost(_), _) => tally.goalposts += 1,
                (What::Edited(fields), About::FollowUp(_)) => {
                    let closes = |field: &FieldChange| {
                        let state =
                            |value: &Value| value.as_str().and_then(FollowUpState::from_key);
                        field.name == "state"
                            && matches!(
                                state(&field.after),
                                Some(FollowUpState::Done | FollowUpState::Void)
                            )
                    };
                    tally.closed += usize::from(fields.iter().any(closes));
                }
                _ => {}
            }
        }
        tally.evidence = evidence.len();
        tally
    }
}

/// The records that changes after a moment can have altered.
struct Touched {
    records: BTreeSet<ChangeId>,
    /// Cruxes on which something was said, and nothing else happened to what people had said.
    spoken_on: BTreeSet<CruxId>,
    /// Cruxes on which something said before was taken back, explained or brought back.
    reworded_on: BTreeSet<CruxId>,
    /// Whether a person or a review may be another one, on which credences and triggers everywhere
    /// depend.
    everything: bool,
}

impl Touched {
    fn of(after: &Board, from: ChangeId, with_stale: bool) -> Self {
        let mut touched = Self {
            records: BTreeSet::new(),
            spoken_on: BTreeSet::new(),
            reworded_on: BTreeSet::new(),
            everything: false,
        };
        let log = after.log();
        let mut seen: BTreeSet<ChangeId> = BTreeSet::new();
        let mut waiting: Vec<ChangeId> = log.after(from).map(Entry::id).collect();
        while let Some(id) = waiting.pop() {
            if !seen.insert(id) {
                continue;
            }
            let Some(change) = log.change(id) else {
                continue;
            };
            if let Payload::Retracted(targets) = &change.payload {
                waiting.extend(targets);
            }
            let Some(record) = change.payload.record(id) else {
                continue;
            };
            if let Some(Payload::CredenceStated(stated)) =
                log.change(record).map(|first| &first.payload)
            {
                // Statements are many, and what was said later is not there before: no need to look.
                if id == record && id > from {
                    touched.spoken_on.insert(stated.crux);
                } else {
                    touched.records.insert(record);
                    touched.reworded_on.insert(stated.crux);
                }
                continue;
            }
            touched.records.insert(record);
            // After how many days a credence is stale may have been changed.
            touched.everything |= record == ChangeId::MIN && !with_stale;
            // A review counts from its closing on; whatever else is said of one changes nothing.
            let ends = match &change.payload {
                Payload::ReviewClosed(_) | Payload::Trashed(_) | Payload::Restored(_) => true,
                Payload::ReviewStarted(_) => id <= from,
                _ => false,
            };
            match log.change(record).map(|first| &first.payload) {
                Some(Payload::PersonAdded(_) | Payload::ReviewHeld(_)) => touched.everything = true,
                Some(Payload::ReviewStarted(_)) => touched.everything |= ends,
                _ => {}
            }
        }
        touched
    }

    /// The board as it was at that moment, as far as it matters.
    fn before(&self, after: &Board, at: ChangeId) -> Board {
        if self.everything {
            return after.at(at);
        }
        let mut needed = self.records.clone();
        needed.insert(ChangeId::MIN);
        needed.extend(after.people_ever());
        needed.extend(after.reviews_ever());
        for crux in &self.reworded_on {
            needed.extend(after.statements_ever(*crux));
            needed.extend(after.triggers_of(*crux).map(|trigger| trigger.id.0));
        }
        // How a trigger stands follows from what was said on its crux, whichever that was then.
        for (change, _) in self.records.iter().flat_map(|id| after.history(*id)) {
            let crux = match &change.payload {
                Payload::TriggerAdded(trigger) => trigger.crux,
                Payload::TriggerEdited(edited) => edited.set.crux,
                _ => None,
            };
            needed.extend(
                crux.into_iter()
                    .flat_map(|crux| after.statements_ever(crux)),
            );
        }
        after.part(&needed, at)
    }
}

struct Differences {
    groups: BTreeMap<Option<CruxId>, Vec<Line>>,
}

impl Differences {
    fn add(&mut self, crux: Option<CruxId>, about: About, what: What) {
        self.groups
            .entry(crux)
            .or_default()
            .push(Line { about, what });
    }

    fn compare(
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
                // It is what it was, but for the date, what was said and what became stale since.
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
            let fields = fields(
                &before.info().json_to(after.info()),
                &after.info().json_to(before.info()),
            );
            if !fields.is_empty() {
                self.add(None, About::Board, What::Edited(fields));
            }
            return;
        }
        macro_rules! compared {
            ($find:ident, $id:ident, $about:ident, $cruxes:expr) => {
                if let Some((was, is)) = both(before.$find($id(id)), after.$find($id(id))) {
                    let what = match (was, is) {
                        (None, None) => None,
                        (None, Some(_)) => Some(What::Added),
                        (Some(_), None) => Some(What::Gone),
                        (Some(was), Some(is)) => edited(&was.json_to(is), &is.json_to(was)),
                    };
                    let mut cruxes: BTreeSet<Option<CruxId>> = BTreeSet::new();
                    for record in was.into_iter().chain(is) {
                        let of: Vec<CruxId> = $cruxes(record);
                        cruxes.extend(of.into_iter().map(Some));
                    }
                    if cruxes.is_empty() {
                        cruxes.insert(None);
                    }
                    if let Some(what) = what {
                        for crux in cruxes {
                            self.add(crux, About::$about($id(id)), what.clone());
                        }
                    }
                    return self.compare_kept(before, after, id);
                }
            };
        }
        compared!(option, OptionId, Option, |_: &Record<_, _>| Vec::new());
        compared!(person, PersonId, Person, |_: &Record<_, _>| Vec::new());
        compared!(crux, CruxId, Crux, |crux: &Record<CruxId, _>| vec![crux.id]);
        compared!(trigger, TriggerId, Trigger, |t: &Record<
            _,
            crate::record::Trigger,
        >| vec![t.crux]);
        compared!(evidence, EvidenceId, Evidence, |e: &Record<
            _,
            crate::record::Evidence,
        >| {
            e.bears_on.keys().copied().collect()
        });
        compared!(position, PositionId, Position, |p: &Record<
            _,
            crate::record::Position,
        >| vec![p.crux]);
        compared!(follow_up, FollowUpId, FollowUp, |f: &Record<
            _,
            crate::record::FollowUp,
        >| {
            f.crux.into_iter().collect()
        });
        compared!(term, TermId, Term, |_: &Record<_, _>| Vec::new());
        compared!(decision, DecisionId, Decision, |_: &Record<_, _>| Vec::new(
        ));
        compared!(review, ReviewId, Review, |_: &Record<_, _>| Vec::new());
        compared!(round, RoundId, Round, |_: &Record<_, _>| Vec::new());
        let held = |board: &Board| board.recorded_reviews().any(|review| review.id == id);
        match (held(before), held(after)) {
            (false, true) => self.add(None, About::RecordedReview(id), What::Added),
            (true, false) => self.add(None, About::RecordedReview(id), What::Gone),
            _ => {}
        }
    }

    /// What a record keeps besides its fields: judgements, moved goalposts, how it bears on cruxes.
    fn compare_kept(&mut self, before: &Board, after: &Board, id: ChangeId) {
        let trigger = TriggerId(id);
        if let Some((was, Some(is))) = both(before.trigger(trigger), after.trigger(trigger)) {
            let (judged, moved) = was.map_or((&[][..], &[][..]), |was| {
                (&was.judgements[..], &was.goalposts[..])
            });
            for judgement in is.judgements.iter().filter(|one| !judged.contains(one)) {
                let what = What::Judged(judgement.clone());
                self.add(Some(is.crux), About::Trigger(trigger), what);
            }
            for goalpost in is.goalposts.iter().filter(|one| !moved.contains(one)) {
                let what = What::Goalpost(goalpost.clone());
                self.add(Some(is.crux), About::Trigger(trigger), what);
            }
        }
        let evidence = EvidenceId(id);
        if let Some((Some(was), Some(is))) =
            both(before.evidence(evidence), after.evidence(evidence))
        {
            let cruxes: BTreeSet<CruxId> = was
                .bears_on
                .keys()
                .chain(is.bears_on.keys())
                .copied()
                .collect();
            for crux in cruxes {
                let (was, is) = (was.bears_on.get(&crux), is.bears_on.get(&crux));
                if was != is {
                    let what = What::Weighed(was.copied(), is.copied());
                    self.add(Some(crux), About::Evidence(evidence), what);
                }
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

    fn sorted(self, after: &Board) -> Since {
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

/// The state of a trigger that is new and that nothing has happened to yet.
fn new_state(trigger: &Trigger) -> TriggerState {
    if trigger.armed {
        TriggerState::Armed
    } else {
        TriggerState::Draft
    }
}

/// Everybody's latest word on a crux.
type Words<'a> = BTreeMap<PersonId, &'a Record<StatementId, Statement>>;

/// Everybody's latest word on a crux, of what was said up to `moment`.
fn latest(board: &Board, crux: CruxId, moment: ChangeId) -> Words<'_> {
    let statements = board.statements_on(crux).into_iter();
    statements
        .filter(|said| said.id.0 <= moment)
        .map(|said| (said.person, said))
        .collect()
}

/// A record at both moments, without what lies in the trash; `None` when it was never there.
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

/// The fields that an edit sets, and that the edit back sets.
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
