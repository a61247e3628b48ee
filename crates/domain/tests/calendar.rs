//! The calendar file, read back by another's parser.

use crate::desk::{Desk, NOW};
use cruxboard_domain::Stamp;
use cruxboard_domain::calendar::calendar;
use cruxboard_domain::change::Edited;
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::*;
use icalendar::{Calendar, CalendarComponent, Component};
use proptest::prelude::*;

fn events(file: &str) -> Vec<icalendar::Event> {
    let calendar: Calendar = file.parse().unwrap();
    let events = calendar
        .components
        .into_iter()
        .map(|component| match component {
            CalendarComponent::Event(event) => event,
            other => panic!("{other:?} is no event"),
        });
    events.collect()
}

fn owes(desk: &mut Desk, what: &str, day: &str) -> FollowUpId {
    FollowUpId(desk.does(Command::AddFollowUp(FollowUpEdit {
        what: Some(what.into()),
        by_date: Some(day.parse().ok()),
        ..FollowUpEdit::default()
    })))
}

#[test]
fn reviews_by_dates_revisits_and_follow_ups_are_in_it_with_ids_that_stay() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.adds_trigger(crux, "Wind down");
    desk.edits_crux(
        crux,
        CruxEdit {
            review_on: Some("2027-01-15".parse().ok()),
            ..CruxEdit::default()
        },
    );
    desk.does(Command::RecordDecision(DecisionEdit {
        option: Some(Some(desk.option("Continue"))),
        why: Some("so".into()),
        until: Some("2027-03-31".parse().ok()),
        ..DecisionEdit::default()
    }));
    let reply = owes(&mut desk, "Reply", "2026-12-01");
    let read = |desk: &Desk| {
        let events = events(&calendar(Stamp::MIN, &desk.board, Now::utc(desk.now))).into_iter();
        let event = |event: icalendar::Event| {
            let day = event.property_value("DTSTART").unwrap().to_owned();
            let sequence: u32 = event.property_value("SEQUENCE").unwrap().parse().unwrap();
            (event.get_uid().unwrap().to_owned(), day, sequence)
        };
        events.map(event).collect::<Vec<_>>()
    };
    let before = read(&desk);
    let days: Vec<&str> = before.iter().map(|(_, day, _)| day.as_str()).collect();
    assert_eq!(days, ["20261201", "20270115", "20270331", "20270630"]);
    desk.days_pass(1);
    desk.does(Command::EditFollowUp(Edited {
        of: reply,
        set: FollowUpEdit {
            by_date: Some("2026-12-08".parse().ok()),
            ..FollowUpEdit::default()
        },
        reason: String::new(),
    }));
    let after = read(&desk);
    assert_eq!(before[0].0, after[0].0);
    assert_eq!(after[0].1, "20261208");
    // A later version says so, or calendars would keep the earlier.
    assert!(after[0].2 > before[0].2);
    // When its date has passed a trigger is still the same entry.
    let by_date = before[3].0.clone();
    desk.days_pass(300);
    assert!(read(&desk).iter().any(|(id, ..)| *id == by_date));
}

#[test]
fn a_thousand_entries_are_a_thousand_entries() {
    let mut desk = Desk::new();
    for number in 0..1_000 {
        owes(&mut desk, &format!("Reply {number}"), "2026-12-01");
    }
    let file = calendar(Stamp::MIN, &desk.board, Now::utc(NOW));
    let mut ids: Vec<String> = events(&file)
        .iter()
        .map(|e| e.get_uid().unwrap().to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 1_000);
}

#[test]
fn a_title_of_any_letters_comes_back_in_the_entry_of_its_crux() {
    let odd = "O’Neil, \"Jr.\"; \\n\nand 🙂🙂 ".to_owned() + &"ä".repeat(100);
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.edits_crux(
        crux,
        CruxEdit {
            title: Some(odd.clone()),
            review_on: Some("2027-01-15".parse().ok()),
            ..CruxEdit::default()
        },
    );
    let file = calendar(Stamp::MIN, &desk.board, Now::utc(NOW));
    let read = events(&file);
    assert_eq!(read.len(), 1);
    let summary = read[0].get_summary().unwrap();
    assert!(summary.contains(&odd), "{summary:?}");
}

#[test]
fn a_day_that_has_passed_keeps_its_entry() {
    let mut desk = Desk::new();
    owes(&mut desk, "Reply", "2020-02-29");
    let read = events(&calendar(Stamp::MIN, &desk.board, Now::utc(NOW)));
    assert_eq!(read[0].property_value("DTSTART"), Some("20200229"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_comes_back_and_no_line_is_longer_than_75_octets(what in "[ -~äß🙂,;\\\\\n\"]{1,150}") {
        prop_assume!(!what.trim().is_empty());
        let mut desk = Desk::new();
        owes(&mut desk, &what, "2026-12-01");
        let file = calendar(Stamp::MIN, &desk.board, Now::utc(NOW));
        for line in file.split("\r\n") {
            prop_assert!(line.len() <= 75, "{line:?}");
            prop_assert!(!line.contains(['\n', '\r']), "{line:?}");
        }
        let read = events(&file);
        let summary = read[0].get_summary().unwrap();
        let said = format!("Owed: {what}");
        prop_assert_eq!(summary.trim(), said.trim());
    }
}
