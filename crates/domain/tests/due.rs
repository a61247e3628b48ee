//! Items that are due, and that each way to clear an item clears it.

use std::time::Duration;

use crate::desk::{DAY, Desk, NOW, at_least, full_trigger};
use crate::world::{Manners, World, steps};
use cruxboard_domain::Millis;
use cruxboard_domain::board::Board;
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, CommandError, Issuer, decide};
use cruxboard_domain::diff::Since;
use cruxboard_domain::due::{Clearing, Due, DueCount, DueKind, DuePart, Subject, Who, due};
use cruxboard_domain::id::{ChangeId, Clock, Replica};
use cruxboard_domain::record::*;
use cruxboard_domain::summary::summary;
use cruxboard_domain::view::next_date;
use proptest::prelude::*;

fn kinds(desk: &Desk) -> Vec<DueKind> {
    due(&desk.board, Now::utc(desk.now))
        .iter()
        .map(|item| item.kind)
        .collect()
}

fn only(desk: &Desk, kind: DueKind) -> Due {
    let all = due(&desk.board, Now::utc(desk.now));
    let mut found = all.into_iter().filter(|item| item.kind == kind);
    let one = found.next().unwrap();
    assert_eq!(found.next(), None);
    one
}

#[test]
fn a_trigger_waits_for_its_date_then_for_its_judge_and_a_met_one_for_a_decision() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    let waits = only(&desk, DueKind::ByDate);
    assert_eq!(waits.date, "2027-06-30".parse().ok());
    // "Ann" is a person of the board; a judge who is none is shown by the name as written.
    assert_eq!(waits.who, Who::Person(desk.person("Ann")));
    assert!(!waits.is_due("2027-06-29".parse().unwrap()));
    assert!(waits.is_due("2027-06-30".parse().unwrap()));
    for (verdict, expected) in [
        (Verdict::Near, vec![DueKind::Near, DueKind::ByDate]),
        (Verdict::Disputed, vec![DueKind::Disputed]),
        (Verdict::Met, vec![DueKind::Met]),
        (Verdict::NotMet, vec![]),
        (Verdict::Open, vec![DueKind::ByDate]),
    ] {
        desk.judges(trigger, verdict);
        assert_eq!(kinds(&desk), expected, "{verdict:?}");
    }
    desk.days_pass(300);
    assert_eq!(kinds(&desk), [DueKind::Undecided]);
}

#[test]
fn a_disputed_trigger_is_overdue_once_its_date_has_passed_and_its_row_says_so_on_the_same_day() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    // Its by-date is 30 June.
    let trigger = desk.adds_trigger(crux, "Wind down");
    desk.judges(trigger, Verdict::Disputed);
    for (after_days, expected) in [(0, (0, None)), (1, (1, Some("by-date")))] {
        let now = Now::utc(LAST_DAY + after_days * DAY);
        let found = due(&desk.board, now);
        let count = DueCount::of(&found, now.today());
        assert_eq!(count.waiting, 1, "a dispute waits at once");
        let next = next_date(&desk.board, desk.board.crux(crux).unwrap(), now);
        assert_eq!((count.overdue, next.map(|(_, what)| what)), expected);
    }
}

/// 2027-06-30T00:00:00Z.
const LAST_DAY: Millis = Millis(1_814_313_600_000);
const HOUR: Duration = Duration::from_secs(3_600);

/// Tokyo is ahead of UTC; California in summer is behind UTC.
const TOKYO: i32 = 9 * 60;
const CALIFORNIA: i32 = -7 * 60;

#[test]
fn what_is_past_is_so_by_the_day_of_the_reader() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    // Its by-date is 30 June.
    desk.adds_trigger(crux, "Wind down");
    for (place, offset_minutes, hour, is_past) in [
        ("UTC, its last hour", 0, 23, false),
        ("UTC, the hour after", 0, 24, true),
        ("Tokyo, its last hour", TOKYO, 14, false),
        ("Tokyo, the hour after", TOKYO, 15, true),
        ("California, its last hour", CALIFORNIA, 30, false),
        ("California, the hour after", CALIFORNIA, 31, true),
    ] {
        let now = Now {
            millis: LAST_DAY + hour * HOUR,
            offset_minutes,
            ..Now::default()
        };
        let expected = if is_past {
            DueKind::Undecided
        } else {
            DueKind::ByDate
        };
        let found = due(&desk.board, now);
        assert_eq!(found[0].kind, expected, "{place}");
        assert_eq!(found[0].is_due(now.today()), hour > 0, "{place}");
        assert_eq!(
            summary(&desk.board, now, true).past_date,
            usize::from(is_past),
            "{place}"
        );
        // The comparison with the day before shows the passed date from the same moment on.
        let before = ChangeId::new(LAST_DAY - 24 * HOUR, 0, Replica::default());
        let since = Since::between(&desk.board, before, ChangeId::MAX, now);
        assert_eq!(since.groups.is_empty(), !is_past, "{place}");
    }
}

