//! Random worlds: a few devices that issue commands, exchange part of their changes, and receive changes that
//! no correct copy of the app would have made.
//!
//! A world is played from a list of small numbers, so that a failing world shrinks to the few steps that
//! matter.

use std::collections::BTreeMap;
use std::time::Duration;

use cruxboard_domain::board::Board;
use cruxboard_domain::change::{
    Change, Edited, EvidenceWeighed, Payload, ReviewHeld, ReviewNoted, RoundClosed, RoundRevealed,
    RoundSaid, RoundSealed, TriggerJudged,
};
use cruxboard_domain::date::{DAY, Now};
use cruxboard_domain::decide::{Command, Issuer, JointMove, Move, OptionMove, decide};
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::log::Entry;
use cruxboard_domain::record::*;
use cruxboard_domain::round::SealedAnswers;
use cruxboard_domain::undo::UndoStack;
use cruxboard_domain::{ChangeId, Credence, Millis};
use proptest::prelude::*;

pub(crate) const NOW: Millis = Millis(1_795_424_400_000);
const DEVICES: usize = 3;

/// One step, as numbers: the device, the action and two parameters of the action.
pub(crate) type Step = (u8, u8, u8, u8);

/// The kinds of steps: only those of honest devices, or also hostile changes.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Manners {
    Honest,
    Hostile,
}

/// Returns lists of steps. The highest numbers are hostile changes, so shrinking turns them into honest ones.
pub(crate) fn steps(manners: Manners) -> impl Strategy<Value = Vec<Step>> {
    let kinds = match manners {
        Manners::Honest => HONEST_KINDS,
        Manners::Hostile => HONEST_KINDS + HOSTILE_KINDS,
    };
    prop::collection::vec(
        (0..DEVICES as u8, 0..kinds, any::<u8>(), any::<u8>()),
        1..45,
    )
}

const HONEST_KINDS: u8 = 49;
const HOSTILE_KINDS: u8 = 12;

/// One device: its copy of the board, its clock and its undo stack.
pub(crate) struct Device {
    pub(crate) board: Board,
    pub(crate) clock: Clock,
    pub(crate) undo: UndoStack,
    /// The changes of each action on this device, earliest first.
    pub(crate) actions: Vec<Vec<ChangeId>>,
}

pub(crate) struct World {
    pub(crate) devices: Vec<Device>,
    /// All changes that were made, in order.
    pub(crate) made: Vec<Entry>,
    now: Millis,
    serial: usize,
}

impl World {
    pub(crate) fn play(steps: &[Step]) -> Self {
        let devices = (0..DEVICES as u32)
            .map(|n| Device {
                board: Board::default(),
                clock: Clock::new(Replica::new(n + 1, 1)),
                undo: UndoStack::of(&Default::default(), n + 1),
                actions: Vec::new(),
            })
            .collect();
        let mut world = Self {
            devices,
            made: Vec::new(),
            now: NOW,
            serial: 0,
        };
        // Without a crux and a person, most commands would be refused.
        let crux = CruxEdit {
            claim: Some("w0w is so".into()),
            ..CruxEdit::default()
        };
        world.act(
            0,
            Command::AddCrux {
                crux,
                triggers: Vec::new(),
            },
        );
        world.act(
            0,
            Command::AddPerson(PersonEdit {
                name: Some("w00w".into()),
                ..PersonEdit::default()
            }),
        );
        for other in 1..DEVICES {
            world.pass_on(0, other, u8::MAX);
        }
        for step in steps {
            world.step(*step);
        }
        world
    }

    /// Returns a board with all changes that were made.
    pub(crate) fn all(&self) -> Board {
        self.made.iter().cloned().collect()
    }

