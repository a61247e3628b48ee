//! Decisions, reviews and blind rounds, by example.

use crate::desk::{DAY, DEVICE, Desk, at_least};
use cruxboard_domain::change::{Change, Edited, Fact, MeetingNoted, RoundRevealed, RoundSealed};
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, Refusal};
use cruxboard_domain::due::{DueKind, due};
use cruxboard_domain::record::*;
use cruxboard_domain::round::{Standing, after_reveal, findings, seal, standing, waiting_for};
use cruxboard_domain::stamp::Replica;
use cruxboard_domain::trigger_state::TriggerState;
use cruxboard_domain::undo::UndoStack;
use cruxboard_domain::{Credence, Stamp};

const SALT: &str = "000102030405060708090a0b0c0d0e0f";

fn answer(crux: CruxId, percent: f64) -> Vec<Answer> {
    vec![Answer {
        crux,
        credence: Credence::clamped(percent),
        reason: "so I think".into(),
    }]
}

/// A desk in the middle of a round of Ann and Bob on one crux.
struct Table {
    desk: Desk,
    crux: CruxId,
    round: RoundId,
    ann: PersonId,
    bob: PersonId,
}

impl Table {
    fn new() -> Self {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let (ann, bob) = (desk.person("Ann"), desk.person("Bob"));
        let round = RoundId(desk.does(Command::OpenRound(RoundEdit {
            cruxes: Some(vec![crux]),
            people: Some(vec![ann, bob]),
            held_at: None,
        })));
        Self {
            desk,
            crux,
            round,
            ann,
            bob,
        }
    }

    fn seals(&mut self, person: PersonId, percent: f64) {
        let sealed = self.sealed(person, percent);
        self.desk.does(Command::SealAnswers(sealed));
    }

    fn sealed(&self, person: PersonId, percent: f64) -> RoundSealed {
        RoundSealed {
            round: self.round,
            person,
            seal: seal(self.round, person, SALT, &answer(self.crux, percent)),
        }
    }

    fn revealed(&self, person: PersonId, percent: f64) -> RoundRevealed {
        RoundRevealed {
            round: self.round,
            person,
            salt: SALT.into(),
            answers: answer(self.crux, percent),
        }
    }

    fn reveals(&mut self, person: PersonId, percent: f64) {
        let revealed = self.revealed(person, percent);
        self.desk.does(Command::RevealAnswers(revealed));
    }

    fn closes(&mut self) {
        self.desk.does(Command::CloseRound(self.round));
    }

    fn stands(&self, person: PersonId) -> Standing {
        standing(self.desk.board.round(self.round).unwrap(), person)
    }

    /// A change from elsewhere that `decide` would not have made here.
    fn arrives(&mut self, id: Stamp, fact: Fact) {
        self.desk.take(&[Change {
            id,
            by: None,
            part_of: None,
            fact,
        }]);
    }

    /// A moment after everything so far, on another device.
    fn elsewhere(&mut self) -> Stamp {
        self.desk.now += 2_000;
        Stamp::new(self.desk.now - 1_000, 0, Replica::new(7, 7))
    }
}

#[test]
fn until_it_is_closed_the_log_holds_nobodys_number() {
    let mut table = Table::new();
    table.seals(table.ann, 37.0);
    table.seals(table.bob, 83.0);
    let log: Vec<String> = table
        .desk
        .board
        .log()
        .changes()
        .map(Change::to_json)
        .collect();
    let log = log.join("\n");
    for secret in ["37", "83", "so I think", SALT] {
        // Ids are digits too: what is looked for stands as a value of its own.
        assert!(!log.contains(&format!(":{secret}")) && !log.contains(&format!("\"{secret}\"")));
    }
    assert_eq!(table.stands(table.ann), Standing::Answered);
    assert!(table.desk.board.statements_on(table.crux).is_empty());
    let early = Command::RevealAnswers(table.revealed(table.ann, 37.0));
    assert_eq!(table.desk.refuses(early), Refusal::RoundOpen);
}

