//! The calendar file, read back by an independent parser.

use crate::desk::{DAY, Desk, MILLI, NOW};
use std::collections::BTreeMap;
use std::time::Duration;

use cruxboard_domain::calendar::calendar;
use cruxboard_domain::change::Edited;
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::*;
use cruxboard_domain::{BoardId, ChangeId, Millis};
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
    desk.does(Command::RecordDecision {
        decision: DecisionEdit {
            option: Some(Some(desk.option("Continue"))),
            why: Some("so".into()),
            until: Some("2027-03-31".parse().ok()),
            ..DecisionEdit::default()
        },
        actions: Vec::new(),
    });
    let reply = owes(&mut desk, "Reply", "2026-12-01");
    let read = |desk: &Desk| {
        let events = events(&calendar(
            BoardId::default(),
            &desk.board,
            Now::utc(desk.now),
            "",
        ))
        .into_iter();
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
    assert_eq!(after[0].1, "20261208");
    // The other entries keep their ids. All have a higher revision, since calendars would otherwise keep the
    // earlier ones.
    for (earlier, later) in before[1..].iter().zip(&after[1..]) {
        assert_eq!((&earlier.0, &earlier.1), (&later.0, &later.1));
        assert!(later.2 > earlier.2);
    }
    // The day that the follow-up had before is cancelled.
    assert_eq!(after[4].0, before[0].0);
    // A trigger keeps its entry after its date has passed.
    let by_date = before[3].0.clone();
    desk.days_pass(300);
    assert!(read(&desk).iter().any(|(id, ..)| *id == by_date));
}

#[test]
fn dates_of_one_kind_and_day_are_one_entry_with_a_list_and_a_link() {
    let mut desk = Desk::new();
    for number in 0..1_000 {
        owes(&mut desk, &format!("Reply {number}"), "2026-12-01");
    }
    owes(&mut desk, "Another", "2026-12-02");
    let link = "https://boards.example/#/b/1";
    let file = calendar(BoardId::default(), &desk.board, Now::utc(NOW), link);
    let read = events(&file);
    let of = |event: &icalendar::Event| {
        let value = |name: &str| event.property_value(name).unwrap_or_default().to_owned();
        (
            event
                .get_uid()
                .unwrap_or_default()
                .starts_with("follow-up-2026-12-0"),
            event.get_summary().unwrap_or_default().to_owned(),
            value("URL"),
            event.get_description().unwrap_or_default().to_owned(),
        )
    };
    assert_eq!(read.len(), 2);
    let list: Vec<String> = (0..1_000)
        .map(|number| format!("- Owed: Reply {number}\n"))
        .collect();
    assert_eq!(
        of(&read[0]),
        (
            true,
            "1000 follow-ups".into(),
            link.into(),
            list.concat() + link
        )
    );
    assert_eq!(
        of(&read[1]),
        (true, "Owed: Another".into(), link.into(), link.into())
    );
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
    let file = calendar(BoardId::default(), &desk.board, Now::utc(NOW), "");
    let read = events(&file);
    assert_eq!(read.len(), 1);
    let summary = read[0].get_summary().unwrap();
    assert!(summary.contains(&odd), "{summary:?}");
}

#[test]
fn a_day_that_has_passed_keeps_its_entry() {
    let mut desk = Desk::new();
    owes(&mut desk, "Reply", "2020-02-29");
    let read = events(&calendar(
        BoardId::default(),
        &desk.board,
        Now::utc(NOW),
        "",
    ));
    assert_eq!(read[0].property_value("DTSTART"), Some("20200229"));
}

/// The properties by which a calendar updates an entry.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    day: String,
    summary: String,
    list: String,
    is_cancelled: bool,
    revision: (u32, String),
}

/// Returns the entries of the calendar file, by id.
fn shown(desk: &Desk) -> BTreeMap<String, Shown> {
    let file = calendar(BoardId::default(), &desk.board, Now::utc(desk.now), "");
    let read = events(&file).into_iter().map(|event| {
        let value = |name: &str| event.property_value(name).unwrap_or_default().to_owned();
        assert_eq!(value("DTSTAMP"), value("LAST-MODIFIED"));
        let shown = Shown {
            day: value("DTSTART"),
            summary: value("SUMMARY"),
            list: event.get_description().unwrap_or_default().to_owned(),
            is_cancelled: value("STATUS") == "CANCELLED",
            revision: (value("SEQUENCE").parse().unwrap(), value("DTSTAMP")),
        };
        (event.get_uid().unwrap().to_owned(), shown)
    });
    let all: Vec<(String, Shown)> = read.collect();
    let by_id: BTreeMap<String, Shown> = all.iter().cloned().collect();
    assert_eq!(by_id.len(), all.len(), "an id twice");
    by_id
}

