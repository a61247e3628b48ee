//! Gaps of cruxes and triggers.

use crate::desk::{Desk, NOW, at_least};
use cruxboard_domain::ChangeId;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::{Change, Payload};
use cruxboard_domain::completeness::{Lack, lacks, trigger_lacks};
use cruxboard_domain::decide::Command;
use cruxboard_domain::record::*;

/// Returns a desk with a crux without gaps.
fn concrete() -> (Desk, CruxId) {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so.");
    let set = CruxEdit {
        if_true: Some(Some(desk.option("Wind down"))),
        bearings: Some(vec![Bearing {
            kind: BearingKind::DirectionChange,
            degree: "elsewhere".into(),
        }]),
        basis: Some(Some(Basis::Compared)),
        alternative: Some("nothing".into()),
        owner: Some(Some(desk.person("Ann"))),
        ..CruxEdit::default()
    };
    desk.edits_crux(crux, set);
    desk.adds_trigger(crux, "Wind down");
    desk.adds_trigger(crux, "Continue");
    desk.files("Seen", &[(crux, Direction::For)]);
    desk.files("Not seen", &[(crux, Direction::Against)]);
    desk.states(crux, "Ann", 50.0);
    (desk, crux)
}

#[test]
fn a_concrete_crux_lacks_nothing_and_each_lack_shows_when_its_part_is_missing() {
    let (desk, crux) = concrete();
    assert_eq!(lacks(&desk.board, desk.board.crux(crux).unwrap()), []);
    let bearing = |degree: &str| {
        vec![Bearing {
            kind: BearingKind::DirectionChange,
            degree: degree.into(),
        }]
    };
    for (set, lack) in [
        (
            CruxEdit {
                claim: Some("It is so, and it is more so.".into()),
                ..Default::default()
            },
            Lack::TwoClaims,
        ),
        (
            CruxEdit {
                claim: Some("Is it so?".into()),
                ..Default::default()
            },
            Lack::Question,
        ),
        (
            CruxEdit {
                if_true: Some(None),
                ..Default::default()
            },
            Lack::Option,
        ),
        (
            CruxEdit {
                if_true: Some(Some(OptionId(ChangeId::MIN))),
                ..Default::default()
            },
            Lack::Option,
        ),
        (
            CruxEdit {
                bearings: Some(vec![]),
                ..Default::default()
            },
            Lack::Bearing,
        ),
        (
            CruxEdit {
                bearings: Some(bearing("")),
                ..Default::default()
            },
            Lack::Direction,
        ),
        (
            CruxEdit {
                alternative: Some(String::new()),
                ..Default::default()
            },
            Lack::Alternative,
        ),
        (
            CruxEdit {
                owner: Some(None),
                ..Default::default()
            },
            Lack::Owner,
        ),
    ] {
        let (mut desk, crux) = concrete();
        desk.edits_crux(crux, set);
        assert_eq!(lacks(&desk.board, desk.board.crux(crux).unwrap()), [lack]);
    }
    for (set, lack) in [
        (
            TriggerEdit {
                observable: Some(" ".into()),
                ..Default::default()
            },
            Lack::Observable,
        ),
        (
            TriggerEdit {
                threshold: Some(String::new()),
                ..Default::default()
            },
            Lack::Threshold,
        ),
        (
            TriggerEdit {
                by_date: Some(None),
                ..Default::default()
            },
            Lack::Date,
        ),
        (
            TriggerEdit {
                judge: Some(String::new()),
                ..Default::default()
            },
            Lack::Judge,
        ),
        (
            TriggerEdit {
                action: Some(String::new()),
                ..Default::default()
            },
            Lack::Action,
        ),
        (
            TriggerEdit {
                armed: Some(false),
                ..Default::default()
            },
            Lack::Armed,
        ),
    ] {
        let (mut desk, crux) = concrete();
        let trigger = desk.board.triggers_of(crux).next().unwrap().id;
        desk.edits_trigger(trigger, set, "why not").unwrap();
        assert_eq!(lacks(&desk.board, desk.board.crux(crux).unwrap()), [lack]);
        let of_trigger = trigger_lacks(desk.board.trigger(trigger).unwrap());
        assert_eq!(
            of_trigger,
            if lack == Lack::Armed {
                vec![]
            } else {
                vec![lack]
            }
        );
    }
    type Trashed = fn(&Board, CruxId) -> Vec<ChangeId>;
    let of_crux: [(Trashed, Lack); 7] = [
        (
            |board, crux| board.triggers_of(crux).map(|t| t.id.0).collect(),
            Lack::Trigger,
        ),
        (
            |board, crux| board.triggers_of(crux).skip(1).map(|t| t.id.0).collect(),
            Lack::ContinueTrigger,
        ),
        (
            |board, crux| board.triggers_of(crux).take(1).map(|t| t.id.0).collect(),
            Lack::StopTrigger,
        ),
        (
            |board, _| board.all_evidence().map(|e| e.id.0).collect(),
            Lack::Evidence,
        ),
        (
            |board, _| board.all_evidence().skip(1).map(|e| e.id.0).collect(),
            Lack::EvidenceAgainst,
        ),
        (
            |board, _| board.all_evidence().take(1).map(|e| e.id.0).collect(),
            Lack::EvidenceFor,
        ),
        (
            |board, crux| {
                board
                    .statements_on(crux)
                    .into_iter()
                    .map(|s| s.id.0)
                    .collect()
            },
            Lack::Credence,
        ),
    ];
    for (trashed, lack) in of_crux {
        let (mut desk, crux) = concrete();
        for record in trashed(&desk.board, crux) {
            desk.does(Command::Trash(record));
        }
        assert_eq!(lacks(&desk.board, desk.board.crux(crux).unwrap()), [lack]);
    }
}