#[test]
fn after_closing_answers_are_checked_and_become_credences_of_when_they_were_sealed() {
    let mut table = Table::new();
    table.desk.states(table.crux, "Ann", 50.0);
    table.seals(table.ann, 37.0);
    table.seals(table.bob, 83.0);
    table.closes();
    assert_eq!(table.stands(table.ann), Standing::NotRevealed);
    table.desk.days_pass(2);
    table.reveals(table.ann, 37.0);
    table.reveals(table.bob, 83.0);
    let views = table.desk.board.current_views(table.crux, table.desk.now);
    let said: Vec<f64> = views
        .iter()
        .map(|view| view.statement.credence.percent())
        .collect();
    assert_eq!(said, [37.0, 83.0]);
    assert!(views[0].statement.at < table.desk.now - DAY);
    let round = table.desk.board.round(table.round).unwrap();
    let found = findings(&table.desk.board, round);
    assert_eq!(found[0].gap(), 46.0);
    assert_eq!(found[0].answers[0].1, Some(Credence::clamped(50.0)));
    assert_eq!(found[0].answers[1].1, None);
    let again = Command::RevealAnswers(table.revealed(table.ann, 37.0));
    assert_eq!(table.desk.refuses(again), Refusal::NothingToDo);
}

#[test]
fn what_was_not_sealed_is_refused_here_and_shown_as_a_mismatch_when_it_arrives() {
    let mut table = Table::new();
    table.seals(table.ann, 37.0);
    table.closes();
    let other = Command::RevealAnswers(table.revealed(table.ann, 60.0));
    assert_eq!(table.desk.refuses(other), Refusal::NotWhatWasSealed);
    let mut wrong_salt = table.revealed(table.ann, 37.0);
    wrong_salt.salt = "another".into();
    let id = table.elsewhere();
    table.arrives(id, Fact::RoundRevealed(Box::new(wrong_salt)));
    assert_eq!(table.stands(table.ann), Standing::Mismatch);
    // The true answer still counts when it comes.
    table.reveals(table.ann, 37.0);
    assert_eq!(
        table.stands(table.ann),
        Standing::Revealed(answer(table.crux, 37.0))
    );
}

#[test]
fn somebody_elses_seal_copied_fits_nothing() {
    let mut table = Table::new();
    table.seals(table.ann, 37.0);
    let copied = RoundSealed {
        person: table.bob,
        ..table.sealed(table.ann, 37.0)
    };
    table.desk.does(Command::SealAnswers(copied));
    table.closes();
    let as_bob = Command::RevealAnswers(table.revealed(table.bob, 37.0));
    assert_eq!(table.desk.refuses(as_bob), Refusal::NotWhatWasSealed);
}

#[test]
fn of_two_answers_the_last_before_closing_counts_so_nobody_can_choose_between_them() {
    let mut table = Table::new();
    table.seals(table.ann, 20.0);
    table.seals(table.ann, 80.0);
    table.closes();
    let id = table.elsewhere();
    let first = table.revealed(table.ann, 20.0);
    table.arrives(id, Fact::RoundRevealed(Box::new(first)));
    assert_eq!(table.stands(table.ann), Standing::Mismatch);
    table.reveals(table.ann, 80.0);
    assert_eq!(
        table.stands(table.ann),
        Standing::Revealed(answer(table.crux, 80.0))
    );
}

#[test]
fn a_number_published_too_early_is_held_back_until_closing() {
    let mut table = Table::new();
    table.seals(table.ann, 37.0);
    let id = table.elsewhere();
    let early = table.revealed(table.ann, 37.0);
    table.arrives(id, Fact::RoundRevealed(Box::new(early)));
    assert_eq!(table.stands(table.ann), Standing::Answered);
    table.closes();
    assert_eq!(
        table.stands(table.ann),
        Standing::Revealed(answer(table.crux, 37.0))
    );
}

#[test]
fn of_two_closings_at_once_the_first_counts_in_every_order() {
    let mut table = Table::new();
    table.seals(table.ann, 37.0);
    let first = table.elsewhere();
    let second = table.elsewhere();
    let closed = |table: &Table| {
        Fact::RoundClosed(Box::new(cruxboard_domain::change::RoundClosed {
            round: table.round,
            without: vec![table.bob],
        }))
    };
    let fact = closed(&table);
    table.arrives(second, fact.clone());
    table.arrives(first, fact);
    let round = table.desk.board.round(table.round).unwrap();
    assert_eq!(round.closing().unwrap().id, first);
    assert_eq!(
        table.desk.refuses(Command::CloseRound(table.round)),
        Refusal::RoundClosed
    );
}

