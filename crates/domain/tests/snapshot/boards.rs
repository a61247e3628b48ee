//! Boards made of a snapshot or a template, and comparisons with one.

use std::time::Duration;

use super::*;
use cruxboard_domain::Millis;
use cruxboard_domain::date::DAY;

#[test]
fn a_snapshot_becomes_a_board_of_ones_own_with_ids_of_its_own_and_dates_as_they_were() {
    let (_, board) = example();
    let snapshot = taken(&everything());
    let mut clock = Clock::new(Replica::new(5, 5));
    let mut issuer = Issuer {
        by: None,
        now: Now::utc(NOW + DAY),
        clock: &mut clock,
    };
    let changes = adopted(&snapshot.changes, &mut issuer);
    assert_eq!(changes.len(), snapshot.changes.len());
    let own: Board = changes.iter().cloned().map(Entry::Known).collect();
    assert!(
        changes
            .iter()
            .all(|change| change.id.replica() == Replica::new(5, 5))
    );
    assert!(
        changes[1..]
            .iter()
            .all(|change| change.part_of == Some(changes[0].id))
    );
    assert_eq!(own.info().question, board.info().question);
    for (mine, theirs) in own.cruxes().iter().zip(board.cruxes()) {
        assert_eq!(mine.name(), theirs.name());
        let days = |board: &Board, crux| -> Vec<_> {
            board
                .statements_on(crux)
                .iter()
                .map(|s| (s.credence, s.at.0 / 60_000))
                .collect()
        };
        assert_eq!(days(&own, mine.id), days(&board, theirs.id));
        assert_eq!(
            own.triggers_of(mine.id).count(),
            board.triggers_of(theirs.id).count()
        );
    }
}

#[test]
fn what_changed_since_a_snapshot_is_what_was_done_since() {
    let (id, mut board) = example();
    for wish in [
        SnapshotRequest::default(),
        everything(),
        SnapshotRequest {
            cruxes: Some([board.cruxes()[0].id].into()),
            ..SnapshotRequest::default()
        },
    ] {
        let snapshot = take(&board, id, &wish, NOW).snapshot;
        assert!(snapshot.since(&board, id, NOW).is_empty());
    }
    let one = SnapshotRequest {
        cruxes: Some([board.cruxes()[0].id].into()),
        ..SnapshotRequest::default()
    };
    // After the last change of the example, so that the time tells what was done since.
    let now = Millis((board.log().last().millis().0 / 60_000 + 2) * 60_000);
    let taken = |wish: &SnapshotRequest| take(&board, id, wish, now).snapshot;
    let (whole, part) = (taken(&everything()), taken(&one));
    let mut clock = Clock::new(Replica::new(3, 3));
    clock.observe(board.log().last());
    let cruxes: Vec<CruxId> = board.cruxes().iter().map(|crux| crux.id).collect();
    let person = board.people().nth(2).unwrap().id;
    let bears_on = BearsOn {
        direction: Direction::Against,
        strength: Strength::Strong,
    };
    let move_of = |crux, percent| Move {
        crux,
        person,
        credence: Credence::clamped(percent),
        reason: "r".into(),
    };
    for command in [
        Command::FileEvidence {
            evidence: EvidenceEdit {
                text: Some("A study of two families".into()),
                ..EvidenceEdit::default()
            },
            bears_on: vec![(cruxes[0], bears_on)],
            moves: vec![move_of(cruxes[0], 40.0)],
        },
        Command::FileEvidence {
            evidence: EvidenceEdit {
                text: Some("Nobody outside may know".into()),
                visibility: Some(Some(Visibility::Private)),
                ..EvidenceEdit::default()
            },
            bears_on: vec![(cruxes[1], bears_on)],
            moves: Vec::new(),
        },
        Command::Trash(cruxes[3].0),
        Command::AddCrux {
            crux: CruxEdit {
                claim: Some("Something else".into()),
                ..CruxEdit::default()
            },
            triggers: Vec::new(),
        },
    ] {
        let mut issuer = Issuer {
            by: None,
            now: Now::utc(now + Duration::from_secs(60)),
            clock: &mut clock,
        };
        for change in decide(&board, command, &mut issuer).unwrap() {
            board.apply(change);
        }
    }
    let found = whole.since(&board, id, now + Duration::from_secs(120));
    assert_eq!(found.there, [], "the snapshot has nothing newer");
    let differences = found.here;
    let said = |n: usize| (differences[n].0.as_str(), differences[n].1.join(" "));
    assert_eq!(said(0), ("Coercive by default", "All: 22%, now 29%. Researcher: 20%, now 40%. Evidence: “A study of two families”: against (new).".into()));
    assert_eq!(said(1), ("Something else", "It is new.".into()));
    assert_eq!(
        said(2),
        (
            "A non-coercive route exists",
            "It is no longer there.".into()
        )
    );
    assert_eq!(
        differences.len(),
        3,
        "what is private is no difference: {differences:?}"
    );
    assert_eq!(
        part.since(&board, id, now + Duration::from_secs(120)).here,
        differences[..1]
    );
}