#[test]
fn a_credence_is_stale_from_the_day_of_the_reader_and_a_decision_holds_to_the_end_of_theirs() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.now = LAST_DAY + 20 * HOUR;
    desk.states(crux, "Ann", 40.0);
    let later = desk.now + 91 * 24 * HOUR;
    for (offset_minutes, day) in [
        (0, "2027-09-28"),
        (TOKYO, "2027-09-29"),
        (CALIFORNIA, "2027-09-28"),
    ] {
        let now = Now {
            millis: later,
            offset_minutes,
            ..Now::default()
        };
        let found = due(&desk.board, now);
        let stale = found.iter().find(|item| item.kind == DueKind::Stale);
        assert_eq!(stale.unwrap().date, day.parse().ok(), "{offset_minutes}");
    }
    // 30 June is over in Tokyo, and not in UTC.
    for (offset_minutes, is_past) in [(0, false), (TOKYO, true)] {
        let mut issuer = Issuer {
            by: None,
            now: Now {
                millis: desk.now,
                offset_minutes,
                ..Now::default()
            },
            clock: &mut desk.clock,
        };
        let decision = Command::RecordDecision {
            decision: DecisionEdit {
                until: Some("2027-06-30".parse().ok()),
                ..DecisionEdit::default()
            },
            actions: Vec::new(),
        };
        let refused = decide(&desk.board, decision, &mut issuer) == Err(CommandError::PastDay);
        assert_eq!(refused, is_past, "{offset_minutes}");
    }
}

#[test]
fn a_trigger_past_its_date_with_a_false_condition_is_voided_by_anybody_with_a_reason() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.adds_trigger(crux, "Wind down");
    desk.days_pass(300);
    let undecided = only(&desk, DueKind::Undecided);
    let void = |reason: &str| Clearing::Void(reason.into());
    let silent = undecided.command(&desk.board, void(" ")).unwrap();
    assert_eq!(desk.refuses(silent), CommandError::JudgementNeedsReason);
    let said = undecided.command(&desk.board, void("nobody runs it any more"));
    desk.does(said.unwrap());
    assert_eq!(kinds(&desk), []);
}

#[test]
fn a_computed_trigger_waits_when_it_is_near_or_met() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.adds_rule(crux, at_least(70.0, 0));
    assert_eq!(kinds(&desk), []);
    desk.states(crux, "Ann", 66.0);
    assert_eq!(kinds(&desk), [DueKind::Near]);
    desk.states(crux, "Bob", 71.0);
    desk.states(crux, "Ann", 71.0);
    // It speaks for no option, so it asks for no decision.
    assert_eq!(kinds(&desk), [DueKind::MetAction]);
}

#[test]
fn what_is_owed_stale_one_sided_or_to_be_looked_at_again_waits_for_whoever_it_is_about() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Bob", 40.0);
    desk.files("Seen", &[(crux, Direction::For)]);
    let bob = desk.person("Bob");
    desk.edits_crux(
        crux,
        CruxEdit {
            owner: Some(Some(bob)),
            review_on: Some("2027-01-15".parse().ok()),
            ..CruxEdit::default()
        },
    );
    desk.does(Command::Describe(BoardInfoEdit {
        next_review: Some("2027-01-10".parse().ok()),
        ..BoardInfoEdit::default()
    }));
    for (what, owner, state) in [
        ("Reply", "bob ", FollowUpState::Owed),
        ("Write", "A", FollowUpState::Awaited),
        ("Call", "A", FollowUpState::Optional),
    ] {
        desk.does(Command::AddFollowUp(FollowUpEdit {
            what: Some(what.into()),
            owner: Some(owner.into()),
            state: Some(Some(state)),
            ..FollowUpEdit::default()
        }));
    }
    desk.days_pass(91);
    let all: Vec<(DueKind, Who)> = due(&desk.board, Now::utc(desk.now))
        .into_iter()
        .map(|item| (item.kind, item.who))
        .collect();
    assert_eq!(
        all,
        [
            (DueKind::BoardReview, Who::Anybody),
            (DueKind::CruxReview, Who::Person(bob)),
            (DueKind::Owed, Who::Person(bob)),
            (DueKind::Awaited, Who::Named("A".into())),
            (DueKind::Stale, Who::Person(bob)),
            (DueKind::OneSided, Who::Person(bob)),
        ]
    );
    // A settled crux has no items that are due.
    desk.edits_crux(
        crux,
        CruxEdit {
            stage: Some(Some(Stage::ALL[1])),
            stage_reason: Some("clear".into()),
            ..CruxEdit::default()
        },
    );
    assert!(
        due(&desk.board, Now::utc(desk.now))
            .iter()
            .all(|item| item.crux.is_none())
    );
}

