//! One crux of a snapshot, in words.

use chrono::NaiveDate;

use super::item::{EvidenceReading, item};
use super::{OutsideReading, dated, if_true_words, lower, mark, present};
use crate::Credence;
use crate::board::{Board, CurrentView};
use crate::estimate::{Estimate, estimate};
use crate::percent::Figures;
use crate::pointing::{Ends, ScaleEnds};
use crate::record::{
    Crux, CruxId, Direction, Mark, Position, Record, Restatement, Stage, Statement, Trigger,
    TriggerId,
};
use crate::snapshot::Snapshot;
use crate::text::joined;
use crate::translation::{in_sentence, translated};
use crate::trigger_state::TriggerState;
use crate::{t, translatable};

/// One crux, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct CruxReading {
    /// The id in the snapshot's own board.
    pub id: CruxId,
    /// The title or claim.
    pub name: String,
    /// Whether it has a title. Otherwise the name is the beginning of the claim.
    pub has_title: bool,
    /// The claim.
    pub claim: String,
    /// The kind of the option that it points to.
    pub mark: Mark,
    /// The options that credences of 0% and of 100% support.
    pub ends: ScaleEnds,
    /// That option and the form in which it is meant: "wind down, in half a year".
    pub if_true: String,
    /// The sentence about that option: "If true: wind down".
    pub points_to: String,
    /// Further texts, each with its label.
    pub payloads: Vec<(&'static str, String)>,
    /// The group's estimate.
    pub estimate: Option<Estimate>,
    /// The figures of the estimate as text.
    pub figures: Option<Figures>,
    /// Each person's latest credence.
    pub views: Vec<ViewReading>,
    /// Its triggers.
    pub triggers: Vec<TriggerReading>,
    /// The evidence, by direction.
    pub sides: Vec<(Direction, Vec<EvidenceReading>)>,
    /// The positions of people outside the board.
    pub positions: Vec<String>,
    /// The credences that people outside the board stated. They do not count in the estimate.
    pub outside: Vec<OutsideReading>,
}

/// One person's latest credence in a crux.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewReading {
    /// The person's name.
    pub name: String,
    /// The initials, different from those of the others: one to three characters, or with a number.
    pub initials: String,
    /// The number of the person's colour.
    pub colour: usize,
    /// The credence.
    pub credence: Credence,
    /// The previous credence.
    pub previous: Option<Credence>,
    /// The date.
    pub day: NaiveDate,
    /// Whether it was stated on other words than the claim has now.
    pub is_on_other_words: bool,
    /// The reason.
    pub reason: String,
}

/// One trigger, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct TriggerReading {
    /// The kind of the option that it supports.
    pub mark: Mark,
    /// The name of that option.
    pub toward: String,
    /// The state when the snapshot was taken.
    pub state: TriggerState,
    /// The condition, in one line.
    pub headline: String,
    /// Threshold, date, judge, action and outcome, each with its label.
    pub payloads: Vec<(&'static str, String)>,
}

impl CruxReading {
    pub(super) fn of(snapshot: &Snapshot, board: &Board, crux: &Record<CruxId, Crux>) -> Self {
        let views = board.current_views(crux.id, snapshot.taken_at);
        let all = estimate(board, &views, !snapshot.without_stale);
        let option = crux.if_true.and_then(|id| board.option(id));
        let if_true = option.map_or_else(String::new, |option| {
            joined(&[lower(&option.name), crux.if_true_note.clone()], ", ")
        });
        let points_to = match option {
            Some(_) => t!("If true: {option}", option = if_true),
            None => String::new(),
        };
        Self {
            id: crux.id,
            name: crux.name().into_owned(),
            has_title: !crux.title.is_empty(),
            claim: crux.claim.clone(),
            mark: option.map_or(Mark::Other, |option| option.mark()),
            ends: Ends::of(board, crux).named(board),
            if_true,
            points_to,
            payloads: payloads(board, crux.id, crux),
            estimate: all,
            figures: all.map(|all| all.figures(&board.credence_rules(crux.id))),
            views: views
                .into_iter()
                .map(|view| ViewReading::of(snapshot, board, view))
                .collect(),
            triggers: board
                .triggers_of(crux.id)
                .map(|trigger| TriggerReading::of(snapshot, board, trigger))
                .collect(),
            sides: Direction::ALL
                .iter()
                .map(|side| {
                    let bearing = board.evidence_on(crux.id).filter(|evidence| {
                        evidence
                            .bears_on
                            .get(&crux.id)
                            .is_some_and(|how| how.direction == *side)
                    });
                    (
                        *side,
                        bearing.map(|evidence| item(evidence, crux.id)).collect(),
                    )
                })
                .collect(),
            positions: board
                .positions_on(crux.id)
                .map(|position| held(position))
                .collect(),
            outside: OutsideReading::on(board, crux.id),
        }
    }
}

impl ViewReading {
    fn of(snapshot: &Snapshot, board: &Board, view: CurrentView) -> Self {
        let Statement {
            person,
            credence,
            reason,
            at,
            ..
        } = view.statement;
        let initials = board.initials(person);
        let person = board.person(person);
        Self {
            name: person.map(|person| person.name.clone()).unwrap_or_default(),
            initials,
            colour: person.map_or(0, |person| board.person_place(person.id)),
            credence,
            previous: view.previous,
            day: at.day(),
            is_on_other_words: snapshot.other_words.contains(&view.id),
            reason,
        }
    }

    /// Returns the reason, with a mark if the claim has been reworded since.
    #[must_use]
    pub fn why(&self) -> String {
        let mark = match self.is_on_other_words {
            true => t!("(stated on other words)"),
            false => "",
        };
        joined(&[self.reason.clone(), mark.to_owned()], " ")
    }
}