    fn step(&mut self, (device, kind, a, b): Step) {
        let who = usize::from(device) % DEVICES;
        self.serial += 1;
        // Clocks stand still, jump and run backwards.
        self.now = match a % 8 {
            0 => self.now,
            1 => self.now - Duration::from_secs(100),
            2 => self.now + DAY,
            _ => self.now + Duration::from_secs(1),
        };
        match kind {
            0..=43 => {
                if let Some(command) = self.command(who, kind, a, b) {
                    self.act(who, command);
                }
            }
            44 => {
                let next = self.devices[who].undo.next_undo().map(<[ChangeId]>::to_vec);
                if let Some(changes) = next {
                    self.act(who, Command::Retract(changes));
                }
            }
            45 => {
                let next = self.devices[who].undo.next_redo().map(|(by, _)| by);
                if let Some(by) = next {
                    self.act(who, Command::Retract(by));
                }
            }
            46..HONEST_KINDS => self.pass_on(usize::from(a) % DEVICES, who, b),
            _ => {
                if let Some(entry) = self.hostile(who, kind - HONEST_KINDS, a, b) {
                    self.made.push(entry.clone());
                    self.devices[who].board.apply_entry(entry);
                }
            }
        }
    }

    fn act(&mut self, who: usize, command: Command) {
        let device = &mut self.devices[who];
        let by = device.board.people().next().map(|person| person.id);
        let mut issuer = Issuer {
            by,
            now: Now::utc(self.now),
            clock: &mut device.clock,
        };
        let Ok(changes) = decide(&device.board, command, &mut issuer) else {
            return;
        };
        for change in &changes {
            device.board.apply(change.clone());
            device.undo.note(change);
            self.made.push(change.clone().into());
        }
        device
            .actions
            .push(changes.iter().map(|change| change.id).collect());
    }

    /// Passes part of one device's changes to another, in the order of the log.
    fn pass_on(&mut self, from: usize, to: usize, part: u8) {
        let some: Vec<Entry> = self.devices[from]
            .board
            .log()
            .entries()
            .enumerate()
            .filter(|(place, _)| {
                part == u8::MAX || (place * 37 + usize::from(part)).is_multiple_of(3)
            })
            .map(|(_, entry)| entry.clone())
            .collect();
        let device = &mut self.devices[to];
        for entry in some {
            device.clock.observe(entry.id());
            let change = entry.known().cloned();
            if device.board.apply_entry(entry).is_new
                && let Some(change) = change
            {
                device.undo.note(&change);
            }
        }
    }

    /// Returns a text that no other step writes.
    fn text(&self) -> String {
        format!("w{}w", self.serial)
    }

    fn pick(&self, who: usize, a: u8) -> Option<ChangeId> {
        let log = self.devices[who].board.log();
        (!log.is_empty()).then(|| {
            let place = usize::from(a) * log.len() / 256;
            log.entries().nth(place).map(Entry::id)
        })?
    }