#[test]
fn what_a_newer_snapshot_has_otherwise_is_told_as_such_and_not_as_a_change_of_ones_own() {
    let mut desk = crate::desk::Desk::new();
    let [kept, moved, gone] = ["Kept", "Moved", "Gone"].map(|claim| desk.adds_crux(claim));
    for crux in [kept, moved, gone] {
        desk.states(crux, "Ann", 40.0);
    }
    let mut own = desk.board.clone();
    let id = BoardId(ChangeId::MAX);
    desk.days_pass(1);
    desk.states(moved, "Ann", 22.0);
    desk.does(Command::Trash(gone.0));
    desk.adds_crux("Added");
    let newer = take(
        &desk.board,
        id,
        &everything(),
        desk.now + Duration::from_secs(60),
    )
    .snapshot;
    let found = newer.since(&own, id, desk.now + Duration::from_secs(120));
    assert_eq!(found.here, [], "nothing changed on the copy");
    let of = |name: &str, said: &[&str]| {
        let said: Vec<String> = said.iter().map(|one| (*one).to_owned()).collect();
        (name.to_owned(), said)
    };
    assert_eq!(
        found.there,
        [
            of(
                "Moved",
                &[
                    "All. In the snapshot: 22%; your copy: 40%.",
                    "Ann. In the snapshot: 22%; your copy: 40%.",
                ]
            ),
            of("Gone", &["It is not in the snapshot."]),
            of("Added", &["It is only in the snapshot."]),
        ]
    );
    // Later changes of the copy are listed beside it; a record that both changed belongs to neither side.
    desk.days_pass(1);
    let mut other = crate::desk::Desk::new();
    std::mem::swap(&mut other.board, &mut own);
    other.now = desk.now;
    other.states(kept, "Ann", 90.0);
    other.states(moved, "Ann", 60.0);
    let found = newer.since(&other.board, id, desk.now + Duration::from_secs(60));
    assert_eq!(
        found.here,
        [of("Kept", &["All: 40%, now 90%.", "Ann: 40%, now 90%."])]
    );
    assert_eq!(
        found.there[0],
        of(
            "Moved",
            &[
                "All. In the snapshot: 22%; your copy: 60%.",
                "Ann. In the snapshot: 22%; your copy: 60%.",
            ]
        )
    );
}

#[test]
fn a_template_has_the_questions_of_a_board_and_nobodys_answers() {
    let (_, board) = example();
    let new: Board = template(&board, NOW)
        .into_iter()
        .map(Entry::Known)
        .collect();
    assert_eq!(new.info().question, board.info().question);
    assert_eq!(new.cruxes().len(), 9);
    assert_eq!(new.triggers().count(), 36);
    assert_eq!(new.people().count(), 3);
    assert_eq!(new.terms().count(), 3);
    assert_eq!(new.all_evidence().count(), 0);
    assert_eq!(new.follow_ups().count(), 0);
    assert!(
        new.cruxes()
            .iter()
            .all(|crux| new.statements_on(crux.id).is_empty())
    );
}