impl TriggerReading {
    fn of(snapshot: &Snapshot, board: &Board, trigger: &Record<TriggerId, Trigger>) -> Self {
        let judged = trigger.judgement().map(|judged| {
            joined(
                &[judged.verdict.label().to_owned(), judged.reason.clone()],
                ": ",
            )
        });
        Self {
            mark: mark(board, trigger.toward),
            toward: trigger.toward.and_then(|id| board.option(id)).map_or_else(
                || translated(crate::format::NO_OPTION).into(),
                |option| option.name.clone(),
            ),
            state: snapshot.state(board, trigger),
            headline: trigger.headline(),
            payloads: present([
                (t!("Threshold"), trigger.threshold.clone()),
                (t!("Seen in"), trigger.source.clone()),
                (t!("date" => "By"), dated(trigger.by_date)),
                (t!("Judge"), trigger.judge.clone()),
                (t!("Then"), trigger.action.clone()),
                (t!("Judged"), judged.unwrap_or_default()),
            ]),
        }
    }
}

pub(super) const ONE_LINER: &str = translatable!("In one line");

fn payloads(board: &Board, id: CruxId, crux: &Crux) -> Vec<(&'static str, String)> {
    let bearings = crux.bearings.iter().map(|bearing| {
        joined(
            &[bearing.kind.label().to_owned(), bearing.degree.clone()],
            ": ",
        )
    });
    let separate = crux.separate_from.iter().filter_map(|id| board.crux(*id));
    let separate: Vec<String> = separate.map(|other| other.name().into_owned()).collect();
    let split = crux.split_from.and_then(|id| board.crux(id));
    let owner = crux.owner.and_then(|id| board.person(id));
    let stage = match crux.stage() {
        Stage::Open => String::new(),
        stage => joined(&[stage.label().to_owned(), crux.stage_reason.clone()], ": "),
    };
    fn word<T: Copy>(word: Option<T>, label: fn(T) -> &'static str) -> String {
        word.map(label).unwrap_or_default().to_owned()
    }
    let more = |word: String, more: &str| joined(&[word, more.to_owned()], ": ");
    present([
        (t!("Stands"), stage),
        (translated(ONE_LINER), crux.one_liner.clone()),
        (t!("Bears on"), joined(&bearings.collect::<Vec<_>>(), "; ")),
        (t!("Importance"), word(crux.importance, |w| w.label())),
        (
            t!("Scope"),
            more(word(crux.scope, |w| w.label()), &crux.scope_note),
        ),
        (
            t!("Specificity"),
            more(word(crux.specificity, |w| w.label()), &crux.wider_class),
        ),
        (
            t!("Basis"),
            more(word(crux.basis, |w| w.label()), &crux.alternative),
        ),
        (t!("The alternative"), crux.hits_alternative.clone()),
        (t!("Reliance"), word(crux.reliance, |w| w.label())),
        (
            t!("Modality"),
            more(word(crux.modality, |w| w.label()), &crux.due_to),
        ),
        (t!("Conditions"), joined(&crux.conditions, "; ")),
        (t!("Hedge"), crux.hedge.clone()),
        (
            t!("Origin"),
            more(word(crux.origin, |w| w.label()), &crux.sourced_from),
        ),
        (t!("What to do differently"), crux.implication.clone()),
        (t!("What could be done"), mitigation_words(crux)),
        (t!("What a test takes"), crux.test_cost.clone()),
        (t!("Resolution criteria"), crux.resolution.clone()),
        (t!("To be judged by"), dated(crux.judge_by)),
        (
            t!("Base rate"),
            more(
                crux.base_rate.map(Credence::shown).unwrap_or_default(),
                &crux.reference_class,
            ),
        ),
        (
            t!("How likely options are right if it is true"),
            if_true_words(board, id),
        ),
        (
            t!("Part of"),
            split
                .map(|whole| whole.name().into_owned())
                .unwrap_or_default(),
        ),
        (t!("Separate from"), joined(&separate, ", ")),
        (
            t!("Looked after by"),
            owner.map(|owner| owner.name.clone()).unwrap_or_default(),
        ),
        (t!("Next look"), dated(crux.review_on)),
        (t!("Tags"), joined(&crux.tags, ", ")),
        (t!("Notes"), crux.note.clone()),
    ])
}

/// Describes the mitigations: "Write to them; cost: a day".
fn mitigation_words(crux: &Crux) -> String {
    let mitigations = crux.mitigations.iter().map(|mitigation| {
        let cost = match mitigation.cost.as_str() {
            "" => String::new(),
            cost => t!("cost: {cost}", cost),
        };
        joined(&[mitigation.what.clone(), cost], "; ")
    });
    joined(&mitigations.collect::<Vec<_>>(), "; ")
}

fn held(position: &Position) -> String {
    let number = position.credence.map(|credence| {
        let credence = credence.shown();
        match position.assigned {
            true => t!("{credence}, a number of ours", credence),
            false => credence,
        }
    });
    let quote = match position.quote.as_str() {
        "" => String::new(),
        quote => t!("“{text}”", text = quote),
    };
    let restated = match position.restatement {
        None | Some(Restatement::NotAsked) => String::new(),
        Some(restated) => t!(
            "our wording: {state}",
            state = in_sentence(restated.label())
        ),
    };
    let parts = [
        position
            .holding
            .map(|holding| in_sentence(holding.label()))
            .unwrap_or_default(),
        position
            .grounds
            .map(|grounds| in_sentence(grounds.label()))
            .unwrap_or_default(),
        number.unwrap_or_default(),
        quote,
        position.hedge.clone(),
        restated,
        position.note.clone(),
    ];
    joined(&[position.holder.clone(), joined(&parts, "; ")], ": ")
}
