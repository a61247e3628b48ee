//! A snapshot as one reads it: the same words on the screen, on the page and in Markdown.

use chrono::NaiveDate;

use super::{Audience, Depth, Snapshot};
use crate::Credence;
use crate::board::Board;
use crate::date::{day_of, spelled};
use crate::estimate::{Estimate, estimate};
use crate::percent::Figures;
use crate::record::{
    Crux, CruxId, Direction, Evidence, EvidenceId, Mark, OptionId, Position, Record, Restatement,
    Stage, Statement,
};
use crate::text::joined;
use crate::trigger_state::TriggerState;

/// Everything that a snapshot shows, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What it is called.
    pub name: String,
    /// The decision question.
    pub question: String,
    /// "Taken on 23 Nov 2026 by Area lead, for readers inside the organisation."
    pub dated: String,
    /// The day it was taken.
    pub day: NaiveDate,
    /// What one should know first: its maker's note, the board's notice, what it is about.
    pub notes: Vec<String>,
    /// What is not shown, each with its count.
    pub gaps: Vec<String>,
    /// The options: shape, name, meaning.
    pub options: Vec<(Mark, String, String)>,
    /// The cruxes, in the board's order.
    pub cruxes: Vec<CruxReading>,
    /// Terms and what they mean here.
    pub terms: Vec<(String, String)>,
    /// What is owed or awaited.
    pub follow_ups: Vec<String>,
}

/// One crux, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct CruxReading {
    /// In the snapshot's own board.
    pub id: CruxId,
    /// What it is called.
    pub name: String,
    /// The claim.
    pub claim: String,
    /// The shape of the option that it points to.
    pub mark: Mark,
    /// "If true: wind down".
    pub points_to: String,
    /// Words that say more of it, each with what it is about.
    pub payloads: Vec<(&'static str, String)>,
    /// What the group thinks.
    pub estimate: Option<Estimate>,
    /// The same as text.
    pub figures: Option<Figures>,
    /// Each person's latest word.
    pub views: Vec<ViewReading>,
    /// Its triggers.
    pub triggers: Vec<TriggerReading>,
    /// What bears on it, side by side.
    pub sides: Vec<(Direction, Vec<EvidenceReading>)>,
    /// What people outside the board hold.
    pub positions: Vec<String>,
}

/// One person's latest word on a crux.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewReading {
    /// Who.
    pub name: String,
    /// One or two letters for their dot.
    pub initials: String,
    /// How likely.
    pub credence: Credence,
    /// The credence before it.
    pub previous: Option<Credence>,
    /// When.
    pub day: NaiveDate,
    /// Why.
    pub reason: String,
}

/// One trigger, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct TriggerReading {
    /// The shape of the option it speaks for.
    pub mark: Mark,
    /// That option's name.
    pub toward: String,
    /// How it stood.
    pub state: TriggerState,
    /// What it waits for.
    pub headline: String,
    /// Threshold, date, judge, action, judgement.
    pub payloads: Vec<(&'static str, String)>,
}

/// One item of evidence on one crux, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct EvidenceReading {
    /// What it says.
    pub headline: String,
    /// How far it moves the crux, what sort of thing it is, from whom, when.
    pub meta: String,
    /// Its source's own words, if they are another text.
    pub quote: String,
    /// Where it is to be read.
    pub url: String,
}

impl Snapshot {
    /// Everything that it shows, in words.
    #[must_use]
    pub fn reading(&self) -> Reading {
        let board = self.board();
        let by = match self.made_by.as_str() {
            "" => String::new(),
            name => format!(" by {name}"),
        };
        let reader = match self.audience {
            Audience::Internal => "readers inside the organisation",
            Audience::Public => "anybody",
        };
        let shown = board.cruxes().len();
        let part = if shown < self.all_cruxes {
            format!(" It shows {shown} of {} cruxes.", self.all_cruxes)
        } else {
            String::new()
        };
        let depth = match self.depth {
            Depth::Argument => " It holds the argument, without all its details.",
            Depth::Everything => "",
        };
        let aliases = if self.aliases {
            " People go by aliases."
        } else {
            ""
        };
        let stale = if self.without_stale {
            " Stale credences are left out of the figures."
        } else {
            ""
        };
        let day = day_of(self.taken_at);
        let info = board.info();
        let notes = [&self.note, &info.notice, &info.about];
        Reading {
            name: self.name(&board).to_owned(),
            question: info.question.clone(),
            dated: format!(
                "Taken on {}{by}, for {reader}.{part}{depth}{aliases}{stale}",
                spelled(day)
            ),
            day,
            notes: notes
                .into_iter()
                .filter(|note| !note.is_empty())
                .cloned()
                .collect(),
            gaps: self.gaps().collect(),
            options: board
                .options()
                .map(|option| (option.mark(), option.name.clone(), option.means.clone()))
                .collect(),
            cruxes: board
                .cruxes()
                .into_iter()
                .map(|crux| CruxReading::of(self, &board, crux))
                .collect(),
            terms: board
                .terms()
                .map(|term| (term.term.clone(), term.meaning.clone()))
                .collect(),
            follow_ups: board
                .follow_ups()
                .map(|follow_up| {
                    let parts = [
                        follow_up.state().label().to_owned(),
                        follow_up.owner.clone(),
                        dated("by", follow_up.by_date),
                        follow_up.outcome.clone(),
                    ];
                    format!("{} ({})", follow_up.what, joined(&parts, ", "))
                })
                .collect(),
        }
    }
}

