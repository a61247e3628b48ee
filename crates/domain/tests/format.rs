//! The fields that a change sets, with the values before, as record histories show them.

use crate::desk::{Desk, judge};
use cruxboard_domain::ChangeId;
use cruxboard_domain::change::Edited;
use cruxboard_domain::decide::Command;
use cruxboard_domain::format::set_fields;
use cruxboard_domain::record::*;

/// Returns "label: before → after" for each field that a change sets and that had a value before.
fn moved(desk: &Desk, change: ChangeId) -> Vec<String> {
    let change = desk.board.log().change(change).unwrap();
    let fields = set_fields(&desk.board, change).into_iter();
    let moved = fields.filter_map(|field| {
        let before = field.before?;
        Some(format!("{}: {before} → {}", field.label, field.after))
    });
    moved.collect()
}

#[test]
fn a_credence_is_told_with_what_its_person_had_stated_before() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let other = desk.adds_crux("It is more so");
    let first = desk.states(crux, "Ann", 40.0);
    desk.states(other, "Ann", 10.0);
    desk.states(crux, "Bob", 20.0);
    let second = desk.states(crux, "Ann", 55.0);
    assert_eq!(moved(&desk, first.0), [] as [String; 0]);
    assert_eq!(moved(&desk, second.0), ["Credence: 40% → 55%"]);
    // A statement that was undone does not count as a value before.
    desk.undoes();
    let third = desk.states(crux, "Ann", 60.0);
    assert_eq!(moved(&desk, third.0), ["Credence: 40% → 60%"]);
}

#[test]
fn an_edit_is_told_with_what_the_field_held_before() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let edit = |title: &str, claim: Option<&str>| {
        Command::EditCrux(Edited {
            of: crux,
            set: CruxEdit {
                title: Some(title.into()),
                claim: claim.map(Into::into),
                ..CruxEdit::default()
            },
            reason: String::new(),
        })
    };
    let titled = desk.does(edit("So", None));
    let both = desk.does(edit("Thus", Some("It is thus")));
    assert_eq!(moved(&desk, titled), [] as [String; 0]);
    assert_eq!(
        moved(&desk, both),
        ["Claim: It is so → It is thus", "Title: So → Thus"]
    );
    let question = desk.does(Command::Describe(BoardInfoEdit {
        question: Some("Stop?".into()),
        ..BoardInfoEdit::default()
    }));
    assert_eq!(
        moved(&desk, question),
        ["Decision question: Go on? → Stop?"]
    );
}

#[test]
fn dates_are_told_as_people_write_them() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let reviewed = |desk: &mut Desk, day: Option<&str>| {
        desk.does(Command::EditCrux(Edited {
            of: crux,
            set: CruxEdit {
                review_on: Some(day.map(|day| day.parse().unwrap())),
                ..CruxEdit::default()
            },
            reason: String::new(),
        }))
    };
    reviewed(&mut desk, Some("2027-01-15"));
    let later = reviewed(&mut desk, Some("2027-03-01"));
    assert_eq!(moved(&desk, later), ["Review on: 15 Jan 2027 → 1 Mar 2027"]);
    let never = reviewed(&mut desk, None);
    assert_eq!(moved(&desk, never), ["Review on: 1 Mar 2027 → nothing"]);
    let item = desk.files("Seen", &[(crux, Direction::For)]);
    let dated = |desk: &mut Desk, text: &str, day: &str| {
        desk.does(Command::EditEvidence(Edited {
            of: item,
            set: EvidenceEdit {
                text: Some(text.into()),
                event_date: Some(day.parse().unwrap()),
                ..EvidenceEdit::default()
            },
            reason: String::new(),
        }))
    };
    // A text that looks like a date is the words of a person.
    dated(&mut desk, "2026-11-01", "2026");
    let exact = dated(&mut desk, "2026-11-02", "2026-11");
    assert_eq!(
        moved(&desk, exact),
        [
            "Event date: 2026 → Nov 2026",
            "Text: 2026-11-01 → 2026-11-02"
        ]
    );
}

#[test]
fn a_judgement_and_a_weighing_are_told_with_the_one_before_them() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let other = desk.adds_crux("It is more so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    let met = desk.does(judge(trigger, Verdict::Met, "seen"));
    let void = desk.does(judge(trigger, Verdict::Void, "not it"));
    assert_eq!(moved(&desk, met), [] as [String; 0]);
    // A reason belongs to its own judgement, so it has no value before.
    assert_eq!(moved(&desk, void).len(), 1);
    assert!(moved(&desk, void)[0].starts_with("Verdict: "));

    let item = desk.files(
        "Seen",
        &[(crux, Direction::For), (other, Direction::Against)],
    );
    let weighed = desk.does(Command::WeighEvidence {
        evidence: item,
        crux,
        bears_on: None,
    });
    assert_eq!(moved(&desk, weighed), ["Bears on: for, moderate → nothing"]);
}
