//! Filters and search of cruxes, evidence and follow-ups.

use crate::desk::{Desk, NOW, edited, full_trigger};
use cruxboard_domain::VagueDate;
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::*;
use cruxboard_domain::summary::summary;
use cruxboard_domain::view::{
    Facet, Filter, Sort, facet_label, next_date, shown, shown_evidence, shown_follow_ups,
};
use std::collections::BTreeSet;

#[test]
fn a_crux_without_any_evidence_is_not_one_sided() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let one_sided = |desk: &Desk| summary(&desk.board, Now::utc(NOW), true).one_sided;
    assert_eq!(one_sided(&desk), 0);
    desk.files("Seen", &[(crux, Direction::For)]);
    assert_eq!(one_sided(&desk), 1);
    desk.files("Not seen", &[(crux, Direction::Against)]);
    assert_eq!(one_sided(&desk), 0);
}

#[test]
fn the_next_date_is_the_earliest_that_still_waits() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let next = |desk: &Desk| {
        let next = next_date(
            &desk.board,
            desk.board.crux(crux).unwrap(),
            "2026-11-23".parse::<chrono::NaiveDate>().unwrap(),
        );
        next.map(|(day, what)| (day.to_string(), what))
    };
    let set = |date: &str, what| Some((date.to_owned(), what));
    assert_eq!(next(&desk), None);
    let draft = TriggerEdit {
        armed: Some(false),
        ..full_trigger(crux)
    };
    desk.does(Command::AddTrigger(draft));
    assert_eq!(next(&desk), None, "nobody waits for a draft");
    let trigger = desk.adds_trigger(crux, "Wind down");
    assert_eq!(next(&desk), set("2027-06-30", "by-date"));
    desk.edits_crux(
        crux,
        CruxEdit {
            review_on: Some("2027-05-01".parse().ok()),
            ..CruxEdit::default()
        },
    );
    assert_eq!(next(&desk), set("2027-05-01", "review"));
    let soon = TriggerEdit {
        review_on: Some("2027-01-15".parse().ok()),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(trigger, soon, "").unwrap();
    assert_eq!(next(&desk), set("2027-01-15", "trigger review"));
    for verdict in [Verdict::NotMet, Verdict::Void] {
        desk.judges(trigger, verdict);
        assert_eq!(next(&desk), set("2027-05-01", "review"), "{verdict:?}");
    }
    // A met trigger is still reviewed, as the list of due items says.
    desk.judges(trigger, Verdict::Met);
    assert_eq!(next(&desk), set("2027-01-15", "trigger review"));
    desk.judges(trigger, Verdict::Near);
    assert_eq!(next(&desk), set("2027-01-15", "trigger review"));
}

#[test]
fn a_facet_with_nothing_chosen_hides_nothing() {
    let mut desk = Desk::new();
    desk.adds_crux("a");
    let mut filter = Filter::default();
    filter
        .chosen
        .entry(cruxboard_domain::view::Facet::Tag)
        .or_default();
    assert!(filter.is_empty());
    filter.search = "a".into();
    assert_eq!(
        shown(&desk.board, &filter, Sort::Own, Now::utc(NOW), true).len(),
        1
    );
}

#[test]
fn items_of_one_origin_are_found_whichever_of_them_says_so() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let other = desk.adds_crux("It is more so");
    let on = |crux| [(crux, Direction::For)];
    let first = desk.files("Seen", &on(crux));
    let second = desk.files("Seen again", &on(crux));
    let third = desk.files("Seen elsewhere", &on(other));
    let same = |desk: &mut Desk, item, as_item| {
        desk.does(Command::EditEvidence(edited(
            item,
            EvidenceEdit {
                same_origin_as: Some(vec![as_item]),
                ..EvidenceEdit::default()
            },
        )));
    };
    let sharing = |desk: &Desk| desk.board.sharing_origin();
    // Each shares its origin only with an item on another crux, so nothing counts twice on this one.
    same(&mut desk, first, third);
    assert_eq!(desk.board.of_one_origin(crux), 0);
    assert_eq!(sharing(&desk), BTreeSet::from([first, third]));
    // Both items share their origin with the same third item.
    same(&mut desk, second, third);
    assert_eq!(desk.board.of_one_origin(crux), 2);
    // The later item refers to the earlier one, and the earlier one to nothing.
    desk.undoes();
    same(&mut desk, second, first);
    assert_eq!(desk.board.of_one_origin(crux), 2);
    let filter = |value: &str| {
        let mut filter = Filter::default();
        filter.toggle(Facet::Has, value);
        filter
    };
    let now = Now::utc(NOW);
    let shown = shown(&desk.board, &filter("same-origin"), Sort::Own, now, true);
    assert_eq!(shown, [crux]);
    assert_eq!(
        shown_evidence(&desk.board, &filter("same-origin")),
        [third, second, first]
    );
    desk.does(Command::Trash(third.0));
    assert_eq!(sharing(&desk), BTreeSet::from([first, second]));
}

