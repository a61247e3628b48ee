//! New boards: what is asked for is on them, in one action.

use std::collections::BTreeSet;

use cruxboard_domain::board::Board;
use cruxboard_domain::change::{Change, Payload};
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{
    CommandError, Issuer, NewBoard, NewCrux, STARTING_POINTS, StartingPoint, found_board,
};
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::import::claims::claims;
use cruxboard_domain::record::Mark;
use cruxboard_domain::text::folded_name;
use cruxboard_domain::trigger_state::{TriggerState, trigger_state};

use super::desk::{DEVICE, NOW};

fn founded(new: &NewBoard) -> Result<(Board, Vec<Change>), CommandError> {
    let mut issuer = Issuer {
        by: None,
        now: Now::utc(NOW),
        clock: &mut Clock::new(Replica::new(DEVICE, 1)),
    };
    let changes = found_board(new, &mut issuer)?;
    let mut board = Board::default();
    for change in &changes {
        board.apply(change.clone());
    }
    Ok((board, changes))
}

fn credences(changes: &[Change]) -> usize {
    let stated = changes.iter();
    stated
        .filter(|change| matches!(change.payload, Payload::CredenceStated(_)))
        .count()
}

#[test]
fn a_new_board_has_its_people_options_and_first_cruxes_in_one_action() {
    let new = NewBoard {
        options: vec![
            ("Keep it".into(), Mark::Continue),
            ("Sell it".into(), Mark::Stop),
        ],
        cruxes: vec![
            NewCrux {
                claim: " It costs more than it earns. ".into(),
                if_true: Some(Mark::Stop),
                stop: "Two quarters with a loss".into(),
                go_on: " ".into(),
            },
            NewCrux {
                claim: " ".into(),
                stop: "Nothing claimed".into(),
                ..NewCrux::default()
            },
        ],
        claims: claims("Nobody else prints it 70% #market\nit costs more than it earns.\n").claims,
        me: Some("bob".into()),
        ..NewBoard::of("Keep the press?", &["Ann", "Bob"])
    };
    let (board, changes) = founded(&new).unwrap();
    assert_eq!(board.info().question, "Keep the press?");
    let options: Vec<_> = board.options().map(|it| it.name.clone()).collect();
    assert_eq!(options, ["Keep it", "Sell it"]);
    let found: Vec<_> = board.cruxes().iter().map(|it| it.claim.clone()).collect();
    assert_eq!(
        found,
        ["It costs more than it earns.", "Nobody else prints it"]
    );
    let (press, market) = (board.cruxes()[0], board.cruxes()[1]);
    let sell = board.options().find(|it| it.name == "Sell it").unwrap().id;
    assert_eq!(press.if_true, Some(sell));
    let triggers: Vec<_> = board.triggers_of(press.id).collect();
    assert_eq!(triggers.len(), 1);
    assert_eq!(triggers[0].toward, Some(sell));
    assert_eq!(market.tags, ["market"]);
    let bob = board.person_named("BOB").unwrap();
    let stated = board.statements_on(market.id);
    assert_eq!(stated.len(), 1);
    assert_eq!(
        (stated[0].person, stated[0].credence.percent()),
        (bob, 70.0)
    );
    let first = changes[0].id;
    assert!(
        changes[1..]
            .iter()
            .all(|change| change.part_of == Some(first))
    );
}

#[test]
fn percentages_in_a_list_of_claims_are_nobodys_credences_while_nobody_is_chosen() {
    for me in [None, Some("Carla".to_owned())] {
        let new = NewBoard {
            claims: claims("It works 70%").claims,
            me,
            ..NewBoard::of("Go on?", &["Ann"])
        };
        let (board, changes) = founded(&new).unwrap();
        assert_eq!((board.cruxes().len(), credences(&changes)), (1, 0));
    }
}

#[test]
fn each_step_of_a_new_board_is_checked_as_the_whole_is() {
    let long = "x".repeat(5_001);
    for (new, field) in [
        (NewBoard::of(" ", &[]), Some("question")),
        (NewBoard::of(&long, &[]), Some("question")),
        (NewBoard::of("Go on?", &["Ann", "ann"]), Some("name")),
        (NewBoard::of("Go on?", &[&long]), Some("name")),
        (
            NewBoard {
                claims: claims(&long).claims,
                ..NewBoard::of("Go on?", &[])
            },
            Some("claim"),
        ),
        (NewBoard::of("Go on?", &["Ann", "", " "]), None),
    ] {
        let refusal = new.check().err();
        let refused = refusal.as_ref().and_then(CommandError::field);
        assert_eq!(refused, field, "{refusal:?}");
        assert_eq!(founded(&new).err(), refusal);
    }
}

#[test]
fn every_starting_point_makes_a_board_with_armed_triggers_on_both_sides_and_no_credence() {
    assert_eq!(STARTING_POINTS.len(), 5);
    let mut keys = BTreeSet::new();
    for point in STARTING_POINTS {
        let key = point.key;
        assert!(keys.insert(key), "{key}");
        assert_eq!(StartingPoint::of_key(key), Some(point));
        let (board, changes) = founded(&point.to_board()).unwrap();
        assert_eq!(credences(&changes), 0, "{key}");
        assert_eq!(board.people().count(), point.people.len());
        for mark in [Mark::Stop, Mark::Continue] {
            let marked = board.options().filter(|option| option.mark() == mark);
            assert_eq!(marked.count(), 1, "{key}: {mark:?}");
        }
        let cruxes = board.cruxes();
        assert!((2..=4).contains(&cruxes.len()), "{key}");
        for crux in cruxes {
            assert!(crux.if_true.is_some(), "{}", crux.claim);
            let triggers = board.triggers_of(crux.id);
            let marks = triggers.map(|trigger| {
                let state = trigger_state(&board, trigger, Now::utc(NOW));
                assert_eq!(state, TriggerState::Armed, "{}", trigger.observable);
                let toward = trigger.toward.and_then(|option| board.option(option));
                toward.map(|option| option.mark())
            });
            let marks: Vec<_> = marks.collect();
            assert_eq!(
                marks,
                [Some(Mark::Stop), Some(Mark::Continue)],
                "{}",
                crux.claim
            );
        }
    }
}

#[test]
fn the_texts_of_starting_points_are_sentences_and_a_list_of_claims_reads_them_as_they_are() {
    for point in STARTING_POINTS {
        assert!(point.question.ends_with('?'), "{}", point.question);
        let lines: Vec<_> = point.cruxes.iter().map(|crux| crux.claim).collect();
        let listed = claims(&lines.join("\n")).claims;
        for (crux, read) in point.cruxes.iter().zip(&listed) {
            assert_eq!((crux.claim, None), (read.claim.as_str(), read.credence));
            for text in [crux.claim, crux.stop, crux.go_on] {
                assert!(text.ends_with('.') && !text.contains("  "), "{text}");
            }
            assert_ne!(folded_name(crux.stop), folded_name(crux.go_on));
        }
        assert_eq!(listed.len(), point.cruxes.len());
    }
}