impl CruxReading {
    fn of(snapshot: &Snapshot, board: &Board, crux: &Record<CruxId, Crux>) -> Self {
        let views = board.current_views(crux.id, snapshot.taken_at);
        let all = estimate(&views, !snapshot.without_stale);
        let option = crux.if_true.and_then(|id| board.option(id));
        let points_to = option.map_or_else(String::new, |option| {
            joined(
                &[
                    format!("If true: {}", lower(&option.name)),
                    crux.if_true_note.clone(),
                ],
                ", ",
            )
        });
        Self {
            id: crux.id,
            name: crux.name().into_owned(),
            claim: crux.claim.clone(),
            mark: option.map_or(Mark::Other, |option| option.mark()),
            points_to,
            payloads: payloads(board, crux),
            estimate: all,
            figures: all.map(|all| all.figures(&board.credence_rules(crux.id))),
            views: views
                .into_iter()
                .map(|view| {
                    let Statement {
                        person,
                        credence,
                        reason,
                        at,
                        ..
                    } = view.statement;
                    let person = board.person(person);
                    ViewReading {
                        name: person.map(|person| person.name.clone()).unwrap_or_default(),
                        initials: person.map(|person| person.initials()).unwrap_or_default(),
                        credence,
                        previous: view.previous,
                        day: day_of(at),
                        reason,
                    }
                })
                .collect(),
            triggers: board
                .triggers_of(crux.id)
                .map(|trigger| {
                    let judged = trigger.judgement().map(|judged| {
                        joined(
                            &[judged.verdict.label().to_owned(), judged.reason.clone()],
                            ": ",
                        )
                    });
                    TriggerReading {
                        mark: mark(board, trigger.toward),
                        toward: trigger.toward.and_then(|id| board.option(id)).map_or_else(
                            || crate::format::NO_OPTION.into(),
                            |option| option.name.clone(),
                        ),
                        state: snapshot.state(board, trigger),
                        headline: trigger.headline(),
                        payloads: present([
                            ("Threshold", trigger.threshold.clone()),
                            ("Seen in", trigger.source.clone()),
                            ("By", dated("", trigger.by_date)),
                            ("Judge", trigger.judge.clone()),
                            ("Then", trigger.action.clone()),
                            ("Judged", judged.unwrap_or_default()),
                        ]),
                    }
                })
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
        }
    }

    /// The case in one line: the plain one, or else the claim.
    #[must_use]
    pub fn one_line(&self) -> &str {
        let plain = self.payloads.iter().find(|(what, _)| *what == ONE_LINER);
        plain.map_or(&self.claim, |(_, line)| line)
    }
}

const ONE_LINER: &str = "In one line";

