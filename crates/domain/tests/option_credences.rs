//! Credences in options: stated, conditional on cruxes, undone, erased and withheld.

use crate::desk::{Desk, NOW, edited};
use cruxboard_domain::change::Payload;
use std::collections::BTreeSet;

use cruxboard_domain::crux_value::{
    CruxValue, Side, crux_values, sort_by_information, stated, stated_by,
};
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, CommandError, OptionMove};
use cruxboard_domain::diff::{About, Since};
use cruxboard_domain::document::Document;
use cruxboard_domain::format::{contradictory_words, discrimination_words, first_words, tell};
use cruxboard_domain::record::*;
use cruxboard_domain::snapshot::link::{fold, unfold};
use cruxboard_domain::snapshot::{
    Audience, Depth, RedactionReason, Snapshot, SnapshotRequest, take,
};
use cruxboard_domain::value_of_information::coherent_range;
use cruxboard_domain::{BoardId, ChangeId, Credence};
use proptest::prelude::*;

fn move_in(desk: &Desk, person: &str, if_true: Option<CruxId>, percent: f64) -> Command {
    Command::StateOptionCredence {
        moved: OptionMove {
            option: desk.option("Wind down"),
            if_true,
            person: desk.person(person),
            credence: Credence::clamped(percent),
            reason: String::new(),
        },
        evidence: Vec::new(),
    }
}

fn says(desk: &mut Desk, person: &str, if_true: Option<CruxId>, percent: f64) -> OptionCredenceId {
    let command = move_in(desk, person, if_true, percent);
    OptionCredenceId(desk.does(command))
}

/// Returns a board on which Ann and Bob have three credences each in one option: one as things stand, and one
/// conditional on each of two cruxes.
fn group() -> (Desk, CruxId, CruxId) {
    let mut desk = Desk::new();
    let (strong, weak) = (desk.adds_crux("It is strong"), desk.adds_crux("It is weak"));
    for (person, of_option, of_strong, of_weak) in
        [("Ann", 30.0, 60.0, 35.0), ("Bob", 10.0, 8.0, 10.0)]
    {
        says(&mut desk, person, None, of_option);
        for (crux, credence, if_true) in [(strong, 40.0, of_strong), (weak, 40.0, of_weak)] {
            desk.states(crux, person, credence);
            says(&mut desk, person, Some(crux), if_true);
        }
    }
    (desk, strong, weak)
}

#[test]
fn the_latest_credence_counts_and_the_earlier_ones_stay() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let (option, ann) = (desk.option("Wind down"), desk.person("Ann"));
    let first = says(&mut desk, "Ann", None, 20.0);
    says(&mut desk, "Ann", Some(crux), 40.0);
    says(&mut desk, "Ann", None, 30.0);
    let found = stated(&desk.board, option, crux, ann);
    assert_eq!(
        (found.question, found.crux, found.if_true),
        (
            Some(Credence::clamped(30.0)),
            None,
            Some(Credence::clamped(40.0))
        )
    );
    assert_eq!(desk.board.option_credences().count(), 3);
    assert_eq!(
        desk.board.option_credence(first).unwrap().credence,
        Credence::clamped(20.0)
    );
    // Another option, person or crux has a separate credence.
    let other = stated(&desk.board, desk.option("Continue"), crux, ann);
    assert_eq!((other.question, other.if_true), (None, None));
}

#[test]
fn a_reason_given_later_is_kept_and_undo_and_redo_take_it_back_and_forth() {
    let mut desk = Desk::new();
    let said = says(&mut desk, "Ann", None, 20.0);
    let explain = |reason: &str| Command::Explain {
        statement: StatementId(said.0),
        reason: reason.into(),
        evidence: Vec::new(),
    };
    desk.does(explain("seen twice"));
    let reason = |desk: &Desk| desk.board.option_credence(said).map(|it| it.reason.clone());
    assert_eq!(reason(&desk).as_deref(), Some("seen twice"));
    assert_eq!(
        desk.refuses(explain("seen twice")),
        CommandError::NothingToDo
    );
    desk.undoes();
    assert_eq!(reason(&desk).as_deref(), Some(""));
    desk.undoes();
    assert_eq!(reason(&desk), None);
    let (retractions, _) = desk.undo.next_redo().unwrap();
    desk.does(Command::Retract(retractions));
    assert_eq!(reason(&desk).as_deref(), Some(""));
}