#[test]
fn closing_early_says_whom_it_did_not_wait_for_and_who_was_removed_is_not_waited_for() {
    let mut table = Table::new();
    let cyn = PersonId(table.desk.does(Command::AddPerson(PersonEdit {
        name: Some("Cyn".into()),
        ..PersonEdit::default()
    })));
    table.seals(cyn, 10.0);
    let round = |table: &Table| table.desk.board.round(table.round).unwrap().clone();
    // Who was not asked may join.
    assert_eq!(round(&table).everybody(), [table.ann, table.bob, cyn]);
    table.desk.does(Command::Trash(table.bob.0));
    assert_eq!(waiting_for(&table.desk.board, &round(&table)), [table.ann]);
    table.closes();
    assert_eq!(round(&table).closing().unwrap().without, [table.ann]);
    assert_eq!(table.stands(table.ann), Standing::Waiting);
}

#[test]
fn an_answer_after_closing_is_late_and_one_sealed_before_counts_whenever_it_arrives() {
    let mut table = Table::new();
    let before = table.elsewhere();
    table.closes();
    let late = Command::SealAnswers(table.sealed(table.bob, 60.0));
    assert_eq!(table.desk.refuses(late), Refusal::RoundClosed);
    let fact = Fact::RoundSealed(Box::new(table.sealed(table.bob, 60.0)));
    let after = table.elsewhere();
    table.arrives(after, fact);
    assert_eq!(table.stands(table.bob), Standing::Late);
    let fact = Fact::RoundSealed(Box::new(table.sealed(table.ann, 37.0)));
    table.arrives(before, fact);
    assert_eq!(table.stands(table.ann), Standing::NotRevealed);
    table.reveals(table.ann, 37.0);
    assert_eq!(
        table.stands(table.ann),
        Standing::Revealed(answer(table.crux, 37.0))
    );
}

#[test]
fn moves_within_a_day_after_a_reveal_are_marked_and_the_revealed_answers_are_not() {
    let mut table = Table::new();
    table.seals(table.ann, 37.0);
    table.closes();
    table.reveals(table.ann, 37.0);
    let soon = table.desk.states(table.crux, "Ann", 45.0);
    table.desk.days_pass(2);
    table.desk.states(table.crux, "Ann", 50.0);
    assert_eq!(after_reveal(&table.desk.board, table.crux), [soon].into());
}

#[test]
fn undo_never_takes_back_a_seal_a_closing_or_a_reveal() {
    let mut table = Table::new();
    let said = table.desk.states(table.crux, "Bob", 50.0);
    table.seals(table.ann, 37.0);
    table.closes();
    assert_eq!(table.desk.undo.next_undo(), Some(&[said.0][..]));
    // Of two reveals on one device, undo would take back the credences of the last person only.
    table.reveals(table.ann, 37.0);
    assert_eq!(table.desk.undo.next_undo(), Some(&[said.0][..]));
    table.desk.undoes();
    assert!(matches!(table.stands(table.ann), Standing::Revealed(_)));
    let views = table
        .desk
        .board
        .current_views(table.crux, table.desk.now)
        .into_iter();
    let stated: Vec<f64> = views
        .map(|view| view.statement.credence.percent())
        .collect();
    assert_eq!(stated, [37.0], "Bob's is undone, Ann's answer stands");
    assert!(table.desk.undo.next_redo().is_some());
}

#[test]
fn undo_takes_neither_an_open_round_nor_what_it_asks_about() {
    let mut table = Table::new();
    // Somebody may be typing an answer, of which the log knows nothing: the round, its crux and the
    // board with its people stay.
    assert_eq!(table.desk.undo.next_undo(), None);
    let said = table.desk.states(table.crux, "Bob", 50.0);
    assert_eq!(table.desk.undo.next_undo(), Some(&[said.0][..]));
    assert_eq!(
        table.desk.undo,
        UndoStack::of(table.desk.board.log(), DEVICE)
    );
}

#[test]
fn an_opening_that_comes_from_elsewhere_keeps_its_crux_from_being_undone() {
    let mut table = Table::new();
    let crux = table.desk.adds_crux("It pays");
    assert_eq!(table.desk.undo.next_undo(), Some(&[crux.0][..]));
    let id = table.elsewhere();
    table.arrives(
        id,
        Fact::RoundOpened(Box::new(RoundEdit {
            cruxes: Some(vec![crux]),
            people: Some(vec![table.bob]),
            held_at: None,
        })),
    );
    assert_eq!(table.desk.undo.next_undo(), None);
    assert_eq!(
        table.desk.undo,
        UndoStack::of(table.desk.board.log(), DEVICE)
    );
}