    fn command(&self, who: usize, kind: u8, a: u8, b: u8) -> Option<Command> {
        let board = &self.devices[who].board;
        let text = self.text();
        let crux = || nth(board.cruxes().into_iter().map(|c| c.id), a);
        let person = || nth(board.people().map(|p| p.id), b);
        let trigger = || nth(board.triggers().map(|t| t.id), a);
        let evidence = || nth(board.all_evidence().map(|e| e.id), a);
        let option = || nth(board.options().map(|o| o.id), b);
        let bears_on = BearsOn {
            direction: Direction::ALL[usize::from(b) % 3],
            strength: Strength::ALL[usize::from(a) % 3],
        };
        let moved = || {
            Some(Move {
                crux: crux()?,
                person: person()?,
                credence: Credence::clamped(f64::from(b) / 2.0),
                reason: text.clone(),
            })
        };
        let crux_edit = || CruxEdit {
            title: (a & 1 > 0).then(|| text.clone()),
            if_true: (a & 2 > 0).then(option),
            tags: (a & 4 > 0).then(|| vec![text.clone(); usize::from(b % 3)]),
            stage: (a & 8 > 0).then_some(Some(Stage::ALL[usize::from(b) % 4])),
            stage_reason: (a & 8 > 0).then(|| text.clone()),
            owner: (a & 16 > 0).then(person),
            review_on: (a & 32 > 0).then(|| "2027-01-15".parse().ok()),
            usually_missed: (a & 64 > 0).then_some(b & 1 > 0),
            judge_by: (a & 64 > 0).then(|| "2027-03-01".parse().ok()),
            base_rate: (a & 128 > 0).then_some(Some(Credence::clamped(f64::from(b) / 3.0))),
            ..CruxEdit::default()
        };
        let trigger_edit = || TriggerEdit {
            toward: (a & 1 > 0).then(option),
            armed: (a & 2 > 0).then_some(b & 1 > 0),
            threshold: (a & 4 > 0).then(|| text.clone()),
            by_date: (a & 8 > 0).then(|| "2027-06-30".parse().ok().filter(|_| b & 2 > 0)),
            rule: (a & 16 > 0).then_some((b & 4 > 0).then_some(CredenceRule {
                measure: Measure::ALL[usize::from(b) % 2],
                comparison: Comparison::ALL[usize::from(a) % 2],
                value: Credence::clamped(f64::from(b) / 3.0),
                reviews: b % 3,
            })),
            quorum: (a & 128 > 0).then_some((b & 8 > 0).then_some(u16::from(b % 4))),
            if_met: (a & 32 > 0).then_some(Shows::ALL.get(usize::from(b) % 3).copied()),
            if_not_met: (a & 64 > 0).then_some(Shows::ALL.get(usize::from(a) % 3).copied()),
            ..TriggerEdit::default()
        };
        Some(match kind {
            0 | 1 => Command::AddCrux {
                crux: CruxEdit {
                    claim: Some(text.clone()),
                    ..crux_edit()
                },
                triggers: vec![
                    TriggerEdit {
                        observable: Some(text.clone()),
                        ..trigger_edit()
                    };
                    usize::from(b % 3)
                ],
            },
            2 => Command::EditCrux(Edited {
                of: crux()?,
                set: crux_edit(),
                reason: text,
            }),
            3 => Command::MoveCrux {
                crux: crux()?,
                after: nth(board.cruxes().into_iter().map(|c| c.id), b),
            },
            4 => Command::SplitCrux {
                crux: crux()?,
                keep: text.clone(),
                part: CruxEdit {
                    claim: Some(text),
                    ..CruxEdit::default()
                },
            },
            5 => Command::AddTrigger(TriggerEdit {
                crux: Some(crux()?),
                observable: Some(text.clone()),
                ..trigger_edit()
            }),
            6 => Command::EditTrigger(Edited {
                of: trigger()?,
                set: trigger_edit(),
                reason: text,
            }),
            7 => Command::JudgeTrigger {
                trigger: trigger()?,
                verdict: Verdict::ALL[usize::from(b) % Verdict::ALL.len()],
                reason: text,
                evidence: evidence().into_iter().collect(),
            },
            8 | 9 => Command::FileEvidence {
                evidence: EvidenceEdit {
                    text: Some(text.clone()),
                    ..EvidenceEdit::default()
                },
                bears_on: crux().into_iter().map(|crux| (crux, bears_on)).collect(),
                moves: moved().into_iter().take(usize::from(b % 2)).collect(),
            },
            10 => Command::EditEvidence(Edited {
                of: evidence()?,
                set: EvidenceEdit {
                    quote: Some(text.clone()),
                    visibility: Some(Some(Visibility::ALL[usize::from(b) % 3])),
                    event_date: Some("2026-11".parse().ok()?),
                    ..EvidenceEdit::default()
                },
                reason: text,
            }),
            11 => Command::WeighEvidence {
                evidence: evidence()?,
                crux: nth(board.cruxes().into_iter().map(|c| c.id), b)?,
                bears_on: (!b.is_multiple_of(4)).then_some(bears_on),
            },
            12 => Command::StateOptionCredence {
                moved: {
                    let moved = moved()?;
                    OptionMove {
                        option: nth(board.options().map(|option| option.id), a)?,
                        if_true: (b & 1 > 0).then_some(moved.crux),
                        person: moved.person,
                        credence: moved.credence,
                        reason: moved.reason,
                    }
                },
                evidence: evidence().into_iter().collect(),
            },
            13 if b.is_multiple_of(3) => Command::StateJointCredence {
                moved: {
                    let moved = moved()?;
                    let other = nth(board.cruxes().into_iter().map(|crux| crux.id), b)?;
                    JointMove {
                        option: nth(board.options().map(|option| option.id), a)?,
                        given: [(moved.crux, b & 2 > 0), (other, b & 4 > 0)]
                            .map(|(crux, is_true)| Given { crux, is_true }),
                        person: moved.person,
                        credence: moved.credence,
                        reason: moved.reason,
                    }
                },
                evidence: evidence().into_iter().collect(),
            },
            13..=14 => Command::StateCredence {
                moved: moved()?,
                evidence: evidence().into_iter().collect(),
            },
            15 => Command::Reaffirm {
                crux: crux()?,
                person: person()?,
            },
            16 => Command::Explain {
                statement: match board.option_credences().last() {
                    Some(said) if b & 1 > 0 => StatementId(said.id.0),
                    _ => board.statements_on(crux()?).last()?.id,
                },
                reason: text,
                evidence: Vec::new(),
            },
            17 => Command::RecordPosition(PositionEdit {
                crux: Some(crux()?),
                holder: Some(text),
                ..PositionEdit::default()
            }),
            18 => Command::EditPosition(Edited {
                of: board.positions_on(crux()?).next()?.id,
                set: PositionEdit {
                    crux: (b & 1 > 0).then(crux).flatten(),
                    credence: Some((b & 2 > 0).then_some(Credence::HALF)),
                    note: Some(text.clone()),
                    ..PositionEdit::default()
                },
                reason: text,
            }),
            19 => Command::AddFollowUp(FollowUpEdit {
                what: Some(text),
                crux: Some(crux()),
                ..FollowUpEdit::default()
            }),
            20 => Command::EditFollowUp(Edited {
                of: nth(board.follow_ups().map(|f| f.id), b)?,
                set: FollowUpEdit {
                    crux: Some(crux()),
                    outcome: Some(text.clone()),
                    ..FollowUpEdit::default()
                },
                reason: String::new(),
            }),
            21 => Command::DefineTerm(TermEdit {
                term: Some(text),
                ..TermEdit::default()
            }),
            22 => Command::HoldReview(ReviewHeld {
                people: person().into_iter().collect(),
                note: text,
            }),
            23 | 24 => Command::Trash(self.pick(who, a)?),
            25 => Command::Restore(nth(board.trash().into_iter().map(|(id, ..)| id), a)?),
            26 => Command::AddPerson(PersonEdit {
                name: Some(text),
                left_on: (a & 1 > 0).then(|| "2026-12-05".parse().ok()),
                ..PersonEdit::default()
            }),
            27 => Command::Describe(BoardInfoEdit {
                question: (a & 1 > 0).then(|| text.clone()),
                notice: Some(text),
                pooling: (a & 2 > 0).then(|| Pooling::ALL.get(usize::from(b) % 5).copied()),
                weighting: (a & 4 > 0).then(|| Weighting::ALL.get(usize::from(b) % 3).copied()),
                ..BoardInfoEdit::default()
            }),
            28 => Command::AddOption(BoardOptionEdit {
                name: Some(text),
                ..BoardOptionEdit::default()
            }),
            // The action is not necessarily the latest one.
            29 => Command::Retract(nth(self.devices[who].actions.iter(), a)?.clone()),
            30 => Command::RecordDecision {
                decision: DecisionEdit {
                    option: Some(option()),
                    why: Some(text.clone()),
                    until: Some("2027-01-15".parse().ok().filter(|_| b & 1 > 0)),
                    voices: Some(
                        person()
                            .into_iter()
                            .map(|person| Voice {
                                person,
                                agrees: b & 2 > 0,
                                reason: text.clone(),
                            })
                            .collect(),
                    ),
                    answers: Some(trigger().into_iter().collect()),
                    ..DecisionEdit::default()
                },
                actions: vec![
                    FollowUpEdit {
                        what: Some(text),
                        ..FollowUpEdit::default()
                    };
                    usize::from(b & 4 > 0)
                ],
            },
            31 => Command::EditDecision(Edited {
                of: nth(board.decisions().map(|d| d.id), a)?,
                set: DecisionEdit {
                    reversal: Some(text),
                    reversed_by: Some(trigger().into_iter().collect()),
                    ..DecisionEdit::default()
                },
                reason: String::new(),
            }),
            32 => Command::StartReview(ReviewEdit {
                here: Some(person().into_iter().collect()),
                agenda: Some(
                    crux()
                        .into_iter()
                        .map(|crux| AgendaItem {
                            crux,
                            minutes: u16::from(b),
                        })
                        .collect(),
                ),
                ..ReviewEdit::default()
            }),
            33 if b & 1 > 0 => Command::EditReview(Edited {
                of: nth(board.reviews().map(|m| m.id), a)?,
                set: ReviewEdit {
                    note: (b & 2 > 0).then_some(text),
                    note_is_public: Some(b & 4 > 0),
                    ..ReviewEdit::default()
                },
                reason: String::new(),
            }),
            33 => Command::NoteInReview(ReviewNoted {
                review: nth(board.reviews().map(|m| m.id), a)?,
                crux: crux()?,
                text,
                is_public: b & 4 > 0,
            }),
            34 if b & 7 == 0 => Command::ReopenReview(nth(board.reviews().map(|m| m.id), a)?),
            34 => Command::CloseReview(nth(board.reviews().map(|m| m.id), a)?),
            35 => Command::OpenRound(RoundEdit {
                cruxes: Some(crux().into_iter().collect()),
                people: Some(person().into_iter().collect()),
                held_at: Some(nth(board.reviews().map(|m| m.id), b)),
                in_options: Some(
                    nth(board.options().map(|option| option.id), b)
                        .filter(|_| b & 2 > 0)
                        .map(|option| OptionQuestion {
                            option,
                            if_true: crux().filter(|_| b & 4 > 0),
                        })
                        .into_iter()
                        .collect(),
                ),
            }),
            36 => Command::SayInRound(RoundSaid {
                round: nth(board.rounds().map(|r| r.id), a)?,
                text,
            }),
            37 => {
                let (round, person) = (nth(board.rounds().map(|r| r.id), a)?, person()?);
                let sealed = answer_of(board, round, person);
                Command::SealAnswers(RoundSealed {
                    round,
                    person,
                    seal: sealed.seal(round, person),
                })
            }
            38 => Command::CloseRound(nth(board.rounds().map(|r| r.id), a)?),
            39 => {
                let (round, person) = (nth(board.rounds().map(|r| r.id), a)?, person()?);
                Command::RevealAnswers {
                    round,
                    person,
                    sealed: answer_of(board, round, person),
                }
            }
            40 => Command::TakeIn(vec![Change {
                id: ChangeId::new(Millis(1), 0, Replica::default()),
                by: None,
                part_of: None,
                payload: Payload::MessageListed(Box::new(MessageEdit {
                    author: Some(text.clone()),
                    text: Some(text),
                    ..MessageEdit::default()
                })),
            }]),
            41 => Command::EditMessage(Edited {
                of: nth(board.messages().map(|m| m.id), a)?,
                set: MessageEdit {
                    is_read: Some(b & 1 > 0),
                    text: (b & 2 > 0).then_some(text),
                    ..MessageEdit::default()
                },
                reason: String::new(),
            }),
            42 if b & 1 > 0 => Command::EditBriefSeen(Edited {
                of: nth(board.brief_reads().map(|v| v.id), a)?,
                set: BriefReadEdit {
                    note: Some(text),
                    ..BriefReadEdit::default()
                },
                reason: String::new(),
            }),
            42 => Command::NoteBriefSeen(BriefReadEdit {
                who: Some(text),
                ..BriefReadEdit::default()
            }),
            _ => Command::Redact(self.pick(who, a).into_iter().collect()),
        })
    }

