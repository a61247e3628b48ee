//! Reworded claims: credences stated on an earlier wording, and people who leave.

use crate::desk::{Desk, at_least, edited};
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, CommandError};
use cruxboard_domain::due::{Clearing, DueKind, Who, due};
use cruxboard_domain::estimate::{estimate, steps};
use cruxboard_domain::record::*;
use cruxboard_domain::rewording::{Run, is_rewording, other_words, word_difference, wordings};
use cruxboard_domain::snapshot::file::SnapshotFile;
use cruxboard_domain::snapshot::link::{fold, unfold};
use cruxboard_domain::snapshot::{Snapshot, SnapshotRequest, take};
use cruxboard_domain::trigger_state::{TriggerState, measured};
use cruxboard_domain::waterfall::{Cause, waterfall};
use cruxboard_domain::{BoardId, Credence, Millis};

fn reword(crux: CruxId, claim: &str, reason: &str) -> Command {
    let set = CruxEdit {
        claim: Some(claim.into()),
        ..CruxEdit::default()
    };
    let mut edit = edited(crux, set);
    edit.reason = reason.into();
    Command::EditCrux(edit)
}

#[test]
fn other_words_take_a_reason_once_somebody_has_stated_a_credence() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It pays within a year.");
    desk.does(reword(crux, "It pays within two years.", ""));
    desk.states(crux, "Ann", 60.0);
    for claim in ["It pays within a year.", "It never pays."] {
        let refused = desk.refuses(reword(crux, claim, "  "));
        assert_eq!(refused, CommandError::RewordingNeedsReason, "{claim}");
        assert_eq!(refused.field(), Some("reason"));
    }
    // Punctuation, case and white space do not change the meaning.
    desk.does(reword(crux, "it pays,  within two years", ""));
    desk.does(reword(crux, "It pays within a year.", "two was too vague"));
    let reasons: Vec<_> = wordings(&desk.board, crux)
        .into_iter()
        .map(|it| it.reason)
        .collect();
    assert_eq!(reasons, ["", "", "two was too vague"]);
}

#[test]
fn words_differ_where_what_is_claimed_may() {
    for (before, after, differs) in [
        ("It is so.", "It is so", false),
        ("It is so", "it  IS\nso!", false),
        ("It is so", "It is not so", true),
        ("At 5", "At 5%", true),
        ("a b", "b a", true),
        ("", "", false),
    ] {
        assert_eq!(is_rewording(before, after), differs, "{before:?} {after:?}");
    }
}

#[test]
fn older_credences_are_marked_until_they_are_confirmed_or_restated() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It pays within two years.");
    let ann = desk.states(crux, "Ann", 60.0);
    let bob = desk.states(crux, "Bob", 40.0);
    desk.days_pass(1);
    let marked = |desk: &Desk| -> Vec<PersonId> {
        let views = desk.board.current_views(crux, desk.now).into_iter();
        let marked = views.filter(|view| other_words(&desk.board, crux, view.id).is_some());
        marked.map(|view| view.statement.person).collect()
    };
    assert_eq!(marked(&desk), []);
    desk.does(reword(crux, "It pays within a year.", "sharper"));
    let (a, b) = (desk.person("Ann"), desk.person("Bob"));
    assert_eq!(marked(&desk), [a, b]);
    let words = other_words(&desk.board, crux, ann).unwrap();
    assert_eq!(words.then, "It pays within two years.");
    assert_eq!(words.reasons, ["sharper"]);
    let asked: Vec<_> = due(&desk.board, Now::utc(desk.now))
        .into_iter()
        .filter(|item| item.kind == DueKind::Reworded)
        .collect();
    let who: Vec<_> = asked.iter().map(|item| item.who.clone()).collect();
    assert_eq!(who, [Who::Person(a), Who::Person(b)]);
    let confirm = asked[0].command(&desk.board, Clearing::Reaffirm).unwrap();
    desk.does(confirm);
    assert_eq!(marked(&desk), [b]);
    desk.states(crux, "Bob", 20.0);
    assert_eq!(marked(&desk), []);
    // The old statement stays marked until the claim has its old wording again.
    assert!(other_words(&desk.board, crux, bob).is_some());
    desk.does(reword(crux, "It pays within two years.", "back"));
    assert_eq!(other_words(&desk.board, crux, bob), None);
    assert_eq!(marked(&desk), [a, b]);
    desk.undoes();
    assert_eq!(marked(&desk), []);
}

#[test]
fn splitting_a_claim_marks_the_credences_in_the_whole() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is dear and slow.");
    let said = desk.states(crux, "Ann", 60.0);
    desk.does(Command::SplitCrux {
        crux,
        keep: "It is dear.".into(),
        part: CruxEdit {
            claim: Some("It is slow.".into()),
            ..CruxEdit::default()
        },
    });
    let words = other_words(&desk.board, crux, said).unwrap();
    assert_eq!(words.reasons, ["split"]);
}

#[test]
fn a_difference_holds_every_word_of_both_texts_once() {
    let same = |text: &str| Run::Same(text.into());
    let removed = |text: &str| Run::Removed(text.into());
    let added = |text: &str| Run::Added(text.into());
    for (before, after, runs) in [
        ("a b c", "a b c", vec![same("a b c")]),
        (
            "a b c",
            "a x c",
            vec![same("a"), removed("b"), added("x"), same("c")],
        ),
        ("", "a b", vec![added("a b")]),
        ("a b", "", vec![removed("a b")]),
        ("a b", "b a", vec![removed("a"), same("b"), added("a")]),
    ] {
        assert_eq!(word_difference(before, after), runs, "{before:?} {after:?}");
    }
}

