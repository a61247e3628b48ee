//! Differences between two moments, compared with a naive computation that shares no code with the real one:
//! it folds two whole boards from their logs and compares their debug texts.

use std::collections::{BTreeMap, BTreeSet};

use crate::desk::Desk;
use crate::world::{Manners, NOW, World, steps};
use cruxboard_domain::board::Board;
use cruxboard_domain::change::Edited;
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::Command;
use cruxboard_domain::diff::{About, Since, Tally, What};
use cruxboard_domain::log::Entry;
use cruxboard_domain::record::*;
use cruxboard_domain::trigger_state::{TriggerState, trigger_state};
use cruxboard_domain::{ChangeId, Credence, Millis};
use proptest::prelude::*;

/// The debug text of each field of each record outside the trash.
type Printed = BTreeMap<(&'static str, ChangeId), BTreeMap<String, String>>;

/// Splits the debug text of a record into its fields: lines indented once, with the name before the colon.
fn fields_of(printed: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut last = String::new();
    for line in printed.lines() {
        let is_field = line.starts_with("    ") && !line.starts_with("     ");
        match line.trim_start().split_once(": ").filter(|_| is_field) {
            Some((name, value)) => {
                name.clone_into(&mut last);
                found.insert(last.clone(), value.to_owned());
            }
            None => {
                if let Some(text) = found.get_mut(&last) {
                    text.push_str(line);
                }
            }
        }
    }
    found
}

fn print(board: &Board, ids: &[ChangeId]) -> Printed {
    let mut printed = Printed::new();
    printed.insert(
        ("Board", ChangeId::MIN),
        fields_of(&format!("{:#?}", board.info())),
    );
    macro_rules! of {
        ($name:literal, $find:ident, $id:ident) => {
            for id in ids {
                if let Some(record) = board.$find($id(*id)).filter(|r| r.trashed.is_none()) {
                    printed.insert(($name, *id), fields_of(&format!("{:#?}", &**record)));
                }
            }
        };
    }
    of!("Option", option, OptionId);
    of!("Person", person, PersonId);
    of!("Crux", crux, CruxId);
    of!("Trigger", trigger, TriggerId);
    of!("Evidence", evidence, EvidenceId);
    of!("OptionCredence", option_credence, OptionCredenceId);
    of!("JointCredence", joint_credence, JointCredenceId);
    of!("Position", position, PositionId);
    of!("FollowUp", follow_up, FollowUpId);
    of!("Term", term, TermId);
    of!("Decision", decision, DecisionId);
    of!("Meeting", review, ReviewId);
    of!("Round", round, RoundId);
    for review in board.recorded_reviews() {
        printed.insert(("Review", review.id), BTreeMap::new());
    }
    printed
}

/// Returns the differences between two boards, computed naively, as one line of text each.
fn naive(
    before: &Board,
    after: &Board,
    days: (Millis, Millis),
    ids: &[ChangeId],
) -> BTreeSet<String> {
    let (was, is) = (print(before, ids), print(after, ids));
    let mut found = BTreeSet::new();
    let keys: BTreeSet<_> = was.keys().chain(is.keys()).copied().collect();
    for key in keys {
        let (noun, id) = key;
        match (was.get(&key), is.get(&key)) {
            (None, Some(_)) => drop(found.insert(format!("{noun} {id} added"))),
            (Some(_), None) => drop(found.insert(format!("{noun} {id} gone"))),
            (Some(was), Some(is)) => {
                for (name, now) in is {
                    let is_kept = matches!(
                        name.as_str(),
                        "counts_from"
                            | "checks"
                            | "rule_moves"
                            | "closed_agenda"
                            | "judgements"
                            | "goalposts"
                            | "notes"
                            | "closings"
                            | "sealed"
                            | "said"
                            | "revealed"
                    );
                    if was.get(name) != Some(now) && !is_kept {
                        found.insert(format!("{noun} {id} {name}"));
                    }
                }
            }
            (None, None) => {}
        }
    }
    for crux in before.cruxes().into_iter().chain(after.cruxes()) {
        let latest = |board: &Board| {
            let said = board.statements_on(crux.id).into_iter();
            said.map(|said| (said.person, (said.id, format!("{:?}", **said))))
                .collect::<BTreeMap<_, _>>()
        };
        let (was, is) = (latest(before), latest(after));
        for person in was.keys().chain(is.keys()) {
            if was.get(person) != is.get(person) {
                found.insert(format!("{} moved on {}", person, crux.id));
            }
        }
    }
    for trigger in after.triggers() {
        let earlier = before.trigger(trigger.id);
        let was = earlier.filter(|earlier| earlier.trashed.is_none());
        let judged = was.map_or(&[][..], |was| &was.judgements);
        let moved = was.map_or(&[][..], |was| &was.goalposts);
        if trigger.judgements.iter().any(|one| !judged.contains(one)) {
            found.insert(format!("Trigger {} judgements", trigger.id));
        }
        if trigger.goalposts.iter().any(|one| !moved.contains(one)) {
            found.insert(format!("Trigger {} goalposts", trigger.id));
        }
        // A new trigger begins armed or as a draft.
        let new = [TriggerState::Draft, TriggerState::Armed][usize::from(trigger.armed)];
        let was = was.map_or(new, |was| trigger_state(before, was, days.0.day()));
        let is = trigger_state(after, trigger, days.1.day());
        if was != is {
            found.insert(format!("{} stands {was:?} {is:?}", trigger.id));
        }
    }
    found
}

/// Returns the differences that `Since` finds, as the same lines of text.
fn real(since: &Since, on_board: &BTreeSet<CruxId>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for group in &since.groups {
        for line in &group.lines {
            let (noun, id): (&str, ChangeId) = match line.about {
                About::Board => ("Board", ChangeId::MIN),
                About::Option(id) => ("Option", id.0),
                About::Person(id) => ("Person", id.0),
                About::Crux(id) => ("Crux", id.0),
                About::Trigger(id) => ("Trigger", id.0),
                About::Evidence(id) => ("Evidence", id.0),
                About::Statement(id) => ("Statement", id.0),
                About::OptionCredence(id) => ("OptionCredence", id.0),
                About::JointCredence(id) => ("JointCredence", id.0),
                About::Position(id) => ("Position", id.0),
                About::FollowUp(id) => ("FollowUp", id.0),
                About::Term(id) => ("Term", id.0),
                About::RecordedReview(id) => ("Review", id),
                About::Decision(id) => ("Decision", id.0),
                About::Review(id) => ("Meeting", id.0),
                About::Round(id) => ("Round", id.0),
            };
            match &line.what {
                What::Added => drop(found.insert(format!("{noun} {id} added"))),
                What::Gone => drop(found.insert(format!("{noun} {id} gone"))),
                What::Edited(fields) => {
                    assert!(fields.iter().all(|field| field.before != field.after));
                    let names = fields
                        .iter()
                        .map(|field| format!("{noun} {id} {}", field.name));
                    found.extend(names);
                }
                What::Moved { person, .. } | What::Unmoved { person, .. } => {
                    let crux = group.crux.unwrap();
                    if on_board.contains(&crux) {
                        found.insert(format!("{person} moved on {crux}"));
                    }
                }
                What::Stands(was, is) => drop(found.insert(format!("{id} stands {was:?} {is:?}"))),
                What::Judged(_) => drop(found.insert(format!("{noun} {id} judgements"))),
                What::Goalpost(_) => drop(found.insert(format!("{noun} {id} goalposts"))),
                What::Weighed(..) => drop(found.insert(format!("{noun} {id} bears_on"))),
            }
        }
    }
    found
}

fn check(board: &Board, from: ChangeId, to: ChangeId) -> Result<(), TestCaseError> {
    let upto = |moment: ChangeId| -> Board {
        let entries = board.log().entries().filter(|entry| entry.id() <= moment);
        entries.cloned().collect()
    };
    let ids: Vec<ChangeId> = board.log().entries().map(Entry::id).collect();
    let (before, after) = (upto(from), upto(to));
    let is_now = after.log().len() == board.log().len();
    let until = if is_now { NOW } else { to.millis() };
    let on_board = before.cruxes().into_iter().chain(after.cruxes());
    let on_board: BTreeSet<CruxId> = on_board.map(|crux| crux.id).collect();
    let naive = naive(&before, &after, (from.millis(), until), &ids);
    let mut real = real(&Since::between(board, from, to, Now::utc(NOW)), &on_board);
    // For triggers that are in the trash with their crux, only the fields are compared here.
    let present: BTreeSet<String> = after.triggers().map(|t| t.id.to_string()).collect();
    real.retain(|line| {
        let mut words = line.split(' ');
        let is_kept = line.ends_with(" judgements") || line.ends_with(" goalposts");
        !is_kept || words.nth(1).is_some_and(|id| present.contains(id))
    });
    prop_assert_eq!(real, naive);
    Ok(())
}

fn cases() -> ProptestConfig {
    ProptestConfig {
        cases: 3_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_changed_equals_a_comparison_of_both_boards_field_by_field(
        steps in steps(Manners::Hostile), from: prop::sample::Index, to: prop::sample::Index,
    ) {
        let board = World::play(&steps).all();
        let mut moments: Vec<ChangeId> = board.log().entries().map(Entry::id).collect();
        moments.insert(0, ChangeId::MIN);
        // Only moments that a clock can produce are used.
        moments.retain(|moment| *moment <= ChangeId::LAST_FOLLOWED);
        let (a, b) = (from.index(moments.len()), to.index(moments.len()));
        check(&board, moments[a.min(b)], moments[a.max(b)])?;
        check(&board, moments[a], ChangeId::LAST_FOLLOWED.max(moments[a]))?;
    }

    #[test]
    fn nothing_changed_between_a_moment_and_itself(steps in steps(Manners::Hostile)) {
        let board = World::play(&steps).all();
        let last = board.log().entries().last().unwrap().id();
        prop_assert_eq!(Since::between(&board, last, last, Now::utc(last.millis())), Since::default());
    }
}

#[test]
fn it_is_grouped_by_crux_with_the_widest_move_first() {
    let mut desk = Desk::new();
    let still = desk.adds_crux("It stays so");
    let little = desk.adds_crux("It moves a little");
    let far = desk.adds_crux("It moves far");
    for crux in [still, little, far] {
        desk.states(crux, "Ann", 40.0);
    }
    let follow_up = FollowUpId(desk.does(Command::AddFollowUp(FollowUpEdit {
        what: Some("Write".into()),
        ..FollowUpEdit::default()
    })));
    let review = desk.reviews();
    desk.days_pass(1);
    desk.states(little, "Ann", 45.0);
    desk.files("Seen", &[(far, Direction::For)]);
    desk.states(far, "Ann", 55.0);
    desk.states(far, "Ann", 70.0);
    desk.does(Command::EditFollowUp(Edited {
        of: follow_up,
        set: FollowUpEdit {
            state: Some(Some(FollowUpState::Done)),
            ..FollowUpEdit::default()
        },
        reason: String::new(),
    }));
    // An action that was undone is no difference.
    let trigger = desk.adds_trigger(still, "Wind down");
    desk.undoes();

    let since = Since::between(&desk.board, review, ChangeId::MAX, Now::utc(desk.now));
    let cruxes: Vec<_> = since.groups.iter().map(|group| group.crux).collect();
    assert_eq!(cruxes, [Some(far), Some(little), None]);
    assert_eq!(since.groups[0].widest(), 30.0);
    assert!(matches!(
        since.groups[0].lines[0].what,
        What::Moved { before: Some(before), after: Some(after), .. }
            if before == Credence::clamped(40.0) && after == Credence::clamped(70.0)
    ));
    let tally = Tally {
        evidence: 1,
        moves: 2,
        first_estimates: 0,
        met: 0,
        goalposts: 0,
        closed: 1,
    };
    assert_eq!(since.tally(), tally);
    assert!(desk.board.trigger(trigger).is_none());
}

#[test]
fn a_date_that_passes_changes_how_a_trigger_stands_though_nobody_did_anything() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    let review = desk.reviews();
    desk.days_pass(300);
    desk.states(crux, "Ann", 40.0);
    let since = Since::between(&desk.board, review, ChangeId::MAX, Now::utc(desk.now));
    let stands = What::Stands(TriggerState::Armed, TriggerState::Undecided);
    assert!(
        since.groups[0]
            .lines
            .iter()
            .any(|line| { line.about == About::Trigger(trigger) && line.what == stands })
    );
}