#[test]
fn an_erased_credence_is_gone_from_the_board_and_the_document() {
    let mut desk = Desk::new();
    let mut command = move_in(&desk, "Ann", None, 20.0);
    if let Command::StateOptionCredence { moved, .. } = &mut command {
        moved.reason = "a secret".into();
    }
    let said = desk.does(command);
    desk.does(Command::Redact(vec![said]));
    assert_eq!(desk.board.option_credence(OptionCredenceId(said)), None);
    let change = desk.board.log().change(said).unwrap();
    assert_eq!(change.payload, Payload::Blank);
    let document = Document::to_json(BoardId::default(), desk.board.log());
    assert!(!document.contains("a secret"));
}

#[test]
fn a_credence_in_the_trash_and_one_of_somebody_in_the_trash_do_not_count() {
    let mut desk = Desk::new();
    let said = says(&mut desk, "Ann", None, 20.0);
    says(&mut desk, "Bob", None, 30.0);
    let count = |desk: &Desk| desk.board.option_credences().count();
    desk.does(Command::Trash(said.0));
    assert_eq!(count(&desk), 1);
    assert_eq!(desk.board.trash()[0].1, "Credence in an option");
    desk.does(Command::Restore(said.0));
    let bob = desk.person("Bob");
    desk.does(Command::Trash(bob.0));
    assert_eq!(count(&desk), 1);
}

/// Returns the credences in options of a snapshot, and how many it counts as withheld.
fn in_snapshot(snapshot: &Snapshot) -> (Vec<OptionCredence>, usize) {
    let board = snapshot.board();
    let said = board
        .option_credences()
        .map(|said| OptionCredence::clone(said));
    let gap = snapshot.withheld.iter();
    let gap = gap.filter(|gap| gap.what == RedactionReason::OptionCredence);
    (said.collect(), gap.map(|gap| gap.count).sum())
}

#[test]
fn the_latest_credences_in_options_are_in_full_snapshots_and_the_rest_is_counted() {
    let (mut desk, strong, _) = group();
    let item = desk.files("what nobody outside may read", &[(strong, Direction::For)]);
    desk.does(Command::EditEvidence(edited(
        item,
        EvidenceEdit {
            visibility: Some(Some(Visibility::Private)),
            ..EvidenceEdit::default()
        },
    )));
    let mut command = move_in(&desk, "Ann", None, 31.0);
    if let Command::StateOptionCredence { moved, evidence } = &mut command {
        moved.reason = "since nobody outside may read it".into();
        evidence.push(item);
    }
    desk.does(command);
    for audience in [Audience::Internal, Audience::Public] {
        let wish = SnapshotRequest {
            audience,
            depth: Depth::Everything,
            ..SnapshotRequest::default()
        };
        let snapshot = take(&desk.board, BoardId::default(), &wish, desk.now).snapshot;
        assert!(!snapshot.to_json().contains("nobody outside"));
        let (said, withheld) = in_snapshot(&snapshot);
        // Ann's and Bob's three each; the one that Ann has replaced is counted.
        assert_eq!((said.len(), withheld), (6, 1));
        assert!(
            said.iter()
                .any(|said| said.credence == Credence::clamped(31.0))
        );
        // A link keeps them, and a version that ignores its extension counts them.
        let folded = fold(&snapshot);
        assert_eq!(unfold(&folded).unwrap(), snapshot);
        let older = unfold(&folded.base.into()).unwrap();
        assert_eq!(in_snapshot(&older), (vec![], 7));
        let conditional = "Wind down: Ann 60% (now 31%), Bob 8% (now 10%)";
        let html = snapshot.to_html();
        for text in [&html, &snapshot.to_markdown()] {
            assert!(text.contains(conditional), "{text}");
            assert!(text.contains("Wind down: Ann 31%, Bob 10%"), "{text}");
        }
    }
    // A board of one's own made from it keeps what was said when.
    let snapshot = take(
        &desk.board,
        BoardId::default(),
        &full(Audience::Internal),
        desk.now,
    )
    .snapshot;
    let mut other = Desk::new();
    other.days_pass(40);
    let taken = other.try_do(Command::TakeIn(snapshot.changes)).unwrap();
    let own = taken
        .iter()
        .filter_map(|change| other.board.option_credence(OptionCredenceId(change.id)));
    let days: BTreeSet<_> = own.map(|said| said.at.day()).collect();
    assert_eq!(days, BTreeSet::from([NOW.day()]));
}

