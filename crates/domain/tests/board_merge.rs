//! Two whole boards merged into one.

use std::collections::BTreeSet;

use cruxboard_domain::board::Board;
use cruxboard_domain::change::Edited;
use cruxboard_domain::decide::{Command, OptionMove};
use cruxboard_domain::import::board_merge::{
    Apart, BoardMerge, LeftOut, MergeKind, Pair, shared_changes,
};
use cruxboard_domain::outcome::outcome;
use cruxboard_domain::record::*;
use cruxboard_domain::text::folded_name;
use cruxboard_domain::{ChangeId, Credence, Millis};
use proptest::prelude::*;

use super::desk::{DAY, Desk, edited, judge};
use super::world::{Manners, World, steps};

/// Returns a merge with nothing kept apart.
fn merged(theirs: &Board, own: &Board) -> BoardMerge {
    BoardMerge::of(theirs, own, &Apart::new())
}

fn merge(theirs: &Board, own: &mut Desk) -> BoardMerge {
    let merge = merged(theirs, &own.board);
    own.does(Command::MergeBoard(merge.changes.clone()));
    merge
}

fn count(merge: &BoardMerge, kind: MergeKind) -> usize {
    merge.coming.get(&kind).map_or(0, Vec::len)
}

fn pairs_of(merge: &BoardMerge, kind: MergeKind) -> Vec<&Pair> {
    merge.pairs.iter().filter(|it| it.kind == kind).collect()
}

/// A credence as people know it: claim, person, number, day and reason.
type Said = (String, String, String, Millis, String);

/// Returns every credence of a board, the reason of a confirmation being that of what it confirms.
fn said(board: &Board) -> Vec<Said> {
    let mut all = Vec::new();
    for crux in board.cruxes() {
        for (said, basis) in board.statements_with_basis(crux.id) {
            let person = board.person(said.person).unwrap();
            let reason = match said.reaffirms {
                true => String::new(),
                false => basis.reason.clone(),
            };
            all.push((
                folded_name(&crux.claim),
                folded_name(&person.name),
                said.credence.shown(),
                said.at,
                reason,
            ));
        }
    }
    all
}

/// Returns whether two lists of credences agree in all but the reasons of confirmations.
fn has(all: &[Said], one: &Said) -> bool {
    let is_same = |other: &Said| {
        let is_said = (&one.0, &one.1, &one.2, one.3) == (&other.0, &other.1, &other.2, other.3);
        is_said && (one.4.is_empty() || one.4 == other.4)
    };
    all.iter().any(is_same)
}

/// Returns a colleague's board about the same question, begun two days before.
fn colleagues() -> (Desk, CruxId, CruxId) {
    let mut desk = Desk::new();
    desk.now -= 2 * DAY;
    desk.does(Command::AddPerson(PersonEdit {
        name: Some("Cleo".into()),
        role: Some("Reviewer".into()),
        ..PersonEdit::default()
    }));
    let (shared, new) = (desk.adds_crux("IT  pays"), desk.adds_crux("It scales"));
    let (stop, cleo) = (desk.option("Wind down"), desk.person("Cleo"));
    desk.edits_crux(
        shared,
        CruxEdit {
            resolution: Some("Two audits agree".into()),
            note: Some("theirs".into()),
            owner: Some(Some(cleo)),
            ..CruxEdit::default()
        },
    );
    desk.edits_crux(
        new,
        CruxEdit {
            if_true: Some(Some(stop)),
            split_from: Some(Some(shared)),
            ..CruxEdit::default()
        },
    );
    for (crux, person, percent, reason) in [
        (shared, "Cleo", 20.0, "seen it"),
        (shared, "Ann", 35.0, "older"),
        (new, "Ann", 80.0, "obvious"),
    ] {
        let mut moved = desk.moved(crux, person, percent);
        moved.reason = reason.into();
        desk.does(Command::StateCredence {
            moved,
            evidence: Vec::new(),
        });
    }
    desk.does(Command::Reaffirm {
        crux: new,
        person: desk.person("Ann"),
    });
    desk.files(
        "An audit",
        &[(shared, Direction::For), (new, Direction::For)],
    );
    desk.files("A survey", &[(new, Direction::Against)]);
    let trigger = desk.adds_trigger(new, "Wind down");
    desk.does(judge(trigger, Verdict::NotMet, "not seen"));
    desk.does(Command::DefineTerm(TermEdit {
        term: Some("Pays".into()),
        meaning: Some("in two years".into()),
        ..TermEdit::default()
    }));
    desk.does(Command::AddFollowUp(FollowUpEdit {
        what: Some("Ask the auditors".into()),
        crux: Some(Some(shared)),
        ..FollowUpEdit::default()
    }));
    desk.does(Command::RecordPosition(PositionEdit {
        crux: Some(shared),
        holder: Some("A critic".into()),
        ..PositionEdit::default()
    }));
    desk.does(Command::RecordDecision {
        decision: DecisionEdit {
            option: Some(Some(stop)),
            why: Some("It does not pay".into()),
            answers: Some(vec![trigger]),
            ..DecisionEdit::default()
        },
        actions: Vec::new(),
    });
    desk.reviews();
    desk.now += 2 * DAY;
    (desk, shared, new)
}