fn payloads(board: &Board, crux: &Crux) -> Vec<(&'static str, String)> {
    let bearings = crux.bearings.iter().map(|bearing| {
        joined(
            &[bearing.kind.label().to_owned(), bearing.degree.clone()],
            ": ",
        )
    });
    let mitigations = crux.mitigations.iter().map(|mitigation| {
        let cost = match mitigation.cost.as_str() {
            "" => String::new(),
            cost => format!("cost: {cost}"),
        };
        joined(&[mitigation.what.clone(), cost], "; ")
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
    present([
        ("Stands", stage),
        (ONE_LINER, crux.one_liner.clone()),
        ("Bears on", joined(&bearings.collect::<Vec<_>>(), "; ")),
        ("Importance", word(crux.importance, |w| w.label())),
        (
            "Scope",
            joined(
                &[word(crux.scope, |w| w.label()), crux.scope_note.clone()],
                ": ",
            ),
        ),
        (
            "Specificity",
            joined(
                &[
                    word(crux.specificity, |w| w.label()),
                    crux.wider_class.clone(),
                ],
                ": ",
            ),
        ),
        (
            "Basis",
            joined(
                &[word(crux.basis, |w| w.label()), crux.alternative.clone()],
                ": ",
            ),
        ),
        ("The alternative", crux.hits_alternative.clone()),
        ("Reliance", word(crux.reliance, |w| w.label())),
        (
            "Modality",
            joined(
                &[word(crux.modality, |w| w.label()), crux.due_to.clone()],
                ": ",
            ),
        ),
        ("Conditions", joined(&crux.conditions, "; ")),
        ("Hedge", crux.hedge.clone()),
        (
            "Origin",
            joined(
                &[word(crux.origin, |w| w.label()), crux.sourced_from.clone()],
                ": ",
            ),
        ),
        ("What to do differently", crux.implication.clone()),
        (
            "What could be done",
            joined(&mitigations.collect::<Vec<_>>(), "; "),
        ),
        ("What a test takes", crux.test_cost.clone()),
        (
            "Part of",
            split
                .map(|whole| whole.name().into_owned())
                .unwrap_or_default(),
        ),
        ("Separate from", joined(&separate, ", ")),
        (
            "Looked after by",
            owner.map(|owner| owner.name.clone()).unwrap_or_default(),
        ),
        ("Next look", dated("", crux.review_on)),
        ("Tags", joined(&crux.tags, ", ")),
        ("Notes", crux.note.clone()),
    ])
}

fn item(evidence: &Record<EvidenceId, Evidence>, crux: CruxId) -> EvidenceReading {
    let strength = evidence.bears_on.get(&crux).map(|how| how.strength.label());
    let rivals = evidence.rivals.iter().map(|rival| {
        let weight = match rival.weight.as_str() {
            "" => String::new(),
            weight => format!(" ({weight})"),
        };
        format!("or else: {}{weight}", rival.text)
    });
    let mut parts = vec![
        strength.unwrap_or_default().to_owned(),
        evidence
            .kind
            .map(|kind| kind.label().to_ascii_lowercase())
            .unwrap_or_default(),
        joined(&[evidence.source.clone(), evidence.message.clone()], ", "),
        match evidence.event_date.to_string().as_str() {
            "unknown" => String::new(),
            date => date.to_owned(),
        },
        if evidence.not_in_hand {
            "not obtained".into()
        } else {
            String::new()
        },
    ];
    parts.extend(rivals);
    parts.extend(
        evidence
            .exceptions
            .iter()
            .map(|exception| format!("except: {exception}")),
    );
    EvidenceReading {
        headline: evidence.headline().to_owned(),
        meta: joined(&parts, " · "),
        quote: if evidence.text.is_empty() {
            String::new()
        } else {
            evidence.quote.clone()
        },
        url: evidence.url.clone(),
    }
}

fn held(position: &Position) -> String {
    let number = position.credence.map(|credence| {
        let whose = if position.assigned {
            ", a number of ours"
        } else {
            ""
        };
        format!("{}{whose}", credence.shown())
    });
    let quote = match position.quote.as_str() {
        "" => String::new(),
        quote => format!("“{quote}”"),
    };
    let restated = match position.restatement {
        None | Some(Restatement::NotAsked) => String::new(),
        Some(restated) => format!("our wording: {}", restated.label().to_ascii_lowercase()),
    };
    let parts = [
        position
            .holding
            .map(|holding| holding.label().to_ascii_lowercase())
            .unwrap_or_default(),
        position
            .grounds
            .map(|grounds| grounds.label().to_ascii_lowercase())
            .unwrap_or_default(),
        number.unwrap_or_default(),
        quote,
        position.hedge.clone(),
        restated,
        position.note.clone(),
    ];
    joined(&[position.holder.clone(), joined(&parts, "; ")], ": ")
}

fn mark(board: &Board, option: Option<OptionId>) -> Mark {
    option
        .and_then(|id| board.option(id))
        .map_or(Mark::Other, |option| option.mark())
}

fn present<const N: usize>(payloads: [(&'static str, String); N]) -> Vec<(&'static str, String)> {
    payloads
        .into_iter()
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

fn dated(word: &str, day: Option<NaiveDate>) -> String {
    day.map(|day| joined(&[word.to_owned(), spelled(day)], " "))
        .unwrap_or_default()
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    first.chain(letters).collect()
}
