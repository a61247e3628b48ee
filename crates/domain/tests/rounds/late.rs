//! Answers that a closing leaves out.

use super::*;

#[test]
fn closing_early_says_whom_it_did_not_wait_for_and_who_was_removed_is_not_waited_for() {
    let mut table = Table::new();
    let cyn = PersonId(table.desk.does(Command::AddPerson(PersonEdit {
        name: Some("Cyn".into()),
        ..PersonEdit::default()
    })));
    table.seals(cyn, 10.0);
    let round = |table: &Table| table.desk.board.round(table.round).unwrap().clone();
    // A person who was not asked may join.
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
    // Ann's device was offline, or pretends that it was: her seal is dated before the closing.
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
    // The late answer is a credence like others, but marked as stated after seeing other people's numbers.
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
        ..RoundEdit::default()
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