/// Returns one's own board, with one crux and one item in common with the colleague's.
fn own() -> (Desk, CruxId) {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It pays");
    desk.edits_crux(
        crux,
        CruxEdit {
            note: Some("ours".into()),
            ..CruxEdit::default()
        },
    );
    desk.files("An  audit", &[(crux, Direction::For)]);
    desk.states(crux, "Ann", 60.0);
    (desk, crux)
}

#[test]
fn equal_people_options_and_cruxes_are_joined_and_the_rest_is_added() {
    let (theirs, shared, _) = colleagues();
    let (mut desk, crux) = own();
    let merge = merge(&theirs.board, &mut desk);
    let board = &desk.board;
    let names: Vec<_> = board.people().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["Ann", "Bob", "Cleo"]);
    assert_eq!(
        board.options().count(),
        theirs.board.options().count(),
        "options are joined by name"
    );
    let claims: Vec<_> = board.cruxes().iter().map(|it| it.claim.as_str()).collect();
    assert_eq!(claims, ["It pays", "It scales"]);
    let items: Vec<_> = board.all_evidence().map(|it| it.text.as_str()).collect();
    assert_eq!(items, ["An  audit", "A survey"]);
    for (kind, expected) in [
        (MergeKind::Person, 1),
        (MergeKind::Crux, 1),
        (MergeKind::Evidence, 1),
        (MergeKind::Weight, 2),
        (MergeKind::Credence, 4),
        (MergeKind::Trigger, 1),
        (MergeKind::Judgement, 1),
        (MergeKind::Term, 1),
        (MergeKind::FollowUp, 1),
        (MergeKind::Position, 1),
        (MergeKind::Decision, 1),
    ] {
        assert_eq!(count(&merge, kind), expected, "{kind:?}");
    }
    let pairs = pairs_of(&merge, MergeKind::Crux);
    assert_eq!(pairs.len(), 1);
    assert_eq!((pairs[0].theirs, pairs[0].own), (shared.0, crux.0));
    assert_eq!(
        (pairs[0].their_name.as_str(), pairs[0].own_name.as_str()),
        ("IT  pays", "It pays")
    );
    assert_eq!(pairs[0].filled, ["Owner", "Resolution criteria"]);
    assert_eq!(pairs[0].kept, ["Notes"]);
    let joined = board.crux(crux).unwrap();
    assert_eq!(
        (joined.note.as_str(), joined.resolution.as_str()),
        ("ours", "Two audits agree")
    );
    assert_eq!(joined.owner, Some(desk.person("Cleo")));
    let new = board.cruxes()[1];
    assert_eq!(
        (new.if_true, new.split_from),
        (Some(desk.option("Wind down")), Some(crux))
    );
    assert_eq!(board.evidence_on(new.id).count(), 2);
    assert_eq!(merge.left_out.get(&LeftOut::Review), Some(&1));
}

#[test]
fn credences_keep_their_person_day_and_reason_and_one_undo_takes_all_back() {
    let (theirs, ..) = colleagues();
    let (mut desk, crux) = own();
    let before = said(&desk.board);
    let cruxes = desk.board.cruxes().len();
    merge(&theirs.board, &mut desk);
    let after = said(&desk.board);
    for one in said(&theirs.board).iter().chain(&before) {
        assert!(has(&after, one), "{one:?} in {after:?}");
    }
    assert_eq!(after.len(), before.len() + 4);
    // Ann's own credence is later, and stays her latest.
    let ann = desk.person("Ann");
    let views = desk.board.current_views(crux, desk.now);
    let view = views
        .iter()
        .find(|view| view.statement.person == ann)
        .unwrap();
    assert_eq!(view.statement.credence, Credence::clamped(60.0));
    let statements = desk.board.statements_on(crux);
    let of_cleo = statements
        .iter()
        .find(|it| it.person == desk.person("Cleo"));
    let recorded = theirs.board.statements_on(theirs.board.cruxes()[0].id)[0].filed;
    assert_eq!(
        of_cleo.map(|it| it.filed),
        Some(recorded),
        "scores count from its recording"
    );
    desk.undoes();
    assert_eq!(said(&desk.board), before);
    assert_eq!(desk.board.cruxes().len(), cruxes);
    assert_eq!(desk.board.people().count(), 2);
    assert_eq!(desk.board.crux(crux).unwrap().resolution, "");
    assert_eq!(desk.board.decisions().count(), 0);
}