#[test]
fn evidence_and_follow_ups_are_found_by_what_was_recorded_of_them() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let plain = desk.files("Seen", &[(crux, Direction::For)]);
    let item = EvidenceId(desk.does(Command::FileEvidence {
        evidence: EvidenceEdit {
            quote: Some("It was".into()),
            message: Some("A-7".into()),
            source: Some("Commenter A".into()),
            kind: Some(Some(Kind::Study)),
            reliability: Some(Some(Reliability::Low)),
            visibility: Some(Some(Visibility::Private)),
            origin: Some(Some(Origin::Own)),
            passed_on_by: Some(vec!["Colleague 1".into()]),
            seen_by: Some(vec!["Ann".into()]),
            not_in_hand: Some(true),
            already_read: Some(true),
            event_date: Some(VagueDate::Year(2025)),
            tags: Some(vec!["prior".into()]),
            ..EvidenceEdit::default()
        },
        bears_on: Vec::new(),
        moves: Vec::new(),
    }));
    let shown = |desk: &Desk, facet, value: &str| {
        let mut filter = Filter::default();
        filter.toggle(facet, value);
        shown_evidence(&desk.board, &filter)
    };
    for (facet, value) in [
        (Facet::Kind, "study"),
        (Facet::Reliability, "low"),
        (Facet::Visibility, "private"),
        (Facet::Source, "Commenter A"),
        (Facet::Origin, "own"),
        (Facet::Tag, "prior"),
        (Facet::Has, "second-hand"),
        (Facet::Has, "seen-by"),
        (Facet::Has, "not-in-hand"),
        (Facet::Has, "already-read"),
        (Facet::Has, "idle"),
    ] {
        assert_eq!(shown(&desk, facet, value), [item], "{facet:?} {value}");
        assert_ne!(facet_label(&desk.board, facet, value), "");
    }
    assert_eq!(shown(&desk, Facet::Has, "undated"), [plain]);
    for words in ["a-7", "colleague 1", "prior was", "ANN"] {
        let filter = Filter {
            search: words.into(),
            ..Filter::default()
        };
        assert_eq!(shown_evidence(&desk.board, &filter), [item], "{words}");
    }

    let owed = FollowUpId(desk.does(Command::AddFollowUp(FollowUpEdit {
        what: Some("Answer the first point".into()),
        kind: Some(Some(FollowUpKind::Reply)),
        owner: Some("Ann".into()),
        whom: Some("Commenter A".into()),
        crux: Some(Some(crux)),
        ..FollowUpEdit::default()
    })));
    let loose = FollowUpId(desk.does(Command::AddFollowUp(FollowUpEdit {
        what: Some("Read it".into()),
        state: Some(Some(FollowUpState::Optional)),
        ..FollowUpEdit::default()
    })));
    let shown = |facet, value: &str| {
        let mut filter = Filter::default();
        filter.toggle(facet, value);
        shown_follow_ups(&desk.board, &filter)
    };
    for (facet, value, expected) in [
        (Facet::FollowUpKind, "reply", owed),
        (Facet::Who, "Ann", owed),
        (Facet::Whom, "Commenter A", owed),
        (Facet::FollowUp, "owed", owed),
        (Facet::FollowUp, "optional", loose),
        (Facet::Has, "no-crux", loose),
    ] {
        assert_eq!(shown(facet, value), [expected], "{facet:?} {value}");
    }
}