fn leaves(desk: &mut Desk, who: &str, day: &str) {
    let set = PersonEdit {
        left_on: Some(day.parse().ok()),
        ..PersonEdit::default()
    };
    let person = desk.person(who);
    desk.does(Command::EditPerson(edited(person, set)));
}

#[test]
fn who_has_left_counts_up_to_that_day_and_not_from_then_on() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_rule(crux, at_least(50.0, 0));
    desk.states(crux, "Ann", 20.0);
    desk.states(crux, "Bob", 90.0);
    let third = PersonEdit {
        name: Some("Cy".into()),
        ..PersonEdit::default()
    };
    desk.does(Command::AddPerson(third));
    desk.states(crux, "Cy", 20.0);
    let day_of_board = |desk: &Desk, day: &str| {
        let day: chrono::NaiveDate = day.parse().unwrap();
        let now = day
            .and_hms_opt(12, 0, 0)
            .unwrap()
            .and_utc()
            .timestamp_millis();
        let views = desk
            .board
            .current_views(crux, Millis(u64::try_from(now).unwrap()));
        estimate(&desk.board, &views, true).map(|group| (group.count, group.aggregate))
    };
    let before = day_of_board(&desk, "2026-12-01");
    let settled = desk.state_on(trigger, "2026-12-01");
    leaves(&mut desk, "Bob", "2026-12-02");
    assert_eq!(day_of_board(&desk, "2026-12-01"), before);
    assert_eq!(desk.state_on(trigger, "2026-12-01"), settled);
    let (count, aggregate) = day_of_board(&desk, "2026-12-02").unwrap();
    assert_eq!((count, aggregate), (2, Credence::clamped(20.0)));
    let trigger = desk.board.trigger(trigger).unwrap();
    let day: chrono::NaiveDate = "2026-12-02".parse().unwrap();
    let found = measured(&desk.board, trigger, day).unwrap();
    assert_eq!((found.people, found.of, found.quorum), (2, 2, 2));
    assert_eq!(desk.state_on(trigger.id, "2026-12-02"), TriggerState::Armed);
}

#[test]
fn the_history_keeps_who_has_left_and_the_waterfall_names_the_departure() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 20.0);
    desk.states(crux, "Bob", 80.0);
    let before = steps(&desk.board, crux);
    leaves(&mut desk, "Bob", "2026-11-25");
    assert_eq!(steps(&desk.board, crux), before);
    desk.days_pass(10);
    desk.states(crux, "Ann", 30.0);
    let found = waterfall(&desk.board, crux, None).unwrap();
    assert_eq!(found.last, Credence::clamped(30.0));
    let departure = found
        .parts
        .iter()
        .find(|part| part.cause == Cause::Departure)
        .unwrap();
    // The move from 50% back to Ann's 20% is two bits down.
    assert!((departure.bits + 2.0).abs() < 1e-9, "{found:?}");
    let sum: f64 = found.parts.iter().map(|part| part.bits).sum();
    assert!((sum - found.bits()).abs() < 1e-9);
}

#[test]
fn a_claim_to_be_judged_by_a_day_is_due_then() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let set = CruxEdit {
        judge_by: Some("2026-12-01".parse().ok()),
        base_rate: Some(Some(Credence::clamped(12.5))),
        reference_class: Some("such things".into()),
        resolution: Some("the register says so".into()),
        ..CruxEdit::default()
    };
    desk.edits_crux(crux, set);
    let item = &due(&desk.board, Now::utc(desk.now))[0];
    assert_eq!(
        (item.kind, item.date),
        (DueKind::ClaimByDate, "2026-12-01".parse().ok())
    );
}

#[test]
fn a_snapshot_marks_credences_on_other_words_without_telling_the_words() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is secretly so");
    desk.states(crux, "Ann", 40.0);
    desk.edits_crux(
        crux,
        CruxEdit {
            claim: Some("It is so in half of all cases".into()),
            ..CruxEdit::default()
        },
    );
    desk.states(crux, "Bob", 60.0);
    let snapshot = take(
        &desk.board,
        BoardId::default(),
        &SnapshotRequest::default(),
        desk.now,
    )
    .snapshot;
    let marked = |snapshot: &Snapshot| {
        let views = snapshot.reading().cruxes.remove(0).views;
        let marks = views
            .into_iter()
            .map(|view| (view.name, view.is_on_other_words));
        marks.collect::<Vec<_>>()
    };
    let expected = [("Ann".to_owned(), true), ("Bob".to_owned(), false)];
    assert_eq!(marked(&snapshot), expected);
    let folded = fold(&snapshot);
    assert_eq!(unfold(&folded).unwrap(), snapshot);
    let file = snapshot.to_json();
    assert!(!file.contains("secretly"));
    assert!(
        matches!(SnapshotFile::from_json(&file), Ok(SnapshotFile::Open(it)) if *it == snapshot)
    );
    for text in [snapshot.to_markdown(), snapshot.to_html()] {
        assert_eq!(text.matches("(stated on other words)").count(), 1);
    }
    // A version that ignores the extension reads the rest.
    let older = unfold(&folded.base.into()).unwrap();
    assert!(marked(&older).iter().all(|(_, is_marked)| !is_marked));
}
