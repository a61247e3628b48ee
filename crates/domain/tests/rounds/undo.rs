//! The parts of a blind round that undo leaves alone.

use super::*;

#[test]
fn a_crux_left_blank_is_told_with_the_people_who_left_it() {
    let mut table = Table::new();
    let other = table.desk.adds_crux("It pays");
    let people = vec![table.ann, table.bob];
    let round = RoundId(table.desk.does(Command::OpenRound(RoundEdit {
        cruxes: Some(vec![table.crux, other]),
        people: Some(people),
        held_at: None,
        ..RoundEdit::default()
    })));
    let blank = SealedAnswers {
        answers: Vec::new(),
        ..kept(table.crux, 0.0)
    };
    let given = [(table.ann, kept(table.crux, 40.0)), (table.bob, blank)];
    for (person, sealed) in &given {
        let seal = sealed.seal(round, *person);
        table.desk.does(Command::SealAnswers(RoundSealed {
            round,
            person: *person,
            seal,
        }));
    }
    table.desk.does(Command::CloseRound(round));
    for (person, sealed) in given {
        table.desk.does(Command::RevealAnswers {
            round,
            person,
            sealed,
        });
    }
    let found = findings(&table.desk.board, table.desk.board.round(round).unwrap());
    let blank = |crux| {
        let finding = found
            .iter()
            .find(|finding| finding.topic == Topic::Crux(crux))
            .unwrap();
        (finding.answers.len(), finding.blank.clone())
    };
    assert_eq!(blank(table.crux), (1, vec![table.bob]));
    assert_eq!(blank(other), (0, vec![table.ann, table.bob]));
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
fn undo_never_takes_back_a_seal_a_closing_or_a_reveal_and_reaches_earlier_changes_after_it() {
    let mut table = Table::new();
    let why_not = |table: &Table| table.desk.undo.why_not(table.desk.board.log());
    let said = table.desk.states(table.crux, "Bob", 50.0);
    assert_eq!(table.desk.undo.next_undo(), Some(&[said.0][..]));
    assert_eq!(why_not(&table), None);
    table.seals(table.ann, 37.0);
    assert_eq!(table.desk.undo.next_undo(), None);
    assert!(why_not(&table).unwrap().starts_with("A sealed answer"));
    table.closes();
    assert_eq!(table.desk.undo.next_undo(), Some(&[said.0][..]));
    // Each device publishes its answers by itself, even if somebody else has closed the round.
    table.reveals(table.ann, 37.0);
    assert_eq!(table.desk.undo.next_undo(), Some(&[said.0][..]));
    assert_eq!(why_not(&table), None);
    assert_eq!(
        table.desk.undo,
        UndoStack::of(table.desk.board.log(), DEVICE)
    );
    let later = table.desk.states(table.crux, "Bob", 52.0);
    assert_eq!(table.desk.undo.next_undo(), Some(&[later.0][..]));
    table.desk.undoes();
    table.desk.undoes();
    assert!(table.desk.board.statement(said).is_none());
    // The round, its crux and the board with its people stay.
    assert_eq!(table.desk.undo.next_undo(), None);
    assert!(
        why_not(&table)
            .unwrap()
            .starts_with("Nothing more can be undone")
    );
    assert_eq!(
        table.desk.undo,
        UndoStack::of(table.desk.board.log(), DEVICE)
    );
    assert!(matches!(table.stands(table.ann), Standing::Revealed(_)));
    assert!(table.desk.undo.next_redo().is_some());
}

#[test]
fn a_reveal_for_a_round_that_was_closed_elsewhere_is_no_action_of_this_person() {
    let mut table = Table::new();
    table.seals(table.ann, 37.0);
    let said = table.desk.states(table.crux, "Bob", 50.0);
    let id = table.elsewhere();
    let round = table.round;
    table.arrives(
        id,
        Payload::RoundClosed(Box::new(cruxboard_domain::change::RoundClosed {
            round,
            seals: None,
            without: Vec::new(),
        })),
    );
    table.reveals(table.ann, 37.0);
    assert_eq!(table.desk.undo.next_undo(), Some(&[said.0][..]));
}

#[test]
fn undo_takes_neither_an_open_round_nor_what_it_asks_about() {
    let mut table = Table::new();
    // A person may be typing an answer, which the log does not show, so the round, its crux and the board
    // with its people cannot be undone.
    assert_eq!(table.desk.undo.next_undo(), None);
    let why = table.desk.undo.why_not(table.desk.board.log());
    assert!(why.unwrap().starts_with("A blind round cannot be undone"));
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
            ..RoundEdit::default()
        })),
    );
    assert_eq!(table.desk.undo.next_undo(), None);
    assert_eq!(
        table.desk.undo.why_not(table.desk.board.log()).as_deref(),
        Some("“Crux added” cannot be undone: a blind round or a review builds on it.")
    );
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
    // Once the note is erased, nothing depends on the review any more.
    table.desk.does(Command::Redact(vec![id]));
    assert_eq!(table.desk.undo.next_undo(), Some(&[review.0][..]));
}
