//! Decisions, reviews and blind rounds, by example.

mod decisions;
mod erasure;
mod late;
mod options;
mod reasons;
mod reviews;
mod undo;

use std::time::Duration;

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
        topic: Topic::Crux(crux),
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

/// A desk with an open round of Ann and Bob on one crux.
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
            ..RoundEdit::default()
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

    /// Returns the changes of the round whose payloads `picks` accepts.
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

    /// Applies a change from another device that `decide` would not have made here.
    fn arrives(&mut self, id: ChangeId, payload: Payload) {
        self.desk.take(&[Change {
            id,
            by: None,
            part_of: None,
            payload,
        }]);
    }

    /// Returns the id of a change that another device makes after everything so far.
    fn elsewhere(&mut self) -> ChangeId {
        self.desk.now += Duration::from_secs(2);
        ChangeId::new(
            self.desk.now - Duration::from_secs(1),
            0,
            Replica::new(7, 7),
        )
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
        // Ids contain digits too, so a secret is looked for only as a separate value.
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
    // The true answer still counts when it arrives later.
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

/// A closed round with all answers revealed: Ann gave 20 and then 80, Bob gave 60.
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
    // Bob's device does not know that he was removed, or publishes in spite of that.
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
