//! The order of cruxes: ranks, moves, splits, sorting.

use crate::desk::{Desk, NOW};
use cruxboard_domain::change::{Change, Payload};
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, CommandError};
use cruxboard_domain::import::claims::claims;
use cruxboard_domain::record::*;
use cruxboard_domain::view::{Filter, Sort, rank_between, shown};
use cruxboard_domain::{Credence, Millis};

fn order(desk: &Desk) -> String {
    desk.board
        .cruxes()
        .iter()
        .map(|crux| crux.claim.as_str())
        .collect()
}

#[test]
fn a_crux_can_be_put_anywhere_and_back_again() {
    let mut desk = Desk::new();
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|claim| desk.adds_crux(claim));
    for (crux, after, expected) in [
        (d, None, "dabc"),
        (d, Some(c), "abcd"),
        (a, Some(b), "bacd"),
        (c, Some(b), "bcad"),
        (b, Some(d), "cadb"),
        (b, None, "bcad"),
    ] {
        desk.does(Command::MoveCrux { crux, after });
        assert_eq!(order(&desk), expected);
    }
    let targets = desk.undo.next_undo().unwrap().to_vec();
    desk.does(Command::Retract(targets));
    assert_eq!(order(&desk), "cadb");
    assert_eq!(
        desk.refuses(Command::MoveCrux {
            crux: a,
            after: Some(c)
        }),
        CommandError::NothingToDo
    );
}

/// Returns three cruxes that were added at the same moment on devices that did not know of each other.
fn of_one_rank() -> (Desk, Vec<CruxId>) {
    let mut desk = Desk::new();
    let mut ids = Vec::new();
    for (claim, rank) in [("a", "n"), ("b", "n"), ("c", "n"), ("d", "t")] {
        let crux = CruxEdit {
            claim: Some(claim.into()),
            rank: Some(rank.into()),
            ..CruxEdit::default()
        };
        ids.push(CruxId(desk.does(Command::AddCrux {
            crux,
            triggers: vec![],
        })));
    }
    (desk, ids)
}

#[test]
fn cruxes_of_one_rank_are_passed_as_a_group() {
    let (mut desk, ids) = of_one_rank();
    desk.does(Command::MoveCrux {
        crux: ids[3],
        after: Some(ids[0]),
    });
    assert_eq!(order(&desk), "abcd");
    desk.does(Command::MoveCrux {
        crux: ids[1],
        after: None,
    });
    assert_eq!(order(&desk), "bacd");
}

#[test]
fn a_part_split_off_a_crux_stays_before_what_follows_it() {
    let (mut desk, ids) = of_one_rank();
    let part = CruxEdit {
        claim: Some("x".into()),
        ..CruxEdit::default()
    };
    desk.does(Command::SplitCrux {
        crux: ids[0],
        keep: "a".into(),
        part,
    });
    assert_eq!(
        order(&desk),
        "abcxd",
        "behind the group, but before the rest"
    );
}

#[test]
fn a_split_keeps_both_halves_linked_and_says_that_the_claim_was_narrowed() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so, and it is more so");
    desk.adds_crux("next");
    let part = CruxEdit {
        claim: Some("It is more so".into()),
        ..CruxEdit::default()
    };
    let changes = desk
        .try_do(Command::SplitCrux {
            crux,
            keep: "It is so".into(),
            part,
        })
        .unwrap();
    assert_eq!(changes.len(), 2);
    let claims: Vec<&str> = desk
        .board
        .cruxes()
        .iter()
        .map(|crux| crux.claim.as_str())
        .collect();
    assert_eq!(claims, ["It is so", "It is more so", "next"]);
    let part = desk.board.parts_of(crux).next().unwrap();
    assert_eq!(part.split_from, Some(crux));
    // Each change of the claim is in the history.
    assert_eq!(desk.board.history(crux.0).count(), 2);
    desk.does(Command::Retract(
        changes.iter().map(|change| change.id).collect(),
    ));
    assert_eq!(desk.board.parts_of(crux).count(), 0);
    assert_eq!(
        desk.board.crux(crux).unwrap().claim,
        "It is so, and it is more so"
    );
    let history: Vec<bool> = desk
        .board
        .history(crux.0)
        .map(|(_, counts)| counts)
        .collect();
    assert_eq!(history, [true, false]);
}

