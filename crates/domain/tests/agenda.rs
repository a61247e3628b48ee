//! The agenda that is proposed for a review.

use crate::desk::{Desk, at_least};
use cruxboard_domain::ChangeId;
use cruxboard_domain::agenda::{Reason, suggest_agenda};
use cruxboard_domain::date::Now;
use cruxboard_domain::record::*;

#[test]
fn the_most_pressing_comes_first_and_a_quiet_crux_is_left_out() {
    let mut desk = Desk::new();
    let quiet = desk.adds_crux("Nothing happens here");
    let apart = desk.adds_crux("People are apart");
    let wider = desk.adds_crux("People are further apart");
    let near = desk.adds_crux("It may be met soon");
    let met = desk.adds_crux("It is met");
    let settled = desk.adds_crux("It is settled");
    for (crux, percents) in [
        (apart, [30.0, 55.0]),
        (wider, [10.0, 60.0]),
        (settled, [0.0, 90.0]),
    ] {
        desk.states(crux, "Ann", percents[0]);
        desk.states(crux, "Bob", percents[1]);
    }
    desk.states(quiet, "Ann", 50.0);
    desk.edits_crux(
        settled,
        CruxEdit {
            stage: Some(Some(Stage::ALL[1])),
            stage_reason: Some("clear".into()),
            ..CruxEdit::default()
        },
    );
    let trigger = desk.adds_trigger(met, "Wind down");
    desk.judges(trigger, Verdict::Met);
    desk.adds_rule(near, at_least(70.0, 1));
    desk.states(near, "Ann", 68.0);
    let review = desk.reviews();
    desk.states(quiet, "Ann", 52.0);
    let proposed = |desk: &Desk, since: ChangeId| {
        let proposed = suggest_agenda(&desk.board, since, Now::utc(desk.now)).into_iter();
        proposed
            .map(|one| (one.crux, one.reasons.into_iter().collect::<Vec<_>>()))
            .collect::<Vec<_>>()
    };
    let expected = [
        (met, vec![Reason::Met]),
        (near, vec![Reason::Near]),
        (wider, vec![Reason::Apart]),
        (apart, vec![Reason::Apart]),
    ];
    assert_eq!(proposed(&desk, review), expected);
    // A large move brings the crux onto the agenda.
    desk.states(quiet, "Ann", 60.0);
    assert!(proposed(&desk, review).contains(&(quiet, vec![Reason::Moved])));
}