#[test]
fn a_follow_up_is_voided_with_a_reason_only() {
    let mut desk = Desk::new();
    desk.does(Command::AddFollowUp(FollowUpEdit {
        what: Some("Reply".into()),
        ..FollowUpEdit::default()
    }));
    let owed = only(&desk, DueKind::Owed);
    let silent = owed.command(&desk.board, Clearing::Void(String::new()));
    assert_eq!(silent, Err(CommandError::Empty("reason")));
    let said = owed.command(&desk.board, Clearing::Void("asked no more".into()));
    desk.does(said.unwrap());
    assert_eq!(kinds(&desk), []);
    let crux = desk.adds_crux("It is so");
    desk.does(Command::AddTrigger(full_trigger(crux)));
    assert_eq!(
        only(&desk, DueKind::ByDate).command(&desk.board, Clearing::Reaffirm),
        Err(CommandError::NothingToDo)
    );
}

fn waits(board: &Board, item: &Due, now: Millis) -> bool {
    due(board, Now::utc(now))
        .iter()
        .any(|other| other.kind == item.kind && other.subject == item.subject)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_count_of_what_is_due_is_that_of_the_part_now(steps in steps(Manners::Honest)) {
        let now = Now::utc(NOW);
        let board = World::play(&steps).all();
        let all = due(&board, now);
        let of = |part: DuePart| all.iter().filter(|item| item.part(now.today()) == part).count();
        prop_assert_eq!(DueCount::of(&all, now.today()).waiting, of(DuePart::Now));
        prop_assert_eq!(summary(&board, now, true).one_sided, of(DuePart::Advice));
        prop_assert_eq!(DuePart::ALL.into_iter().map(of).sum::<usize>(), all.len());
    }

    #[test]
    fn a_row_shows_a_past_date_exactly_if_its_crux_counts_as_overdue(steps in steps(Manners::Honest), days in 0_u32..600) {
        let now = Now::utc(NOW + DAY * days);
        let board = World::play(&steps).all();
        let all = due(&board, now);
        for crux in board.cruxes() {
            let of_crux = all.iter().filter(|item| item.crux == Some(crux.id));
            let mut of_crux = of_crux.filter(|item| !matches!(item.subject, Subject::FollowUp(_)));
            let is_overdue = of_crux.any(|item| item.is_overdue(now.today()));
            let next = next_date(&board, crux, now);
            prop_assert_eq!(next.is_some_and(|(day, _)| day < now.today()), is_overdue);
        }
    }

    #[test]
    fn each_way_that_is_offered_takes_the_item_off_the_list(steps in steps(Manners::Honest)) {
        let board = World::play(&steps).all();
        let now = NOW + 400 * DAY;
        let mut clock = Clock::new(Replica::new(9, 9));
        let somebody = Some(PersonId(ChangeId::MIN));
        for item in due(&board, Now::utc(now)) {
            let is_event = match item.subject {
                Subject::Trigger(id) => board.trigger(id).unwrap().rule.is_none(),
                _ => false,
            };
            let because = || "so it is".to_owned();
            let ways = match item.kind {
                DueKind::Met | DueKind::MetAction | DueKind::Undecided | DueKind::Disputed | DueKind::Near if is_event => {
                    vec![Clearing::Void(because()), Clearing::Judge(Verdict::NotMet, because())]
                }
                DueKind::Met | DueKind::MetAction | DueKind::Near | DueKind::ByDate => vec![Clearing::Void(because())],
                DueKind::Undecided | DueKind::Disputed => vec![Clearing::Void(because())],
                DueKind::TriggerReview | DueKind::BoardReview | DueKind::CruxReview => {
                    vec![Clearing::Again(None)]
                }
                DueKind::Owed | DueKind::Awaited => vec![Clearing::Done, Clearing::Void(because())],
                DueKind::Stale | DueKind::Reworded => vec![Clearing::Reaffirm],
                // Only evidence on the other side clears it.
                DueKind::OneSided | DueKind::ClaimByDate => vec![],
                // Only another decision clears it.
                DueKind::Decision => vec![],
            };
            for way in ways {
                let mut after = board.clone();
                let command = item.command(&after, way.clone()).unwrap();
                let mut issuer = Issuer { by: somebody, now: Now::utc(now), clock: &mut clock };
                for change in decide(&after, command, &mut issuer).unwrap() {
                    after.apply(change);
                }
                prop_assert!(waits(&board, &item, now));
                prop_assert!(!waits(&after, &item, now), "{item:?} {way:?}");
            }
        }
    }
}