#[test]
fn a_second_merge_brings_nothing_and_the_other_board_stays_as_it_is() {
    let (mut theirs, _, new) = colleagues();
    let (mut desk, _) = own();
    let before = theirs.board.clone();
    merge(&theirs.board, &mut desk);
    assert_eq!(theirs.board, before);
    assert_eq!(merged(&theirs.board, &desk.board).changes, []);
    // Changes that the colleague adds afterwards come, and nothing else.
    theirs.states(new, "Cleo", 10.0);
    let again = merge(&theirs.board, &mut desk);
    assert_eq!(again.changes.len(), 1);
    assert_eq!(merged(&theirs.board, &desk.board).changes, []);
    // The other way round, only what is one's own is new.
    let back = merged(&desk.board, &theirs.board);
    assert_eq!(count(&back, MergeKind::Credence), 1);
    assert_eq!(count(&back, MergeKind::Crux), 0);
}

#[test]
fn a_pair_that_is_unticked_stays_apart_and_names_stay_different() {
    let (theirs, ..) = colleagues();
    let (mut desk, crux) = own();
    let found = merged(&theirs.board, &desk.board);
    let is_apart = |pair: &&Pair| {
        pair.kind == MergeKind::Crux || pair.own_name == "Ann" || pair.own_name == "Wind down"
    };
    let apart: Apart = found
        .pairs
        .iter()
        .filter(is_apart)
        .map(|it| (it.theirs, it.own))
        .collect();
    assert_eq!(apart.len(), 3);
    let merge = BoardMerge::of(&theirs.board, &desk.board, &apart);
    desk.does(Command::MergeBoard(merge.changes));
    let names: Vec<_> = desk.board.people().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["Ann", "Bob", "Ann (2)", "Cleo"]);
    assert!(desk.board.options().any(|it| it.name == "Wind down (2)"));
    assert_eq!(desk.board.cruxes().len(), 3);
    assert_eq!(
        desk.board.statements_on(crux).len(),
        1,
        "it stays as it was"
    );
    assert_eq!(desk.board.crux(crux).unwrap().resolution, "");
    let again = BoardMerge::of(&theirs.board, &desk.board, &apart);
    assert_eq!(again.changes, [], "{:?}", again.coming);
}

#[test]
fn an_option_without_a_namesake_is_joined_with_the_one_of_its_kind() {
    let (theirs, ..) = colleagues();
    let mut desk = Desk::new();
    let stop = desk.option("Wind down");
    desk.does(Command::EditOption(edited(
        stop,
        BoardOptionEdit {
            name: Some("Close it".into()),
            ..BoardOptionEdit::default()
        },
    )));
    let merge = merge(&theirs.board, &mut desk);
    let pairs = pairs_of(&merge, MergeKind::Option);
    let pair = pairs.iter().find(|pair| pair.own == stop.0).unwrap();
    assert_eq!(pair.their_name, "Wind down");
    assert_eq!(desk.board.cruxes()[1].if_true, Some(stop));
}

#[test]
fn an_older_decision_and_an_older_credence_in_an_option_do_not_replace_later_ones() {
    let (mut theirs, ..) = colleagues();
    let (mut desk, _) = own();
    let in_option = |desk: &Desk, percent| Command::StateOptionCredence {
        moved: OptionMove {
            option: desk.option("Wind down"),
            if_true: None,
            person: desk.person("Ann"),
            credence: Credence::clamped(percent),
            reason: String::new(),
        },
        evidence: Vec::new(),
    };
    theirs.now -= 2 * DAY;
    theirs.does(in_option(&theirs, 10.0));
    desk.days_pass(1);
    desk.does(in_option(&desk, 90.0));
    let stop = desk.option("Wind down");
    let decide = |why: &str| Command::RecordDecision {
        decision: DecisionEdit {
            option: Some(Some(stop)),
            why: Some(why.into()),
            ..DecisionEdit::default()
        },
        actions: Vec::new(),
    };
    desk.does(decide("Today"));
    let merge = merge(&theirs.board, &mut desk);
    assert_eq!(merge.left_out.get(&LeftOut::Decision), Some(&1));
    assert_eq!(merge.left_out.get(&LeftOut::OptionCredence), Some(&1));
    assert_eq!(desk.board.standing_decision().unwrap().why, "Today");
    let current = desk.board.current_option_credences(stop);
    let current: Vec<_> = current.values().map(|said| said.credence.shown()).collect();
    assert_eq!(current, ["90%"]);
}