fn the_one(desk: &Desk) -> Shown {
    let all = shown(desk);
    assert_eq!(all.len(), 1, "{all:?}");
    all.into_values().next().unwrap()
}

fn follow_up_day(of: FollowUpId, day: Option<&str>) -> Command {
    Command::EditFollowUp(Edited {
        of,
        set: FollowUpEdit {
            by_date: Some(day.and_then(|day| day.parse().ok())),
            ..FollowUpEdit::default()
        },
        reason: String::new(),
    })
}

#[test]
fn undo_redo_and_erasure_are_later_versions_of_an_entry() {
    let mut desk = Desk::new();
    let reply = owes(&mut desk, "Reply", "2026-12-01");
    let mut last = the_one(&desk);
    let mut follows = |desk: &mut Desk, day: &str| {
        let mut all = shown(desk);
        all.retain(|_, entry| !entry.is_cancelled);
        let next = all.into_values().next().unwrap();
        assert_eq!(next.day, day);
        assert!(next.revision > last.revision, "{last:?}, then {next:?}");
        last = next;
        desk.days_pass(1);
    };
    desk.days_pass(1);
    let moved = desk.does(follow_up_day(reply, Some("2026-12-08")));
    follows(&mut desk, "20261208");
    desk.undoes();
    follows(&mut desk, "20261201");
    let again = desk.undo.next_redo().unwrap().0;
    desk.does(Command::Retract(again));
    follows(&mut desk, "20261208");
    desk.does(Command::Redact(vec![moved]));
    follows(&mut desk, "20261201");
}

#[test]
fn a_removed_date_is_sent_as_cancelled_for_30_days() {
    type Prepare = fn(&mut Desk, CruxId) -> ChangeId;
    type Remove = fn(&mut Desk, CruxId, ChangeId);
    let clear: Prepare = |desk, _| owes(desk, "Reply", "2027-03-01").0;
    let on_crux: Prepare = |desk, crux| {
        desk.edits_crux(
            crux,
            CruxEdit {
                review_on: Some("2027-03-01".parse().ok()),
                ..CruxEdit::default()
            },
        );
        crux.0
    };
    let decides: Prepare = |desk, _| {
        desk.does(Command::RecordDecision {
            decision: DecisionEdit {
                option: Some(Some(desk.option("Continue"))),
                why: Some("so".into()),
                until: Some("2027-03-01".parse().ok()),
                ..DecisionEdit::default()
            },
            actions: Vec::new(),
        })
    };
    let triggers: Prepare = |desk, crux| desk.adds_trigger(crux, "Wind down").0;
    let next_review: Prepare = |desk, _| {
        desk.does(Command::Describe(BoardInfoEdit {
            next_review: Some("2027-03-01".parse().ok()),
            ..BoardInfoEdit::default()
        }))
    };
    let cases: &[(&str, Prepare, Remove)] = &[
        ("the date is cleared", clear, |desk, _, id| {
            desk.does(follow_up_day(FollowUpId(id), None));
        }),
        ("it is done", clear, |desk, _, id| {
            desk.does(Command::EditFollowUp(Edited {
                of: FollowUpId(id),
                set: FollowUpEdit {
                    state: Some(Some(FollowUpState::Done)),
                    ..FollowUpEdit::default()
                },
                reason: String::new(),
            }));
        }),
        ("it is put in the trash", clear, |desk, _, id| {
            desk.does(Command::Trash(id));
        }),
        ("its addition is undone", clear, |desk, _, _| desk.undoes()),
        ("the crux is settled", on_crux, |desk, crux, _| {
            desk.edits_crux(
                crux,
                CruxEdit {
                    stage: Some(Some(Stage::SettledTrue)),
                    stage_reason: Some("seen".into()),
                    ..CruxEdit::default()
                },
            );
        }),
        ("the crux is put in the trash", on_crux, |desk, crux, _| {
            desk.does(Command::Trash(crux.0));
        }),
        ("the trigger is judged", triggers, |desk, _, id| {
            desk.judges(TriggerId(id), Verdict::NotMet);
        }),
        ("its crux is put in the trash", triggers, |desk, crux, _| {
            desk.does(Command::Trash(crux.0));
        }),
        ("another decision stands", decides, |desk, _, _| {
            desk.does(Command::RecordDecision {
                decision: DecisionEdit {
                    option: Some(Some(desk.option("Wind down"))),
                    why: Some("so".into()),
                    ..DecisionEdit::default()
                },
                actions: Vec::new(),
            });
        }),
        (
            "no review is planned any more",
            next_review,
            |desk, _, _| {
                desk.does(Command::Describe(BoardInfoEdit {
                    next_review: Some(None),
                    ..BoardInfoEdit::default()
                }));
            },
        ),
    ];
    for (case, prepare, remove) in cases {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let id = prepare(&mut desk, crux);
        let before = the_one(&desk);
        assert!(!before.is_cancelled, "{case}");
        desk.days_pass(40);
        remove(&mut desk, crux, id);
        let after = the_one(&desk);
        assert!(after.is_cancelled, "{case}");
        assert_eq!(after.day, before.day, "{case}");
        assert!(after.revision > before.revision, "{case}");
        desk.now += 30 * DAY - MILLI;
        assert!(the_one(&desk).is_cancelled, "{case}");
        desk.now += MILLI;
        assert!(shown(&desk).is_empty(), "{case}");
    }
}