fn full(audience: Audience) -> SnapshotRequest {
    SnapshotRequest {
        audience,
        depth: Depth::Everything,
        ..SnapshotRequest::default()
    }
}

#[test]
fn a_snapshot_that_is_short_or_of_some_cruxes_holds_no_credence_in_an_option() {
    let (desk, strong, _) = group();
    let of = |wish: SnapshotRequest| {
        in_snapshot(&take(&desk.board, BoardId::default(), &wish, desk.now).snapshot)
    };
    let short = SnapshotRequest {
        depth: Depth::Argument,
        ..SnapshotRequest::default()
    };
    assert_eq!(of(short), (vec![], 6));
    let some = SnapshotRequest {
        cruxes: Some(BTreeSet::from([strong])),
        ..full(Audience::Internal)
    };
    assert_eq!(of(some), (vec![], 0));
}

#[test]
fn a_public_snapshot_without_credences_of_people_holds_none_in_options_either() {
    let mut desk = Desk::new();
    says(&mut desk, "Ann", None, 30.0);
    let of = |audience| {
        let taken = take(&desk.board, BoardId::default(), &full(audience), desk.now);
        in_snapshot(&taken.snapshot).0.len()
    };
    assert_eq!((of(Audience::Internal), of(Audience::Public)), (1, 0));
}

#[test]
fn what_changed_names_who_said_what_and_if_what() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let review = desk.reviews();
    desk.days_pass(1);
    let said = says(&mut desk, "Bob", Some(crux), 40.0);
    let since = Since::between(&desk.board, review, ChangeId::MAX, Now::utc(desk.now));
    let line = &since.groups[0].lines[0];
    assert_eq!(since.groups[0].crux, Some(crux));
    assert_eq!(line.about, About::OptionCredence(said));
    assert_eq!(
        tell(&desk.board, line),
        (
            "New credence in an option".to_owned(),
            "Bob: 40% that “Wind down” is right, if “It is so” is true".to_owned()
        )
    );
}

#[test]
fn a_change_of_mind_is_never_refused_but_sets_a_conditional_credence_aside() {
    let (mut desk, strong, _) = group();
    let option = desk.option("Wind down");
    let of_strong = |desk: &Desk| {
        let values = crux_values(&desk.board, option, Now::utc(desk.now));
        let value = values.into_iter().find(|value| value.crux == strong);
        value.map(|value| (value.views.len(), value.contradictory))
    };
    assert_eq!(of_strong(&desk), Some((2, vec![])));
    // P(U|C) = 60% is impossible if P(U) = 20% and P(C) = 80%.
    desk.states(strong, "Ann", 80.0);
    says(&mut desk, "Ann", None, 20.0);
    let ann = desk.person("Ann");
    assert_eq!(of_strong(&desk), Some((1, vec![ann])));
    assert_eq!(
        contradictory_words(&desk.board, &[ann]).unwrap(),
        "Ann is not counted: their credences contradict each other since one of them was changed."
    );
    let refused = desk.refuses(move_in(&desk, "Ann", Some(strong), 60.0));
    assert!(
        refused.to_string().contains("between 0% and 25% likely"),
        "{refused}"
    );
    says(&mut desk, "Ann", Some(strong), 25.0);
    assert_eq!(of_strong(&desk), Some((2, vec![])));
}

