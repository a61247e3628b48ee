//! Decisions, reviews and blind rounds, by example.

use crate::desk::{DAY, DEVICE, Desk, at_least};
use cruxboard_domain::change::{
    Change, CredenceStated, Edited, Payload, ReviewNoted, RoundRevealed, RoundSealed,
};
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, CommandError};
use cruxboard_domain::due::{DueKind, due};
use cruxboard_domain::id::Replica;
use cruxboard_domain::log::Entry;
use cruxboard_domain::record::*;
use cruxboard_domain::round::{
    SealedAnswers, Standing, after_reveal, findings, reason_seal, reason_words, seal, standing,
    waiting_for,
};
use cruxboard_domain::trigger_state::TriggerState;
use cruxboard_domain::undo::UndoStack;
use cruxboard_domain::{ChangeId, Credence};

const SALT: &str = "000102030405060708090a0b0c0d0e0f";
const SECRET: &str = "101112131415161718191a1b1c1d1e1f";

fn answer(crux: CruxId, percent: f64) -> Vec<Answer> {
    vec![Answer {
        crux,
        credence: Credence::clamped(percent),
        reason: "so I think".into(),
        reason_seal: String::new(),
    }]
}

fn kept(crux: CruxId, percent: f64) -> SealedAnswers {
    SealedAnswers {
        salt: SALT.into(),
        reason_secret: SECRET.into(),
        answers: answer(crux, percent),
    }
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
            seal: kept(self.crux, percent).seal(self.round, person),
        }
    }

    fn revealed(&self, person: PersonId, percent: f64) -> RoundRevealed {
        RoundRevealed {
            round: self.round,
            person,
            salt: SALT.into(),
            answers: self.published(percent),
        }
    }

    fn published(&self, percent: f64) -> Vec<Answer> {
        kept(self.crux, percent).published()
    }

    fn revealing(&self, person: PersonId, percent: f64) -> Command {
        Command::RevealAnswers {
            round: self.round,
            person,
            sealed: kept(self.crux, percent),
        }
    }

    fn reveals(&mut self, person: PersonId, percent: f64) {
        let command = self.revealing(person, percent);
        self.desk.does(command);
    }

    fn round(&self) -> &Record<RoundId, Round> {
        self.desk.board.round(self.round).unwrap()
    }

    /// The changes of the round whose facts this picks.
    fn ids(&self, picks: impl Fn(&Payload) -> bool) -> Vec<ChangeId> {
        let changes = self.desk.board.log().changes();
        changes
            .filter(|change| picks(&change.payload))
            .map(|change| change.id)
            .collect()
    }

    fn closes(&mut self) {
        self.desk.does(Command::CloseRound(self.round));
    }

    fn stands(&self, person: PersonId) -> Standing {
        standing(self.desk.board.round(self.round).unwrap(), person)
    }

    /// A change from elsewhere that `decide` would not have made here.
    fn arrives(&mut self, id: ChangeId, payload: Payload) {
        self.desk.take(&[Change {
            id,
            by: None,
            part_of: None,
            payload,
        }]);
    }

    /// A moment after everything so far, on another device.
    fn elsewhere(&mut self) -> ChangeId {
        self.desk.now += 2_000;
        ChangeId::new(self.desk.now - 1_000, 0, Replica::new(7, 7))
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
    let early = table.revealing(table.ann, 37.0);
    assert_eq!(table.desk.refuses(early), CommandError::RoundOpen);
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
    let again = table.revealing(table.ann, 37.0);
    assert_eq!(table.desk.refuses(again), CommandError::NothingToDo);
}