#[test]
fn an_entry_cancelled_long_ago_stays_out_when_its_record_is_edited() {
    let mut desk = Desk::new();
    let reply = owes(&mut desk, "Reply", "2026-12-01");
    desk.does(follow_up_day(reply, None));
    desk.days_pass(31);
    desk.does(Command::EditFollowUp(Edited {
        of: reply,
        set: FollowUpEdit {
            what: Some("Reply to Bob".into()),
            ..FollowUpEdit::default()
        },
        reason: String::new(),
    }));
    assert!(shown(&desk).is_empty());
    // With a date again, the follow-up has its earlier entry, in a higher revision.
    desk.does(follow_up_day(reply, Some("2027-02-01")));
    assert!(!the_one(&desk).is_cancelled);
}

#[test]
fn what_never_had_a_day_is_not_sent_as_cancelled() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let draft = TriggerId(desk.does(Command::AddTrigger(TriggerEdit {
        armed: Some(false),
        ..crate::desk::full_trigger(crux)
    })));
    desk.does(Command::AddFollowUp(FollowUpEdit {
        what: Some("Perhaps".into()),
        state: Some(Some(FollowUpState::Optional)),
        by_date: Some("2026-12-01".parse().ok()),
        ..FollowUpEdit::default()
    }));
    desk.does(Command::Trash(draft.0));
    assert!(shown(&desk).is_empty());
}

#[test]
fn an_entry_lies_on_the_same_day_in_every_time_zone_and_through_clock_changes() {
    let mut desk = Desk::new();
    // The days on which clocks change in Europe and in the United States, and a leap day.
    let days = ["20270314", "20270328", "20271031", "20271107", "20280229"];
    for day in days {
        let iso = format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]);
        owes(&mut desk, "Reply", &iso);
    }
    // The last and the first millisecond of days before and after clocks change in Berlin.
    let midnights = [
        1_806_188_399_999,
        1_806_188_400_000,
        1_806_271_199_999,
        1_806_271_200_000,
    ];
    let file = |now: Now| calendar(BoardId::default(), &desk.board, now, "");
    let first = file(Now::utc(NOW));
    let read: Vec<String> = events(&first)
        .iter()
        .map(|event| event.property_value("DTSTART").unwrap().to_owned())
        .collect();
    assert_eq!(read, days);
    for millis in midnights {
        for offset_minutes in [-720, -480, -60, 0, 60, 120, 330, 345, 540, 840] {
            let now = Now {
                millis: Millis(millis),
                offset_minutes,
                ..Now::default()
            };
            let mut lines: Vec<String> = file(now).lines().map(str::to_owned).collect();
            let mut before: Vec<String> = first.lines().map(str::to_owned).collect();
            lines.sort();
            before.sort();
            assert_eq!(lines, before, "{now:?}");
        }
    }
}