#[test]
fn the_crux_that_moves_the_group_most_comes_first_and_is_told_with_its_reason() {
    let (mut desk, strong, weak) = group();
    desk.adds_trigger(strong, "Wind down");
    let option = desk.option("Wind down");
    let mut values = crux_values(&desk.board, option, Now::utc(desk.now));
    values.reverse();
    sort_by_information(&mut values);
    assert_eq!(values[0].crux, strong);
    assert_eq!(values[1].crux, weak);
    // Ann's value is 24 points and Bob's is 1.6, so the lower median is Bob's.
    let level = values[0].level.unwrap();
    assert!((level - 1.6).abs() < 1e-9, "{level}");
    assert_eq!(
        first_words(&desk.board, option, &values).unwrap(),
        "“It is strong”: knowing whether it is true would move people’s views of “Wind down” by 1.6 points on average (the lower median of 2 people), the most of 2 cruxes. The first of its triggers is to be judged by 30 Jun 2027."
    );
    let [ann, bob] = ["Ann", "Bob"].map(|name| Side::person(&desk.board, desk.person(name)));
    let words = discrimination_words(&desk.board, &values[0], &ann, &bob).unwrap();
    assert!(
        words == "Knowing “It is strong” would drive Ann and Bob apart, by 1.6 points on average.",
        "{words}"
    );
    // Nobody has stated a credence in another option.
    let of_other = crux_values(&desk.board, desk.option("Continue"), Now::utc(desk.now));
    assert!(of_other.iter().all(|value| value.level.is_none()));
    assert_eq!(first_words(&desk.board, option, &of_other), None);
}

/// Returns a board on which five people have a view of one crux, and its value.
fn five() -> (Desk, CruxValue) {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is strong");
    for name in ["Cid", "Dot", "Eve"] {
        desk.does(Command::AddPerson(PersonEdit {
            name: Some(name.into()),
            ..PersonEdit::default()
        }));
    }
    for (person, [question, of_crux, if_true]) in [
        ("Ann", [30.0, 40.0, 60.0]),
        ("Bob", [10.0, 60.0, 12.0]),
        ("Cid", [20.0, 50.0, 23.0]),
        ("Dot", [9.0, 75.0, 10.0]),
        ("Eve", [50.0, 50.0, 100.0]),
    ] {
        says(&mut desk, person, None, question);
        desk.states(crux, person, of_crux);
        says(&mut desk, person, Some(crux), if_true);
    }
    let option = desk.option("Wind down");
    let value = crux_values(&desk.board, option, Now::utc(desk.now)).remove(0);
    (desk, value)
}

fn side(desk: &Desk, names: &[&str]) -> Side {
    Side {
        name: names.join(", "),
        members: names
            .iter()
            .map(|name| desk.person(name))
            .collect::<BTreeSet<_>>(),
    }
}

#[test]
fn the_value_of_information_of_a_chosen_group_is_the_lower_median_of_its_members() {
    let (desk, value) = five();
    // Each person's level: Ann 24, Bob 2.4, Cid 3, Dot 1.5, Eve 50 points.
    for (names, level) in [
        (&["Dot"][..], 1.5),
        (&["Cid", "Dot"], 1.5),
        (&["Cid", "Dot", "Eve"], 3.0),
        (&["Ann", "Bob", "Cid", "Eve"], 3.0),
        (&["Ann", "Bob", "Cid", "Dot", "Eve"], 3.0),
    ] {
        let found = value.level_of(&side(&desk, names)).unwrap();
        assert!((found - level).abs() < 1e-9, "{names:?}: {found}");
    }
    assert_eq!(
        value.level,
        value.level_of(&side(&desk, &["Ann", "Bob", "Cid", "Dot", "Eve"]))
    );
    assert_eq!(value.level_of(&side(&desk, &[])), None);
}

