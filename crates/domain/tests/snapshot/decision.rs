//! The decision that stands, in every form.

use super::*;
use cruxboard_domain::Millis;
use cruxboard_domain::date::DAY;

/// Three days after the end of the worked example.
const LATER: Millis = Millis(NOW.0 + 3 * 86_400_000);

/// Returns the worked example with two decisions, of which the second stands, and an action.
fn decided() -> (ChangeId, Board) {
    let (id, mut board) = example();
    let option = |board: &Board, name: &str| {
        let mut options = board.options();
        options.find(|option| option.name == name).unwrap().id
    };
    let mut clock = Clock::new(Replica::new(3, 3));
    clock.observe(board.log().last());
    for (chosen, why, days) in [
        ("Continue", "an earlier reason", 1),
        ("Wind down", "the preprints share one cohort", 2),
    ] {
        let trigger = board.triggers().next().unwrap().id;
        let person = board.people().next().unwrap().id;
        let command = Command::RecordDecision {
            decision: DecisionEdit {
                option: Some(Some(option(&board, chosen))),
                why: Some(why.into()),
                until: Some("2027-03-01".parse().ok()),
                reversed_by: Some(vec![trigger]),
                reversal: Some("a larger cohort says otherwise".into()),
                voices: Some(vec![Voice {
                    person,
                    agrees: false,
                    reason: "too early for that".into(),
                }]),
                ..DecisionEdit::default()
            },
            actions: vec![FollowUpEdit {
                what: Some(format!("carry out {chosen}")),
                ..FollowUpEdit::default()
            }],
        };
        let mut issuer = Issuer {
            by: None,
            now: Now::utc(NOW + DAY * days),
            clock: &mut clock,
        };
        for change in decide(&board, command, &mut issuer).unwrap() {
            board.apply(change);
        }
    }
    (id.0, board)
}

#[test]
fn the_decision_that_stands_is_in_a_snapshot_of_the_whole_board_and_first_in_every_form() {
    let (id, board) = decided();
    for (depth, audience) in [
        (Depth::Everything, Audience::Internal),
        (Depth::Everything, Audience::Public),
        (Depth::Argument, Audience::Internal),
    ] {
        let wish = SnapshotRequest {
            depth,
            audience,
            ..SnapshotRequest::default()
        };
        let taken = take(&board, BoardId(id), &wish, LATER);
        let snapshot = &taken.snapshot;
        for form in [snapshot.to_html(), snapshot.to_markdown()] {
            for part in [
                "Decided on 25 Nov 2026: Wind down",
                "the preprints share one cohort",
                "1 Mar 2027",
                "a larger cohort says otherwise",
            ] {
                assert!(form.contains(part), "{part}");
            }
            let first_crux = form.find("Coercive by default").unwrap();
            assert!(form.find("Decided on").unwrap() < first_crux);
            let is_everything = (depth, audience) == (Depth::Everything, Audience::Internal);
            for inside in ["too early for that", "carry out Wind down"] {
                assert_eq!(form.contains(inside), is_everything, "{inside}");
            }
            assert!(!form.contains("an earlier reason"));
        }
        let gaps: Vec<String> = snapshot.gaps().collect();
        assert!(gaps.contains(&"1 decision".to_owned()), "{gaps:?}");
        // The snapshot survives the way through a link and through a file.
        assert_eq!(opened(&link(snapshot)).as_ref(), Ok(snapshot));
        let file = SnapshotFile::from_json(&snapshot.to_json());
        assert_eq!(file, Ok(SnapshotFile::Open(Box::new(snapshot.clone()))));
    }
    // A snapshot of one crux does not contain the decision.
    let one = SnapshotRequest {
        cruxes: Some([board.cruxes()[0].id].into()),
        ..everything()
    };
    assert!(
        take(&board, BoardId(id), &one, LATER)
            .snapshot
            .board()
            .decisions()
            .next()
            .is_none()
    );
}

#[test]
fn a_reader_of_links_without_extensions_sees_the_decision_counted_among_what_is_not_shown() {
    let (id, board) = decided();
    let snapshot = take(&board, BoardId(id), &everything(), LATER).snapshot;
    let text = link(&snapshot);
    let parcel = Parcel::from_text(&text).unwrap();
    assert!(!parcel.content.extension.is_empty());
    let base = unfold(&parcel.content.base.into()).unwrap();
    assert_eq!(base.board().decisions().count(), 0);
    let gaps: Vec<String> = base.gaps().collect();
    assert!(gaps.contains(&"2 decisions".to_owned()), "{gaps:?}");
    assert_eq!(base.board().cruxes().len(), 9);
    // Readers of version 1 accept this too: the length may take one byte more than needed, and everything
    // after a parcel is skipped.
    for there in 0..text.len() {
        let problem = Parcel::from_text(&text[..there]).unwrap_err();
        assert!(
            matches!(problem, LinkError::CutOff { there: said, .. } if said == there) || there < 7,
            "{there}: {problem:?}"
        );
    }
    for at in (6..text.len()).step_by(7) {
        let mut altered = text.clone();
        altered.replace_range(at..=at, if &text[at..=at] == "A" { "B" } else { "A" });
        assert_eq!(Parcel::from_text(&altered), Err(LinkError::Changed), "{at}");
    }
}

#[test]
fn a_board_made_of_a_snapshot_has_the_decision_with_its_day_and_its_actions() {
    let (id, board) = decided();
    let snapshot = take(&board, BoardId(id), &everything(), LATER).snapshot;
    let mut clock = Clock::new(Replica::new(4, 4));
    let mut issuer = Issuer {
        by: None,
        now: Now::utc(NOW + 90 * DAY),
        clock: &mut clock,
    };
    let adopted = adopted(&snapshot.changes, &mut issuer);
    let new: Board = adopted.into_iter().map(Entry::Known).collect();
    let decision = new.standing_decision().unwrap();
    assert_eq!(decision.day(Now::utc(NOW)), "2026-11-25".parse().unwrap());
    assert_eq!(decision.why, "the preprints share one cohort");
    assert_eq!(decision.voices[0].reason, "too early for that");
    assert!(new.trigger(decision.reversed_by[0]).is_some());
    let actions: Vec<&str> = new.actions_of(decision.id).map(|it| &*it.what).collect();
    assert_eq!(actions, ["carry out Wind down"]);
    // A snapshot of the new board gives the same day again.
    let again = take(&new, BoardId(ChangeId::MAX), &everything(), NOW + 99 * DAY);
    let decision = again.snapshot.reading().decision.unwrap();
    assert_eq!(decision.headline, "Decided on 25 Nov 2026: Wind down");
}