#[test]
fn a_follow_up_on_private_evidence_has_its_day_in_the_calendar_and_not_its_text() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let source = desk.files("What Eve told us", &[(crux, Direction::For)]);
    let answer = EvidenceId(desk.does(Command::FileEvidence {
        evidence: EvidenceEdit {
            text: Some("Bob doubts it".into()),
            answers: Some(Some(source)),
            ..EvidenceEdit::default()
        },
        bears_on: Vec::new(),
        moves: Vec::new(),
    }));
    for (item, text) in [(source, "Call Eve"), (answer, "Ask Bob about Eve")] {
        desk.does(Command::AddFollowUp(FollowUpEdit {
            what: Some(text.into()),
            evidence: Some(Some(item)),
            by_date: Some("2026-12-01".parse().ok()),
            ..FollowUpEdit::default()
        }));
    }
    let before = shown(&desk);
    assert!(
        before
            .values()
            .any(|entry| entry.list.contains("- Owed: Call Eve"))
    );
    desk.days_pass(1);
    desk.does(Command::EditEvidence(Edited {
        of: source,
        set: EvidenceEdit {
            visibility: Some(Some(Visibility::Private)),
            ..EvidenceEdit::default()
        },
        reason: String::new(),
    }));
    let after = shown(&desk);
    assert_eq!(after.len(), 1);
    for (id, entry) in &after {
        assert_eq!(entry.summary, "2 follow-ups");
        assert_eq!(entry.list, "- Owed\n- Owed");
        assert_eq!(entry.day, "20261201");
        // The higher revision makes calendars replace the erased text.
        assert!(entry.revision > before[id].revision);
    }
    // The cancelled entry of a removed follow-up does not contain the text either.
    let follow_ups: Vec<ChangeId> = desk.board.follow_ups().map(|one| one.id.0).collect();
    for follow_up in follow_ups {
        desk.does(Command::Trash(follow_up));
    }
    assert!(
        shown(&desk)
            .values()
            .all(|entry| entry.is_cancelled && entry.list == "- Owed\n- Owed")
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_comes_back_and_no_line_is_longer_than_75_octets(what in "[ -~äß🙂,;\\\\\n\"]{1,150}") {
        prop_assume!(!what.trim().is_empty());
        let mut desk = Desk::new();
        owes(&mut desk, &what, "2026-12-01");
        let file = calendar(BoardId::default(), &desk.board, Now::utc(NOW), "");
        for line in file.split("\r\n") {
            prop_assert!(line.len() <= 75, "{line:?}");
            prop_assert!(!line.contains(['\n', '\r']), "{line:?}");
        }
        let read = events(&file);
        let summary = read[0].get_summary().unwrap();
        let said = format!("Owed: {what}");
        prop_assert_eq!(summary.trim(), said.trim());
    }

    #[test]
    fn whatever_is_done_entries_only_go_forward_and_each_change_is_a_later_version(
        steps in prop::collection::vec((0..10_u8, 0..4_u8), 1..30),
    ) {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so");
        let trigger = desk.adds_trigger(crux, "Wind down");
        let reply = owes(&mut desk, "Reply", "2026-12-01");
        let mut before = shown(&desk);
        for (step, variant) in steps {
            desk.now += Duration::from_secs(10);
            let day = ["2026-12-01", "2027-01-02", "2027-02-03"].get(usize::from(variant)).copied();
            let date = Some(day.and_then(|day| day.parse().ok()));
            let all = [crux.0, trigger.0, reply.0];
            let record = all[usize::from(variant) % all.len()];
            let command = match step {
                0 => Some(follow_up_day(reply, day)),
                1 => Some(Command::EditCrux(Edited {
                    of: crux,
                    set: CruxEdit { review_on: date, ..CruxEdit::default() },
                    reason: String::new(),
                })),
                2 => Some(Command::EditTrigger(Edited {
                    of: trigger,
                    set: TriggerEdit { by_date: date, review_on: date, ..TriggerEdit::default() },
                    reason: "so".into(),
                })),
                3 => Some(Command::EditCrux(Edited {
                    of: crux,
                    set: CruxEdit { title: Some(format!("Title {variant}")), ..CruxEdit::default() },
                    reason: String::new(),
                })),
                4 => Some(Command::Trash(record)),
                5 => Some(Command::Restore(record)),
                6 => desk.undo.next_redo().map(|(by, _)| Command::Retract(by)),
                7 => {
                    let edits = desk.board.history(record).map(|(change, _)| change.id);
                    let erased = edits.skip(1).last();
                    erased.map(|id| Command::Redact(vec![id]))
                }
                _ => desk.undo.next_undo().map(|ids| Command::Retract(ids.to_vec())),
            };
            if let Some(command) = command {
                // Some commands are refused, such as an edit that changes nothing.
                desk.try_do(command).ok();
            }
            let after = shown(&desk);
            for (id, entry) in &before {
                let Some(later) = after.get(id) else {
                    // The date that an erased change had set cannot be known any more.
                    if step == 7 {
                        continue;
                    }
                    prop_assert!(false, "{id} is gone without being cancelled");
                    return Ok(());
                };
                prop_assert!(later.revision >= entry.revision, "{entry:?}, then {later:?}");
                let looks = |entry: &Shown| (entry.day.clone(), entry.summary.clone(), entry.is_cancelled);
                prop_assert!(
                    looks(later) == looks(entry) || later.revision > entry.revision,
                    "{entry:?}, then {later:?}"
                );
            }
            before = after;
        }
    }
}