#[test]
fn a_crux_is_found_by_any_text_of_its_own_and_of_what_hangs_on_it() {
    let mut desk = Desk::new();
    desk.adds_crux("Something else");
    let crux = desk.adds_crux("It is so");
    // Each text contains a different word.
    let mut words = Vec::new();
    let mut text = || {
        words.push(format!("w{}x", words.len()));
        words.last().cloned()
    };
    desk.edits_crux(
        crux,
        CruxEdit {
            title: text(),
            claim: text(),
            if_true_note: text(),
            stage_reason: text(),
            tags: text().map(|it| vec![it]),
            bearings: text().map(|degree| {
                let kind = BearingKind::NetNegative;
                vec![Bearing { kind, degree }]
            }),
            scope_note: text(),
            wider_class: text(),
            alternative: text(),
            hits_alternative: text(),
            due_to: text(),
            conditions: text().map(|it| vec![it]),
            hedge: text(),
            sourced_from: text(),
            one_liner: text(),
            implication: text(),
            mitigations: text()
                .zip(text())
                .map(|(what, cost)| vec![Mitigation { what, cost }]),
            test_cost: text(),
            note: text(),
            resolution: text(),
            reference_class: text(),
            ..CruxEdit::default()
        },
    );
    desk.does(Command::AddTrigger(TriggerEdit {
        crux: Some(crux),
        observable: text(),
        source: text(),
        threshold: text(),
        judge: text(),
        action: text(),
        ..TriggerEdit::default()
    }));
    desk.does(Command::FileEvidence {
        evidence: EvidenceEdit {
            text: text(),
            quote: text(),
            url: text().map(|it| format!("https://{it}.example")),
            source: text(),
            message: text(),
            passed_on_by: text().map(|it| vec![it]),
            seen_by: text().map(|it| vec![it]),
            exceptions: text().map(|it| vec![it]),
            tags: text().map(|it| vec![it]),
            rivals: text().map(|text| {
                let weight = String::new();
                vec![Rival { text, weight }]
            }),
            ..EvidenceEdit::default()
        },
        bears_on: vec![(
            crux,
            BearsOn {
                direction: Direction::For,
                strength: Strength::Slight,
            },
        )],
        moves: Vec::new(),
    });
    desk.does(Command::RecordPosition(PositionEdit {
        crux: Some(crux),
        holder: text(),
        message: text(),
        quote: text(),
        hedge: text(),
        note: text(),
        ..PositionEdit::default()
    }));
    desk.does(Command::AddFollowUp(FollowUpEdit {
        crux: Some(Some(crux)),
        what: text(),
        owner: text(),
        whom: text(),
        outcome: text(),
        ..FollowUpEdit::default()
    }));
    assert!(words.len() > 40);
    for word in words {
        let filter = Filter {
            search: word.clone(),
            ..Filter::default()
        };
        let found = shown(&desk.board, &filter, Sort::Own, Now::utc(NOW), true);
        assert_eq!(found, [crux], "{word}");
    }
}

#[test]
fn what_the_red_team_has_not_looked_at_yet_is_a_filter_where_there_is_one() {
    let mut desk = Desk::new();
    let first = desk.adds_crux("It is so");
    let second = desk.adds_crux("It is more so");
    desk.states(first, "Ann", 10.0);
    desk.states(second, "Bob", 90.0);
    let with = |desk: &Desk, key: &str| {
        let mut filter = Filter::default();
        filter.toggle(Facet::Has, key);
        shown(&desk.board, &filter, Sort::Own, Now::utc(NOW), true)
    };
    assert_eq!(with(&desk, "no-red-team"), [], "nobody is on one");
    let ann = desk.person("Ann");
    desk.does(Command::EditPerson(edited(
        ann,
        PersonEdit {
            red_team: Some(true),
            ..PersonEdit::default()
        },
    )));
    assert_eq!(with(&desk, "red-team"), [first]);
    assert_eq!(with(&desk, "no-red-team"), [second]);
}

#[test]
fn standing_by_a_view_is_no_move_and_the_switch_for_stale_ones_decides_what_a_spread_is() {
    let mut desk = Desk::new();
    let first = desk.adds_crux("It is so");
    let second = desk.adds_crux("It is more so");
    desk.states(first, "Ann", 10.0);
    desk.states(first, "Bob", 90.0);
    desk.days_pass(100);
    desk.states(first, "Bob", 80.0);
    desk.states(second, "Ann", 40.0);
    desk.states(second, "Bob", 60.0);
    let order = |desk: &Desk, sort, with_stale| {
        let now = Now::utc(desk.now);
        shown(&desk.board, &Filter::default(), sort, now, with_stale)
    };
    assert_eq!(order(&desk, Sort::Disagreement, true), [first, second]);
    // Ann's stale credence on the first crux is left out, so nobody disagrees there.
    assert_eq!(order(&desk, Sort::Disagreement, false), [second, first]);
    let person = desk.person("Ann");
    desk.days_pass(1);
    desk.does(Command::Reaffirm {
        crux: first,
        person,
    });
    assert_eq!(order(&desk, Sort::Moved, true), [second, first]);
}