#[test]
fn a_review_is_not_undone_from_under_somebody_who_takes_part() {
    let mut table = Table::new();
    let meeting = MeetingId(
        table
            .desk
            .does(Command::StartMeeting(MeetingEdit::default())),
    );
    assert_eq!(table.desk.undo.next_undo(), Some(&[meeting.0][..]));
    let noted = Fact::MeetingNoted(Box::new(MeetingNoted {
        meeting,
        crux: table.crux,
        text: "theirs".into(),
        is_public: false,
    }));
    let id = table.elsewhere();
    table.arrives(id, noted);
    assert_eq!(table.desk.undo.next_undo(), None);
    // Their note being erased, nobody builds on the review any more.
    table.desk.does(Command::Redact(vec![id]));
    assert_eq!(table.desk.undo.next_undo(), Some(&[meeting.0][..]));
}

#[test]
fn a_seal_is_the_published_sha_256_of_what_it_seals() {
    // Computed with another implementation over the same text.
    let of_nothing = seal(RoundId::default(), PersonId::default(), "salt", &[]);
    assert_eq!(of_nothing, SEAL_OF_NOTHING);
}

const SEAL_OF_NOTHING: &str = "aef35e9a9e67a6927f5d5880183019685e07da75b08d9ef59e50ef0edec21c29";

#[test]
fn a_review_is_noted_and_closed_once_and_counts_for_computed_triggers_from_then_on() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_rule(crux, at_least(70.0, 1));
    desk.states(crux, "Ann", 80.0);
    desk.states(crux, "Bob", 80.0);
    let meeting = MeetingId(desk.does(Command::StartMeeting(MeetingEdit {
        agenda: Some(vec![AgendaItem { crux, minutes: 0 }]),
        ..MeetingEdit::default()
    })));
    assert_eq!(desk.state_on(trigger, "2026-11-23"), TriggerState::Near);
    desk.does(Command::NoteAtMeeting(MeetingNoted {
        meeting,
        crux,
        text: "talked".into(),
        is_public: false,
    }));
    let closing = desk.does(Command::CloseMeeting(meeting));
    assert_eq!(desk.state_on(trigger, "2026-11-23"), TriggerState::Met);
    assert_eq!(desk.board.review_moments(), [closing]);
    assert_eq!(
        desk.refuses(Command::CloseMeeting(meeting)),
        Refusal::MeetingClosed
    );
    // Two devices closed it at once: it is one review all the same.
    let id = Stamp::new(desk.now + 5, 0, Replica::new(7, 7));
    let fact = Fact::MeetingClosed(meeting);
    desk.take(&[Change {
        id,
        by: None,
        part_of: None,
        fact,
    }]);
    assert_eq!(desk.board.review_moments(), [closing]);
}

fn decision(desk: &Desk, option: &str) -> DecisionEdit {
    DecisionEdit {
        option: Some(Some(desk.option(option))),
        why: Some("nothing speaks against it".into()),
        until: Some("2027-03-31".parse().ok()),
        ..DecisionEdit::default()
    }
}

#[test]
fn a_decision_names_an_option_that_is_there_a_reason_and_a_day_to_come() {
    let mut desk = Desk::new();
    let ann = desk.person("Ann");
    let whole = decision(&desk, "Continue");
    let silent = Voice {
        person: ann,
        agrees: false,
        reason: " ".into(),
    };
    for (wrong, refusal) in [
        (
            DecisionEdit {
                option: None,
                ..whole.clone()
            },
            Refusal::Empty("choice of an option"),
        ),
        (
            DecisionEdit {
                why: Some(" ".into()),
                ..whole.clone()
            },
            Refusal::Empty("reason"),
        ),
        (
            DecisionEdit {
                until: Some("2026-11-22".parse().ok()),
                ..whole.clone()
            },
            Refusal::PastDay,
        ),
        (
            DecisionEdit {
                voices: Some(vec![silent]),
                ..whole.clone()
            },
            Refusal::DissentNeedsReason,
        ),
    ] {
        assert_eq!(desk.refuses(Command::RecordDecision(wrong)), refusal);
    }
    let changes = desk.board.log().len();
    let id = DecisionId(desk.does(Command::RecordDecision(whole.clone())));
    assert_eq!(
        desk.board.standing_decision().unwrap().known as usize,
        changes
    );
    desk.does(Command::EditDecision(Edited {
        of: id,
        set: DecisionEdit {
            reversal: Some("a study".into()),
            ..DecisionEdit::default()
        },
        reason: String::new(),
    }));
    desk.does(Command::Trash(desk.option("Wind down").0));
    let retired = DecisionEdit {
        option: Some(
            desk.board
                .option(OptionId(desk.board.trash()[0].0))
                .map(|o| o.id),
        ),
        ..whole
    };
    assert_eq!(
        desk.refuses(Command::RecordDecision(retired)),
        Refusal::OptionRetired
    );
}