#[test]
fn an_order_by_something_falls_back_on_the_boards_own() {
    let mut desk = Desk::new();
    let [a, b, c] = ["a", "b", "c"].map(|claim| desk.adds_crux(claim));
    let ordered = |desk: &Desk, sort| {
        let shown = shown(
            &desk.board,
            &Filter::default(),
            sort,
            Now::utc(desk.now),
            true,
        );
        shown
            .iter()
            .map(|id| desk.board.crux(*id).unwrap().claim.as_str())
            .collect::<String>()
    };
    for sort in Sort::ALL {
        assert_eq!(ordered(&desk, *sort), "abc", "{sort:?}");
    }
    desk.edits_crux(
        c,
        CruxEdit {
            importance: Some(Some(Importance::Low)),
            ..CruxEdit::default()
        },
    );
    desk.edits_crux(
        b,
        CruxEdit {
            importance: Some(Some(Importance::Critical)),
            ..CruxEdit::default()
        },
    );
    assert_eq!(
        ordered(&desk, Sort::Importance),
        "bca",
        "what nobody has weighed comes last"
    );
    desk.states(b, "Ann", 50.0);
    desk.states(c, "Ann", 10.0);
    desk.states(c, "Bob", 50.0);
    assert_eq!(
        ordered(&desk, Sort::Disagreement),
        "cab",
        "one person cannot disagree"
    );
    desk.days_pass(1);
    desk.states(a, "Ann", 50.0);
    assert_eq!(ordered(&desk, Sort::Moved), "acb");
    desk.edits_crux(
        b,
        CruxEdit {
            review_on: Some("2027-01-15".parse().ok()),
            ..CruxEdit::default()
        },
    );
    desk.adds_trigger(c, "Wind down");
    assert_eq!(ordered(&desk, Sort::Due), "bca");
}

#[test]
fn the_smallest_disagreement_orders_and_the_end_of_time_is_no_obstacle() {
    let mut desk = Desk::new();
    let cruxes = ["a", "b", "c"].map(|claim| desk.adds_crux(claim));
    for (crux, percent) in cruxes.into_iter().zip([24.98, 24.99, 25.0]) {
        desk.states(crux, "Ann", 0.0);
        desk.states(crux, "Bob", percent);
    }
    let [a, b, c] = cruxes;
    let ordered = |desk: &Desk, sort| {
        shown(
            &desk.board,
            &Filter::default(),
            sort,
            Now::utc(desk.now),
            true,
        )
    };
    assert_eq!(ordered(&desk, Sort::Disagreement), [c, b, a]);
    let stated = cruxboard_domain::change::CredenceStated {
        crux: a,
        reason_salt: String::new(),
        person: desk.person("Ann"),
        credence: Credence::HALF,
        reason: String::new(),
        evidence: vec![],
        reaffirms: false,
        at: Some(Millis::MAX),
        wall_clock: None,
    };
    let late = Change {
        id: desk.clock.tick(NOW),
        by: None,
        part_of: None,
        payload: Payload::CredenceStated(Box::new(stated)),
    };
    desk.take(&[late]);
    assert_eq!(ordered(&desk, Sort::Moved), [a, c, b]);
}

#[test]
fn a_rank_is_found_even_between_texts_that_are_none() {
    for (before, after) in [
        ("", ""),
        ("z", ""),
        ("é", ""),
        ("N", "n"),
        ("", "a"),
        ("b", "a"),
        ("n", "n"),
        ("🙂", "é"),
    ] {
        assert!(
            !rank_between(before, after).is_empty(),
            "{before:?} {after:?}"
        );
    }
}

#[test]
fn a_list_of_claims_becomes_cruxes_in_its_order_and_one_undo_takes_all_of_it_back() {
    let mut desk = Desk::new();
    desk.adds_crux("Costs fall");
    let ann = desk.board.people().next().map(|person| person.id);
    let list = "- Users come back 70% #growth\n- costs  FALL\n- Nobody else builds it\n";
    let claims = claims(list).claims;
    desk.does(Command::AddCruxes {
        claims: claims.clone(),
        person: ann,
    });
    let added: Vec<_> = desk.board.cruxes();
    let texts: Vec<&str> = added.iter().map(|crux| crux.claim.as_str()).collect();
    let expected = ["Costs fall", "Users come back", "Nobody else builds it"];
    assert_eq!(texts, expected);
    assert_eq!(added[1].tags, ["growth"]);
    let stated = desk.board.statements_on(added[1].id);
    let stated: Vec<_> = stated
        .iter()
        .map(|s| (Some(s.person), s.credence))
        .collect();
    assert_eq!(stated, [(ann, Credence::from_percent(70.0).unwrap())]);
    assert!(desk.board.statements_on(added[2].id).is_empty());
    let again = Command::AddCruxes {
        claims,
        person: ann,
    };
    assert_eq!(desk.refuses(again), CommandError::NothingToDo);
    let targets = desk.undo.next_undo().unwrap().to_vec();
    desk.does(Command::Retract(targets));
    assert_eq!(order(&desk), "Costs fall");
}