#[test]
fn triggers_have_two_sides_when_they_speak_for_two_ways_to_go() {
    for (toward, lack) in [
        (vec!["Wind down"], Some(Lack::ContinueTrigger)),
        (vec!["Continue"], Some(Lack::StopTrigger)),
        (vec!["Double down", "Continue"], Some(Lack::StopTrigger)),
        (vec!["Change direction"], Some(Lack::StopTrigger)),
        (vec!["Wind down", "Continue"], None),
        (vec!["Wind down", "Change direction"], None),
        (vec!["Change direction", "Continue"], None),
    ] {
        let mut desk = Desk::new();
        let crux = desk.adds_crux("It is so.");
        for option in &toward {
            desk.adds_trigger(crux, option);
        }
        let mut found = lacks(&desk.board, desk.board.crux(crux).unwrap());
        found.retain(|lack| matches!(lack, Lack::ContinueTrigger | Lack::StopTrigger));
        assert_eq!(found.first().copied(), lack, "{toward:?}");
    }
}

#[test]
fn an_option_in_the_trash_is_as_good_as_none() {
    let (mut desk, crux) = concrete();
    let option = desk.option("Wind down");
    desk.does(Command::Trash(option.0));
    let found = lacks(&desk.board, desk.board.crux(crux).unwrap());
    assert!(found.contains(&Lack::Option), "{found:?}");
}

#[test]
fn a_crux_that_only_has_a_credence_trigger_lacks_an_event_and_a_claim_can_only_be_lacking_in_a_file()
 {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_rule(crux, at_least(70.0, 2));
    let found = lacks(&desk.board, desk.board.crux(crux).unwrap());
    assert!(found.contains(&Lack::Trigger) && !found.contains(&Lack::Threshold));
    assert_eq!(trigger_lacks(desk.board.trigger(trigger).unwrap()), []);
    let bare = Change {
        id: desk.clock.tick(NOW),
        by: None,
        part_of: None,
        payload: Payload::CruxAdded(Box::default()),
    };
    desk.take(std::slice::from_ref(&bare));
    assert_eq!(
        lacks(&desk.board, desk.board.crux(CruxId(bare.id)).unwrap())[0],
        Lack::Claim
    );
}