    /// Returns a change that no correct copy of the app would make.
    fn hostile(&self, who: usize, kind: u8, a: u8, b: u8) -> Option<Entry> {
        let log = self.devices[who].board.log();
        let text = self.text();
        let at = |at: Millis, counter: u32| {
            ChangeId::new(at, counter, Replica::new(99, self.serial as u32))
        };
        let mut id = at(self.now, 0);
        let any = self.pick(who, a)?;
        let other = self.pick(who, b)?;
        let wrong_noun = |of: ChangeId| match b % 10 {
            0 => Payload::CruxEdited(Box::new(Edited {
                of: CruxId(of),
                set: CruxEdit {
                    title: Some(text.clone()),
                    ..CruxEdit::default()
                },
                reason: String::new(),
            })),
            1 => Payload::TriggerEdited(Box::new(Edited {
                of: TriggerId(of),
                set: TriggerEdit {
                    crux: Some(CruxId(other)),
                    armed: Some(true),
                    ..TriggerEdit::default()
                },
                reason: String::new(),
            })),
            2 => Payload::EvidenceWeighed(EvidenceWeighed {
                evidence: EvidenceId(of),
                crux: CruxId(other),
                bears_on: Some(BearsOn {
                    direction: Direction::For,
                    strength: Strength::Slight,
                }),
            }),
            3 => Payload::TriggerJudged(Box::new(TriggerJudged {
                trigger: TriggerId(of),
                verdict: Verdict::Met,
                reason: text.clone(),
                evidence: vec![EvidenceId(other)],
                settles: vec![other],
            })),
            4 => Payload::Trashed(of),
            5 => Payload::Restored(of),
            6 => Payload::PersonEdited(Box::new(Edited {
                of: PersonId(of),
                set: PersonEdit {
                    name: Some(text.clone()),
                    ..PersonEdit::default()
                },
                reason: String::new(),
            })),
            7 => Payload::FollowUpEdited(Box::new(Edited {
                of: FollowUpId(of),
                set: FollowUpEdit {
                    crux: Some(Some(CruxId(of))),
                    ..FollowUpEdit::default()
                },
                reason: String::new(),
            })),
            // The text is no hash, as a seal would be.
            8 if b & 2 > 0 => Payload::RoundSealed(Box::new(RoundSealed {
                round: RoundId(of),
                person: PersonId(other),
                seal: text.clone(),
            })),
            8 => Payload::RoundClosed(Box::new(RoundClosed {
                round: RoundId(of),
                without: vec![PersonId(other)],
                seals: (b & 4 > 0).then(|| vec![other]),
            })),
            // An answer that comes too early, belongs to nobody, and differs from the sealed one.
            _ => Payload::RoundRevealed(Box::new(RoundRevealed {
                round: RoundId(of),
                person: PersonId(other),
                salt: text.clone(),
                answers: vec![Answer {
                    topic: Topic::Crux(CruxId(other)),
                    credence: Credence::HALF,
                    reason: text.clone(),
                    reason_seal: String::new(),
                }],
            })),
        };
        let payload = match kind {
            0 => wrong_noun(any),
            // A change of a record that does not exist.
            1 => wrong_noun(at(Millis(7), 7)),
            // A retraction of later changes, of itself and of another one: cycles, if those were possible.
            2 => Payload::Retracted(vec![
                any,
                id,
                at(self.now + Duration::from_secs(1), 0),
                at(self.now + DAY, 0),
            ]),
            // Retractions of retractions.
            3 => {
                let last = log
                    .changes()
                    .rev()
                    .find(|c| matches!(c.payload, Payload::Retracted(_)));
                Payload::Retracted(vec![last.map_or(any, |last| last.id)])
            }
            // An erasure of a change that cannot be erased, and of one that does not exist yet.
            4 => {
                let last = log.changes().rev().find(|c| c.payload.is_about_changes());
                Payload::Redacted(vec![
                    last.map_or(any, |last| last.id),
                    at(self.now + Duration::from_secs(1), 0),
                ])
            }
            // Other content under an id that is taken.
            5 => {
                id = any;
                match b % 5 {
                    0 => Payload::Retracted(vec![other]),
                    1 => Payload::Redacted(vec![other]),
                    2 => Payload::Blank,
                    3 => Payload::BoardDescribed(Box::new(BoardInfoEdit {
                        about: Some(text),
                        ..BoardInfoEdit::default()
                    })),
                    _ => wrong_noun(other),
                }
            }
            6 => {
                id = if b & 1 > 0 { any } else { id };
                let json = format!(
                    r#"{{ "id":"{id}","fact":{{"from-the-future":[{{"a":1}},{{"id":"{other}"}},{{"id":"{text}"}}]}} }}"#
                );
                return Some(Entry::from_json(&json).unwrap());
            }
            7 => {
                let json = format!(
                    r#"{{"id":"{id}","fact":{{"crux-edited":{{"of":"{any}","set":{{"title":"{text}","colour":"red"}}}}}}}}"#
                );
                return Some(Entry::from_json(&json).unwrap());
            }
            // A change dated centuries ahead, or at either end of time.
            8 => {
                id = match b % 4 {
                    0 => ChangeId::MAX,
                    1 => ChangeId::MIN,
                    2 => at(Millis((1 << 48) - 1), (1 << 20) - 1),
                    _ => at(Millis(self.now.0 * 4), 0),
                };
                match a % 3 {
                    0 => Payload::BoardDescribed(Box::new(BoardInfoEdit {
                        about: Some(text),
                        ..BoardInfoEdit::default()
                    })),
                    1 => Payload::Retracted(vec![any, other]),
                    _ => Payload::CruxAdded(Box::new(CruxEdit {
                        claim: Some(text),
                        ..CruxEdit::default()
                    })),
                }
            }
            // An edit that is older than the record it edits.
            9 => {
                id = at(any.millis() - Duration::from_millis(5), 0);
                wrong_noun(any)
            }
            10 if b & 1 > 0 => Payload::Blank,
            10 => Payload::Retracted(vec![any, other]),
            _ => Payload::TriggerAdded(Box::new(TriggerEdit {
                crux: Some(CruxId(any)),
                toward: Some(Some(OptionId(other))),
                armed: Some(true),
                observable: Some(text),
                ..TriggerEdit::default()
            })),
        };
        let by = (a & 1 > 0).then_some(PersonId(other));
        let part_of = (b & 1 > 0).then_some(any);
        Some(
            Change {
                id,
                by,
                part_of,
                payload,
            }
            .into(),
        )
    }
}