#[test]
fn a_crux_that_is_settled_there_is_settled_here_and_scored_by_the_same_day() {
    let (mut theirs, _, new) = colleagues();
    theirs.now -= DAY;
    theirs.does(Command::EditCrux(Edited {
        of: new,
        set: CruxEdit {
            stage: Some(Some(Stage::SettledTrue)),
            stage_reason: Some("Seen".into()),
            ..CruxEdit::default()
        },
        reason: "Seen".into(),
    }));
    let there = outcome(&theirs.board, theirs.board.crux(new).unwrap()).unwrap();
    let (mut desk, _) = own();
    desk.days_pass(5);
    merge(&theirs.board, &mut desk);
    let crux = desk.board.cruxes()[1];
    let here = outcome(&desk.board, crux).unwrap();
    assert!(here.came_true);
    assert_eq!(here.scored_until, there.scored_until);
    assert_eq!(merged(&theirs.board, &desk.board).changes, []);
}

#[test]
fn copies_of_one_board_are_known_by_the_changes_they_share() {
    let (theirs, ..) = colleagues();
    let (desk, _) = own();
    assert_eq!(
        shared_changes(&theirs.board, &theirs.board),
        theirs.board.log().entries().count()
    );
    let mut copy = Desk::new();
    copy.board = desk.board.clone();
    copy.clock.observe(copy.board.log().last());
    copy.adds_crux("Only here");
    assert_eq!(
        shared_changes(&desk.board, &copy.board),
        desk.board.log().entries().count()
    );
    let mut joined = desk.board.clone();
    joined.merge(copy.board.log());
    assert_eq!(joined, copy.board);
}

fn cases() -> ProptestConfig {
    ProptestConfig {
        cases: 1_000,
        failure_persistence: None,
        max_shrink_iters: 5_000,
        ..ProptestConfig::default()
    }
}

/// Returns the records of a board that people see, without those of reviews.
fn counts(board: &Board) -> [usize; 9] {
    [
        board.people().count(),
        board.options().count(),
        board.cruxes().len(),
        board.all_evidence().count(),
        board.triggers().count(),
        board.terms().count(),
        board.follow_ups().count(),
        board.decisions().count(),
        said(board).len(),
    ]
}

fn check(theirs: &Board, own: Board) -> Result<(), TestCaseError> {
    let mut desk = Desk::new();
    desk.now = theirs.log().last().max(own.log().last()).millis();
    desk.board = own;
    let (before, counted) = (said(&desk.board), counts(&desk.board));
    let merge = merged(theirs, &desk.board);
    let own_ids: BTreeSet<ChangeId> = merge.pairs.iter().map(|pair| pair.own).collect();
    prop_assert_eq!(own_ids.len(), merge.pairs.len(), "each is joined once");
    if merge.changes.is_empty() {
        return Ok(());
    }
    let changes = desk
        .try_do(Command::MergeBoard(merge.changes.clone()))
        .unwrap();
    prop_assert_eq!(
        changes.len(),
        merge.changes.len(),
        "every change can be read"
    );
    let after = said(&desk.board);
    for one in said(theirs).iter().chain(&before) {
        prop_assert!(has(&after, one), "{:?} in {:?}", one, after);
    }
    let again = merged(theirs, &desk.board);
    prop_assert_eq!(&again.changes, &Vec::new(), "{:?}", again.coming);
    desk.does(Command::Retract(changes.iter().map(|it| it.id).collect()));
    prop_assert_eq!(said(&desk.board), before);
    prop_assert_eq!(counts(&desk.board), counted);
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_credence_comes_once_and_one_undo_takes_all_back(
        theirs in steps(Manners::Honest), own in steps(Manners::Honest),
    ) {
        check(&World::play(&theirs).all(), World::play(&own).all())?;
    }

    #[test]
    fn the_same_holds_for_two_copies_of_one_board_that_went_apart(
        both in steps(Manners::Honest), more in steps(Manners::Honest),
    ) {
        let own = World::play(&both).all();
        let all: Vec<_> = both.iter().chain(&more).copied().collect();
        check(&World::play(&all).all(), own)?;
    }

    #[test]
    fn changes_that_no_app_would_make_break_nothing(
        theirs in steps(Manners::Hostile), own in steps(Manners::Hostile),
    ) {
        let (theirs, own) = (World::play(&theirs).all(), World::play(&own).all());
        let merge = merged(&theirs, &own);
        let mut desk = Desk::new();
        desk.board = own;
        if !merge.changes.is_empty() {
            desk.try_do(Command::MergeBoard(merge.changes)).ok();
        }
    }
}

#[test]
fn a_confirmation_by_a_clock_that_ran_behind_comes_along() {
    let steps = [
        (0, 13, 104, 1),
        (0, 15, 0, 0),
        (0, 0, 185, 0),
        (1, 13, 0, 16),
        (0, 0, 242, 0),
        (0, 0, 0, 0),
        (1, 15, 0, 0),
    ];
    let (theirs, own) = (
        World::play(&steps).all(),
        World::play(&[(0, 0, 0, 0)]).all(),
    );
    check(&theirs, own).unwrap();
}