/// The expected values were computed with the formulas in another language, at full precision: the median of
/// each of the four probabilities, then the value of discrimination of the two.
#[test]
fn the_value_of_discrimination_of_two_groups_is_that_of_their_medians() {
    let (desk, value) = five();
    let one = side(&desk, &["Ann", "Cid", "Eve"]);
    let other = side(&desk, &["Bob", "Dot"]);
    let (level, bits) = value.discrimination(&one, &other);
    assert!((level.unwrap() - LEVEL_OF_GROUPS).abs() < 1e-9, "{level:?}");
    assert!((bits.unwrap() - BITS_OF_GROUPS).abs() < 1e-9, "{bits:?}");
    assert_eq!(value.discrimination(&other, &one), (level, bits));
    // A group of one is that person.
    let [ann, bob] = ["Ann", "Bob"].map(|name| Side::person(&desk.board, desk.person(name)));
    let (level, _) = value.discrimination(&ann, &bob);
    assert!((level.unwrap() + 5.5).abs() < 1e-9);
    // Nobody, or nobody with a view, has none.
    assert_eq!(value.discrimination(&one, &side(&desk, &[])), (None, None));
}

const LEVEL_OF_GROUPS: f64 = -9.73125;
const BITS_OF_GROUPS: f64 = -0.6354034058021262;

#[test]
fn the_list_of_what_a_person_has_stated_agrees_with_each_crux_by_itself() {
    let (desk, strong, weak) = group();
    let option = desk.option("Wind down");
    for person in ["Ann", "Bob"].map(|name| desk.person(name)) {
        let expected = [strong, weak].map(|crux| (crux, stated(&desk.board, option, crux, person)));
        assert_eq!(stated_by(&desk.board, option, person), expected);
    }
}

#[test]
fn a_settled_crux_has_nothing_left_to_tell() {
    let (mut desk, strong, weak) = group();
    desk.edits_crux(
        strong,
        CruxEdit {
            stage: Some(Some(Stage::SettledTrue)),
            stage_reason: Some("seen".into()),
            ..CruxEdit::default()
        },
    );
    let option = desk.option("Wind down");
    let values = crux_values(&desk.board, option, Now::utc(desk.now));
    let cruxes: Vec<CruxId> = values.iter().map(|value| value.crux).collect();
    assert_eq!(cruxes, [weak]);
}

fn hundredths() -> impl Strategy<Value = Credence> {
    (0..=10_000_u32).prop_map(|hundredths| Credence::clamped(f64::from(hundredths) / 100.0))
}

proptest! {
    #[test]
    fn the_range_that_is_told_is_exactly_what_is_accepted(
        question in hundredths(), crux in hundredths(), offset in -3..=3_i32, upper: bool,
    ) {
        let mut desk = Desk::new();
        let of = desk.adds_crux("It is so");
        let command = move_in(&desk, "Ann", None, question.percent());
        desk.does(command);
        desk.states(of, "Ann", crux.percent());
        let range = coherent_range(question, crux);
        let limit = if upper { range.end() } else { range.start() };
        // The credence is near a limit, where rounding matters.
        let percent = limit.percent() + f64::from(offset) / 100.0;
        let Some(tried) = Credence::from_percent(percent) else { return Ok(()) };
        let command = move_in(&desk, "Ann", Some(of), tried.percent());
        match desk.try_do(command) {
            Ok(_) => prop_assert!(range.contains(&tried), "{} of {:?}", tried, range),
            Err(CommandError::Incoherent(told)) => {
                prop_assert!(!range.contains(&tried), "{} of {:?}", tried, range);
                prop_assert_eq!((told.lowest, told.highest), (*range.start(), *range.end()));
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}