/// Returns a person's answer in a round, which is always the same, with its salts.
fn answer_of(board: &Board, round: RoundId, person: PersonId) -> SealedAnswers {
    let round = board.round(round);
    let topics = round.map(|round| round.topics()).unwrap_or_default();
    let number = person.0.counter();
    let answers = topics.into_iter().map(|topic| Answer {
        topic,
        credence: Credence::clamped((number % 100).into()),
        reason: if !number.is_multiple_of(2) {
            format!("w{}w", 1_000_000 + number)
        } else {
            String::new()
        },
        reason_seal: String::new(),
    });
    SealedAnswers {
        salt: format!("{number:032x}"),
        // Older versions stored no secret.
        reason_secret: if !number.is_multiple_of(3) {
            "5ec2e7".into()
        } else {
            String::new()
        },
        answers: answers.collect(),
    }
}

fn nth<T>(items: impl Iterator<Item = T>, at: u8) -> Option<T> {
    let mut items: Vec<T> = items.collect();
    (!items.is_empty()).then(|| items.swap_remove(usize::from(at) % items.len()))
}

/// The visible content of a board: its records, whichever changes led to them.
#[derive(Debug, PartialEq)]
pub(crate) struct Visible {
    info: BoardInfo,
    options: BTreeMap<ChangeId, Record<OptionId, BoardOption>>,
    people: BTreeMap<ChangeId, Record<PersonId, Person>>,
    cruxes: Vec<Record<CruxId, Crux>>,
    triggers: BTreeMap<ChangeId, Record<TriggerId, Trigger>>,
    evidence: BTreeMap<ChangeId, Record<EvidenceId, Evidence>>,
    statements: BTreeMap<ChangeId, Record<StatementId, Statement>>,
    option_credences: BTreeMap<ChangeId, Record<OptionCredenceId, OptionCredence>>,
    joint_credences: BTreeMap<ChangeId, Record<JointCredenceId, JointCredence>>,
    positions: BTreeMap<ChangeId, Record<PositionId, Position>>,
    follow_ups: BTreeMap<ChangeId, Record<FollowUpId, FollowUp>>,
    terms: BTreeMap<ChangeId, Record<TermId, Term>>,
    recorded_reviews: Vec<ChangeId>,
    decisions: BTreeMap<ChangeId, Record<DecisionId, Decision>>,
    reviews: BTreeMap<ChangeId, Record<ReviewId, Review>>,
    rounds: BTreeMap<ChangeId, Record<RoundId, Round>>,
    messages: BTreeMap<ChangeId, Record<MessageId, Message>>,
    brief_reads: BTreeMap<ChangeId, Record<BriefReadId, BriefRead>>,
    trash: Vec<(ChangeId, &'static str, String)>,
    on_cruxes: BTreeMap<CruxId, OnCrux>,
}

/// The ids of the records on one crux.
#[derive(Debug, PartialEq)]
pub(crate) struct OnCrux {
    pub(crate) triggers: Vec<TriggerId>,
    pub(crate) evidence: Vec<EvidenceId>,
    pub(crate) balance: (usize, usize),
    pub(crate) positions: Vec<PositionId>,
    pub(crate) follow_ups: Vec<FollowUpId>,
    pub(crate) statements: Vec<StatementId>,
    pub(crate) parts: Vec<CruxId>,
}

pub(crate) fn on_crux(board: &Board, crux: CruxId) -> OnCrux {
    OnCrux {
        triggers: board.triggers_of(crux).map(|t| t.id).collect(),
        evidence: board.evidence_on(crux).map(|e| e.id).collect(),
        balance: board.evidence_balance(crux),
        positions: board.positions_on(crux).map(|p| p.id).collect(),
        follow_ups: board.follow_ups_on(crux).map(|f| f.id).collect(),
        statements: board
            .statements_on(crux)
            .into_iter()
            .map(|s| s.id)
            .collect(),
        parts: board.parts_of(crux).map(|part| part.id).collect(),
    }
}

pub(crate) fn visible(board: &Board) -> Visible {
    let ids: Vec<ChangeId> = board.log().changes().map(|change| change.id).collect();
    macro_rules! of {
        ($find:ident, $id:ident) => {
            ids.iter()
                .filter_map(|id| Some((*id, board.$find($id(*id))?.clone())))
                .collect()
        };
    }
    Visible {
        info: board.info().clone(),
        options: of!(option, OptionId),
        people: of!(person, PersonId),
        cruxes: board.cruxes().into_iter().cloned().collect(),
        triggers: of!(trigger, TriggerId),
        evidence: of!(evidence, EvidenceId),
        statements: of!(statement, StatementId),
        option_credences: of!(option_credence, OptionCredenceId),
        joint_credences: of!(joint_credence, JointCredenceId),
        positions: of!(position, PositionId),
        follow_ups: of!(follow_up, FollowUpId),
        terms: of!(term, TermId),
        recorded_reviews: board.recorded_reviews().map(|review| review.id).collect(),
        decisions: of!(decision, DecisionId),
        reviews: of!(review, ReviewId),
        rounds: of!(round, RoundId),
        messages: of!(message, MessageId),
        brief_reads: of!(brief_read, BriefReadId),
        trash: board.trash(),
        on_cruxes: board
            .cruxes()
            .into_iter()
            .map(|crux| (crux.id, on_crux(board, crux.id)))
            .collect(),
    }
}

/// Returns the items in another order, some of them more than once.
pub(crate) fn shuffled<T: Clone>(items: &[T], seed: u64) -> Vec<T> {
    let mut state = seed | 1;
    let mut below = |bound: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    };
    let mut shuffled = items.to_vec();
    for _ in 0..items.len() / 2 {
        let again = items[below(items.len())].clone();
        shuffled.push(again);
    }
    for last in (1..shuffled.len()).rev() {
        shuffled.swap(last, below(last + 1));
    }
    shuffled
}
