//! The trash, and the authors of texts.

use crate::desk::{Desk, NOW, edited};
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, Issuer, decide};
use cruxboard_domain::record::*;
use cruxboard_domain::summary::summary;
use cruxboard_domain::view::next_date;

#[test]
fn what_lies_in_the_trash_is_listed_by_name_and_comes_back_whole() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    let evidence = desk.files("Seen", &[(crux, Direction::For)]);
    let statement = desk.states(crux, "Ann", 35.5);
    let review = desk.reviews();
    let before = desk.board.cruxes().len();
    for (id, kind, name) in [
        (crux.0, "Crux", "It is so"),
        (trigger.0, "Trigger", "it is seen"),
        (evidence.0, "Evidence", "Seen"),
        (statement.0, "Credence", "35.5%"),
        (review, "Review", "2026-11-23"),
        (desk.person("Bob").0, "Person", "Bob"),
        (desk.option("Double down").0, "Option", "Double down"),
    ] {
        desk.does(Command::Trash(id));
        assert_eq!(
            desk.board.trash()[0],
            (id, kind, name.to_owned()),
            "the latest comes first"
        );
        assert!(desk.board.is_trashed(id));
    }
    assert_eq!(
        (desk.board.cruxes().len(), desk.board.triggers().count()),
        (before - 1, 0)
    );
    for (id, ..) in desk.board.trash() {
        desk.does(Command::Restore(id));
    }
    assert_eq!(
        (desk.board.cruxes().len(), desk.board.triggers().count()),
        (before, 1)
    );
    assert_eq!(desk.board.trash(), []);
}

#[test]
fn triggers_of_a_crux_in_the_trash_are_not_counted() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.adds_trigger(crux, "Wind down");
    assert_eq!(
        summary(&desk.board, Now::utc(NOW), true).triggers.total(),
        1
    );
    desk.does(Command::Trash(crux.0));
    assert_eq!(
        summary(&desk.board, Now::utc(NOW), true).triggers.total(),
        0
    );
}

#[test]
fn triggers_of_a_settled_or_retired_crux_are_neither_counted_nor_due() {
    for stage in [Stage::SettledTrue, Stage::SettledFalse, Stage::Retired] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        desk.adds_trigger(crux, "Wind down");
        let due = |desk: &Desk| {
            let crux = desk.board.crux(crux).cloned().unwrap();
            next_date(&desk.board, &crux, NOW.day())
        };
        assert!(due(&desk).is_some());
        let before = summary(&desk.board, Now::utc(NOW), true);
        assert_eq!(before.triggers.total(), 1);
        assert_eq!(
            before
                .options
                .iter()
                .map(|o| o.triggers.total())
                .sum::<usize>(),
            1
        );
        desk.does(Command::EditCrux(edited(
            crux,
            CruxEdit {
                stage: Some(Some(stage)),
                stage_reason: Some("it is done".into()),
                ..CruxEdit::default()
            },
        )));
        let after = summary(&desk.board, Now::utc(NOW), true);
        assert_eq!(after.triggers.total(), 0);
        assert_eq!(
            after
                .options
                .iter()
                .map(|o| o.triggers.total())
                .sum::<usize>(),
            0
        );
        assert_eq!(due(&desk), None);
    }
}

#[test]
fn the_author_of_a_text_is_the_person_who_stored_it_last() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let (ann, bob) = (desk.person("Ann"), desk.person("Bob"));
    let mut writes = |by: Option<PersonId>, set: CruxEdit| {
        let mut issuer = Issuer {
            by,
            now: Now::utc(NOW),
            clock: &mut desk.clock,
        };
        let changes = decide(
            &desk.board,
            Command::EditCrux(edited(crux, set)),
            &mut issuer,
        );
        for change in changes.unwrap() {
            desk.board.apply(change);
        }
    };
    let title = |text: &str| CruxEdit {
        title: Some(text.into()),
        ..CruxEdit::default()
    };
    writes(Some(bob), title("Re\"ach"));
    writes(Some(ann), title("Depth"));
    writes(None, title("Width"));
    writes(
        Some(ann),
        CruxEdit {
            tags: Some(vec!["Re\"ach".into()]),
            review_on: Some("2027-12-31".parse().ok()),
            ..CruxEdit::default()
        },
    );
    for (part, author) in [
        (r#""title":"Re\"ach""#, Some(bob)),
        (r#""tags":["Re\"ach"]"#, Some(ann)),
        (r#""review_on":"2027-12-31""#, Some(ann)),
        (r#""title":"Depth""#, Some(ann)),
        (r#""title":"Width""#, None),
        (r#""title":"Height""#, None),
    ] {
        assert_eq!(desk.board.author_of(part), author, "{part}");
    }
}