#[test]
fn what_was_not_sealed_is_refused_here_and_shown_as_a_mismatch_when_it_arrives() {
    let mut table = Table::new();
    table.seals(table.ann, 37.0);
    table.closes();
    let other = table.revealing(table.ann, 60.0);
    assert_eq!(table.desk.refuses(other), CommandError::NotWhatWasSealed);
    let mut wrong_salt = table.revealed(table.ann, 37.0);
    wrong_salt.salt = "another".into();
    let id = table.elsewhere();
    table.arrives(id, Payload::RoundRevealed(Box::new(wrong_salt)));
    assert_eq!(table.stands(table.ann), Standing::Mismatch);
    // The true answer still counts when it comes.
    table.reveals(table.ann, 37.0);
    assert_eq!(
        table.stands(table.ann),
        Standing::Revealed(table.published(37.0))
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
    let as_bob = table.revealing(table.bob, 37.0);
    assert_eq!(table.desk.refuses(as_bob), CommandError::NotWhatWasSealed);
}

#[test]
fn of_two_answers_the_last_before_closing_counts_so_nobody_can_choose_between_them() {
    let mut table = Table::new();
    table.seals(table.ann, 20.0);
    table.seals(table.ann, 80.0);
    table.closes();
    let id = table.elsewhere();
    let first = table.revealed(table.ann, 20.0);
    table.arrives(id, Payload::RoundRevealed(Box::new(first)));
    assert_eq!(table.stands(table.ann), Standing::Mismatch);
    table.reveals(table.ann, 80.0);
    assert_eq!(
        table.stands(table.ann),
        Standing::Revealed(table.published(80.0))
    );
}

#[test]
fn a_number_published_too_early_is_held_back_until_closing() {
    let mut table = Table::new();
    table.seals(table.ann, 37.0);
    let id = table.elsewhere();
    let early = table.revealed(table.ann, 37.0);
    table.arrives(id, Payload::RoundRevealed(Box::new(early)));
    assert_eq!(table.stands(table.ann), Standing::Answered);
    table.closes();
    assert_eq!(
        table.stands(table.ann),
        Standing::Revealed(table.published(37.0))
    );
}

#[test]
fn of_two_closings_at_once_the_first_counts_in_every_order() {
    let mut table = Table::new();
    table.seals(table.ann, 37.0);
    let first = table.elsewhere();
    let second = table.elsewhere();
    let closed = |table: &Table| {
        Payload::RoundClosed(Box::new(cruxboard_domain::change::RoundClosed {
            round: table.round,
            without: vec![table.bob],
            seals: None,
        }))
    };
    let payload = closed(&table);
    table.arrives(second, payload.clone());
    table.arrives(first, payload);
    let round = table.desk.board.round(table.round).unwrap();
    assert_eq!(round.closing().unwrap().id, first);
    assert_eq!(
        table.desk.refuses(Command::CloseRound(table.round)),
        CommandError::RoundClosed
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
fn an_answer_that_the_closer_could_not_see_is_late_whatever_its_date_and_is_in_no_figure() {
    let mut table = Table::new();
    table.seals(table.bob, 60.0);
    let before = table.elsewhere();
    table.closes();
    assert_eq!(table.round().closing().unwrap().without, [table.ann]);
    let refused = Command::SealAnswers(table.sealed(table.ann, 37.0));
    assert_eq!(table.desk.refuses(refused), CommandError::RoundClosed);
    table.reveals(table.bob, 60.0);
    // Ann's device was offline, or says that it was: its seal is dated before the closing.
    let payload = Payload::RoundSealed(Box::new(table.sealed(table.ann, 37.0)));
    table.arrives(before, payload);
    assert_eq!(table.stands(table.ann), Standing::Late(None));
    table.reveals(table.ann, 37.0);
    assert_eq!(
        table.stands(table.ann),
        Standing::Late(Some(table.published(37.0)))
    );
    let again = table.revealing(table.ann, 37.0);
    assert_eq!(table.desk.refuses(again), CommandError::NothingToDo);
    let found = findings(&table.desk.board, table.round());
    assert_eq!(found[0].answers.len(), 1);
    // It is a credence like any other, and marked as one that was stated in the light of others.
    let views = table.desk.board.current_views(table.crux, table.desk.now);
    let said: Vec<f64> = views
        .iter()
        .map(|v| v.statement.credence.percent())
        .collect();
    assert_eq!(said, [37.0, 60.0]);
    assert_eq!(
        after_reveal(&table.desk.board, table.crux),
        [views[0].id].into()
    );
}

#[test]
fn an_answer_sealed_after_closing_on_a_device_that_did_not_know_is_late() {
    let mut table = Table::new();
    table.closes();
    let payload = Payload::RoundSealed(Box::new(table.sealed(table.bob, 60.0)));
    let after = table.elsewhere();
    table.arrives(after, payload);
    assert_eq!(table.stands(table.bob), Standing::Late(None));
    table.reveals(table.bob, 60.0);
    assert!(matches!(table.stands(table.bob), Standing::Late(Some(_))));
}

#[test]
fn a_second_answer_that_the_closer_could_not_see_does_not_replace_the_first() {
    let mut table = Table::new();
    table.seals(table.ann, 20.0);
    let before = table.elsewhere();
    table.closes();
    let payload = Payload::RoundSealed(Box::new(table.sealed(table.ann, 80.0)));
    table.arrives(before, payload);
    assert_eq!(table.stands(table.ann), Standing::NotRevealed);
    let second = table.revealing(table.ann, 80.0);
    assert_eq!(table.desk.refuses(second), CommandError::NotWhatWasSealed);
    table.reveals(table.ann, 20.0);
    assert!(matches!(table.stands(table.ann), Standing::Revealed(_)));
}

#[test]
fn a_closing_by_an_older_version_goes_by_dates_and_by_who_it_says_was_left_out() {
    for (without, standing) in [
        (vec![], Standing::NotRevealed),
        (vec!["Ann"], Standing::Late(None)),
        (vec!["Bob"], Standing::NotRevealed),
    ] {
        let mut table = Table::new();
        let (before, closing) = (table.elsewhere(), table.elsewhere());
        let without = without.iter().map(|name| table.desk.person(name)).collect();
        let closed = cruxboard_domain::change::RoundClosed {
            round: table.round,
            without,
            seals: None,
        };
        table.arrives(closing, Payload::RoundClosed(Box::new(closed)));
        let payload = Payload::RoundSealed(Box::new(table.sealed(table.ann, 37.0)));
        table.arrives(before, payload);
        assert_eq!(table.stands(table.ann), standing);
    }
}

#[test]
fn who_is_unticked_in_the_review_is_not_waited_for() {
    let mut table = Table::new();
    let (ann, bob) = (table.ann, table.bob);
    let review = ReviewId(table.desk.does(Command::StartReview(ReviewEdit {
        here: Some(vec![ann, bob]),
        ..ReviewEdit::default()
    })));
    table.round = RoundId(table.desk.does(Command::OpenRound(RoundEdit {
        cruxes: Some(vec![table.crux]),
        people: Some(vec![ann, bob]),
        held_at: Some(Some(review)),
    })));
    assert_eq!(waiting_for(&table.desk.board, table.round()), [ann, bob]);
    table.desk.does(Command::EditReview(Edited {
        of: review,
        set: ReviewEdit {
            here: Some(vec![ann]),
            ..ReviewEdit::default()
        },
        reason: String::new(),
    }));
    assert_eq!(waiting_for(&table.desk.board, table.round()), [ann]);
    table.closes();
    assert_eq!(table.round().closing().unwrap().without, [ann]);
}

/// A round in which Ann gave 20 and then 80, and Bob 60, closed and revealed.
fn over() -> Table {
    let mut table = Table::new();
    table.seals(table.ann, 20.0);
    table.seals(table.ann, 80.0);
    table.seals(table.bob, 60.0);
    table.closes();
    table.reveals(table.ann, 80.0);
    table.reveals(table.bob, 60.0);
    table
}

const IN_A_ROUND: [fn(&Payload) -> bool; 4] = [
    |payload| matches!(payload, Payload::RoundOpened(_)),
    |payload| matches!(payload, Payload::RoundSealed(_)),
    |payload| matches!(payload, Payload::RoundClosed(_)),
    |payload| matches!(payload, Payload::RoundRevealed(_)),
];

#[test]
fn nothing_of_an_answered_round_can_be_undone_erased_or_put_in_the_trash() {
    let mut table = over();
    for picks in IN_A_ROUND {
        for id in table.ids(picks) {
            for command in [Command::Retract(vec![id]), Command::Redact(vec![id])] {
                assert_eq!(table.desk.refuses(command), CommandError::RoundStays);
            }
        }
    }
    let trash = Command::Trash(table.round.0);
    assert_eq!(table.desk.refuses(trash), CommandError::RoundStays);
    // Before anybody has answered, the opener may take it back.
    let mut table = Table::new();
    table.desk.does(Command::Retract(vec![table.round.0]));
    assert!(table.desk.board.round(table.round).is_none());
}

#[test]
fn an_undo_or_erasure_from_elsewhere_leaves_an_answered_round_as_it_is_in_every_order() {
    let table = over();
    let standings = |board: &cruxboard_domain::board::Board| {
        let round = board.round(table.round).unwrap();
        [table.ann, table.bob].map(|person| standing(round, person))
    };
    let before = standings(&table.desk.board);
    for picks in IN_A_ROUND {
        for payload in [Payload::Retracted, Payload::Redacted] {
            let change = Change {
                id: ChangeId::new(table.desk.now + 5_000, 0, Replica::new(7, 7)),
                by: None,
                part_of: None,
                payload: payload(table.ids(picks)),
            };
            let mut after = table.desk.board.clone();
            after.apply(change.clone());
            assert_eq!(standings(&after), before);
            let mut first = cruxboard_domain::board::Board::default();
            first.apply(change);
            first.merge(table.desk.board.log());
            assert_eq!(first, after);
        }
    }
}

#[test]
fn an_opening_that_was_undone_elsewhere_comes_back_with_the_first_answer() {
    let mut table = Table::new();
    let id = table.elsewhere();
    table.arrives(id, Payload::Retracted(vec![table.round.0]));
    assert!(table.desk.board.round(table.round).is_none());
    let seal = Payload::RoundSealed(Box::new(table.sealed(table.ann, 20.0)));
    let id = table.elsewhere();
    table.arrives(id, seal);
    assert_eq!(table.stands(table.ann), Standing::Answered);
}

#[test]
fn what_an_older_version_blanked_of_a_round_comes_back_from_whoever_has_it() {
    let table = over();
    for picks in IN_A_ROUND {
        for id in table.ids(picks) {
            let mut blanked = cruxboard_domain::board::Board::default();
            blanked.apply(Change {
                id,
                by: None,
                part_of: None,
                payload: Payload::Blank,
            });
            blanked.merge(table.desk.board.log());
            assert_eq!(&blanked, &table.desk.board);
            let entry =
                |board: &cruxboard_domain::board::Board| board.log().entry(id).map(Entry::to_json);
            let mut other_way = table.desk.board.clone();
            other_way.apply(Change {
                id,
                by: None,
                part_of: None,
                payload: Payload::Blank,
            });
            assert_eq!(entry(&other_way), entry(&table.desk.board));
        }
    }
}

#[test]
fn text_in_place_of_a_seal_or_a_salt_can_be_erased() {
    let mut table = Table::new();
    let mut sealed = table.sealed(table.ann, 20.0);
    sealed.seal = "an insult".into();
    let (first, second) = (table.elsewhere(), table.elsewhere());
    table.arrives(first, Payload::RoundSealed(Box::new(sealed)));
    let mut revealed = table.revealed(table.ann, 20.0);
    revealed.salt = "another insult".into();
    revealed.answers[0].reason_seal = "a third insult".into();
    table.arrives(second, Payload::RoundRevealed(Box::new(revealed)));
    table.desk.does(Command::Redact(vec![first, second]));
    let log = table.desk.board.log();
    for id in [first, second] {
        let json = log.entry(id).unwrap().to_json();
        assert!(!json.contains("insult"), "{json}");
    }
}

fn statement_of(table: &Table, person: PersonId) -> ChangeId {
    let stated = |payload: &Payload| matches!(payload, Payload::CredenceStated(said) if said.person == person);
    table.ids(stated)[0]
}

#[test]
fn a_reason_stands_once_in_the_log_and_is_checked_against_the_seal() {
    let mut table = over();
    let log = |table: &Table| {
        let changes = table.desk.board.log().changes();
        changes.map(Change::to_json).collect::<String>()
    };
    assert_eq!(log(&table).matches("so I think").count(), 2, "one each");
    let shown = |table: &Table| {
        let found = findings(&table.desk.board, table.round());
        let answers = found[0].answers.iter();
        let reasons = answers.map(|(.., answer)| reason_words(answer).to_owned());
        reasons.collect::<Vec<_>>()
    };
    assert_eq!(shown(&table), ["so I think", "so I think"]);
    // Erased, it leaves the number and the check, and nothing from which to guess it.
    let ann = statement_of(&table, table.ann);
    let salt = |table: &Table| match &table.desk.board.log().change(ann).unwrap().payload {
        Payload::CredenceStated(stated) => Some(stated.reason_salt.clone()),
        _ => None,
    };
    let kept = salt(&table).unwrap();
    assert_eq!(
        table.published(80.0)[0].reason_seal,
        reason_seal(&kept, table.crux, "so I think")
    );
    table.desk.does(Command::Redact(vec![ann]));
    assert_eq!(salt(&table), None);
    assert_eq!(log(&table).matches("so I think").count(), 1);
    assert_eq!(
        table.stands(table.ann),
        Standing::Revealed(table.published(80.0))
    );
    assert_eq!(shown(&table), ["so I think", "(The reason was erased.)"]);
}

#[test]
fn another_reason_than_was_sealed_is_not_shown_as_the_sealed_one() {
    let mut table = Table::new();
    table.seals(table.ann, 20.0);
    table.closes();
    let revealed = table.revealed(table.ann, 20.0);
    let (first, second) = (table.elsewhere(), table.elsewhere());
    table.arrives(first, Payload::RoundRevealed(Box::new(revealed)));
    let sealed = kept(table.crux, 20.0);
    let stated = CredenceStated {
        crux: table.crux,
        person: table.ann,
        credence: Credence::clamped(20.0),
        reason: "now that I have seen the others".into(),
        reason_salt: sealed.reason_salt(&sealed.answers[0]),
        evidence: Vec::new(),
        reaffirms: false,
        at: None,
        wall_clock: None,
    };
    table.arrives(second, Payload::CredenceStated(Box::new(stated)));
    let found = findings(&table.desk.board, table.round());
    assert_eq!(found[0].answers[0].2.reason, "");
}

#[test]
fn reasons_that_an_older_version_published_can_be_erased_and_reopen_nothing() {
    let mut table = Table::new();
    let sealed = SealedAnswers {
        reason_secret: String::new(),
        ..kept(table.crux, 37.0)
    };
    table.desk.does(Command::SealAnswers(RoundSealed {
        round: table.round,
        person: table.ann,
        seal: seal(table.round, table.ann, SALT, &answer(table.crux, 37.0)),
    }));
    table.closes();
    let reveal = table.desk.does(Command::RevealAnswers {
        round: table.round,
        person: table.ann,
        sealed: sealed.clone(),
    });
    assert_eq!(
        table.stands(table.ann),
        Standing::Revealed(answer(table.crux, 37.0))
    );
    table.desk.does(Command::Redact(vec![reveal]));
    let json = table.desk.board.log().entry(reveal).unwrap().to_json();
    assert!(
        !json.contains("so I think") && !json.contains(SALT),
        "{json}"
    );
    let bare = vec![Answer {
        reason: String::new(),
        ..answer(table.crux, 37.0)[0].clone()
    }];
    assert_eq!(table.stands(table.ann), Standing::Unchecked(bare));
    // The device that still has it does not publish it again.
    let again = Command::RevealAnswers {
        round: table.round,
        person: table.ann,
        sealed,
    };
    assert_eq!(table.desk.refuses(again), CommandError::NothingToDo);
    // The number is not in the figures, since anybody could have published it.
    assert!(
        findings(&table.desk.board, table.round())[0]
            .answers
            .is_empty()
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
        Payload::RoundOpened(Box::new(RoundEdit {
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
    let review = ReviewId(table.desk.does(Command::StartReview(ReviewEdit::default())));
    assert_eq!(table.desk.undo.next_undo(), Some(&[review.0][..]));
    let noted = Payload::ReviewNoted(Box::new(ReviewNoted {
        review,
        crux: table.crux,
        text: "theirs".into(),
        is_public: false,
    }));
    let id = table.elsewhere();
    table.arrives(id, noted);
    assert_eq!(table.desk.undo.next_undo(), None);
    // Their note being erased, nobody builds on the review any more.
    table.desk.does(Command::Redact(vec![id]));
    assert_eq!(table.desk.undo.next_undo(), Some(&[review.0][..]));
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
    let review = ReviewId(desk.does(Command::StartReview(ReviewEdit {
        agenda: Some(vec![AgendaItem { crux, minutes: 0 }]),
        ..ReviewEdit::default()
    })));
    assert_eq!(desk.state_on(trigger, "2026-11-23"), TriggerState::Near);
    desk.does(Command::NoteInReview(ReviewNoted {
        review,
        crux,
        text: "talked".into(),
        is_public: false,
    }));
    let closing = desk.does(Command::CloseReview(review));
    assert_eq!(desk.state_on(trigger, "2026-11-23"), TriggerState::Met);
    assert_eq!(desk.board.review_moments(), [closing]);
    assert_eq!(
        desk.refuses(Command::CloseReview(review)),
        CommandError::ReviewClosed
    );
    // Two devices closed it at once: it is one review all the same.
    let id = ChangeId::new(desk.now + 5, 0, Replica::new(7, 7));
    let payload = Payload::ReviewClosed(review);
    desk.take(&[Change {
        id,
        by: None,
        part_of: None,
        payload,
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
            CommandError::Empty("choice of an option"),
        ),
        (
            DecisionEdit {
                why: Some(" ".into()),
                ..whole.clone()
            },
            CommandError::Empty("reason"),
        ),
        (
            DecisionEdit {
                until: Some("2026-11-22".parse().ok()),
                ..whole.clone()
            },
            CommandError::PastDay,
        ),
        (
            DecisionEdit {
                voices: Some(vec![silent]),
                ..whole.clone()
            },
            CommandError::DissentNeedsReason,
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
        CommandError::OptionRetired
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
    use cruxboard_domain::format::closing_words;
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
            id: cruxboard_domain::ChangeId::MIN,
            by,
            without,
            seals: None,
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