#[test]
fn a_met_trigger_waits_until_a_decision_answers_it_and_again_when_it_is_judged_anew() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    desk.judges(trigger, Verdict::Met);
    let waits = |desk: &Desk| {
        due(&desk.board, Now::utc(desk.now))
            .iter()
            .any(|d| d.kind == DueKind::Met)
    };
    assert!(waits(&desk));
    let spite = DecisionEdit {
        answers: Some(vec![trigger]),
        ..decision(&desk, "Continue")
    };
    desk.does(Command::RecordDecision(spite));
    assert!(!waits(&desk));
    desk.judges(trigger, Verdict::Met);
    assert!(waits(&desk));
}

#[test]
fn the_decision_that_stands_waits_to_be_revisited_and_a_newer_one_takes_its_place() {
    let mut desk = Desk::new();
    desk.does(Command::RecordDecision(decision(&desk, "Continue")));
    let waits = |desk: &Desk| {
        let items = due(&desk.board, Now::utc(desk.now));
        let found = items.iter().find(|item| item.kind == DueKind::Decision);
        found.and_then(|item| item.date)
    };
    assert_eq!(waits(&desk), "2027-03-31".parse().ok());
    desk.days_pass(200);
    assert!(due(&desk.board, Now::utc(desk.now))[0].is_due("2027-06-11".parse().unwrap()));
    // It still stands: it neither carries on nor reverts by itself.
    let option = desk.board.standing_decision().unwrap().option;
    assert_eq!(option, Some(desk.option("Continue")));
    desk.does(Command::RecordDecision(DecisionEdit {
        until: None,
        ..decision(&desk, "Wind down")
    }));
    assert_eq!(waits(&desk), None);
}

#[test]
fn who_closed_a_round_is_never_said_to_have_waited_for_themselves() {
    use cruxboard_domain::telling::closing_words;
    let desk = Desk::new();
    let (ann, bob) = (desk.person("Ann"), desk.person("Bob"));
    for (by, without, words) in [
        (Some(ann), vec![], "Closed by Ann."),
        (None, vec![], "Closed by somebody."),
        (
            Some(ann),
            vec![bob],
            "Closed by Ann without waiting for Bob.",
        ),
        (Some(ann), vec![ann], "Closed by Ann, who had not answered."),
        (
            Some(ann),
            vec![bob, ann],
            "Closed by Ann, who had not answered, without waiting for Bob either.",
        ),
        (
            None,
            vec![ann, bob],
            "Closed by somebody without waiting for Ann, Bob.",
        ),
    ] {
        let closing = Closing {
            id: cruxboard_domain::Stamp::MIN,
            by,
            without,
        };
        assert_eq!(closing_words(&desk.board, &closing), words);
    }
}

#[test]
fn what_somebody_sealed_before_they_were_removed_is_revealed_and_counts_again_when_they_come_back()
{
    let mut table = Table::new();
    table.seals(table.ann, 20.0);
    table.seals(table.bob, 80.0);
    table.desk.does(Command::Trash(table.bob.0));
    table.closes();
    table.reveals(table.ann, 20.0);
    // Their device knows nothing of the removal, or publishes all the same.
    table.reveals(table.bob, 80.0);
    assert!(matches!(table.stands(table.bob), Standing::Revealed(_)));
    let round = table.desk.board.round(table.round).unwrap();
    let found = findings(&table.desk.board, round);
    assert_eq!(found[0].answers.len(), 2);
    let said = |table: &Table| table.desk.board.statements_on(table.crux).len();
    assert_eq!(said(&table), 1);
    table.desk.does(Command::Restore(table.bob.0));
    assert_eq!(said(&table), 2);
}
