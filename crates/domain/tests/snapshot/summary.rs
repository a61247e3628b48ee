//! The lines of a snapshot about its triggers and about the content that it leaves out.

use super::{everything, taken};
use cruxboard_domain::snapshot::reading::TriggerReading;
use cruxboard_domain::snapshot::{Gap, RedactionReason};
use cruxboard_domain::trigger_state::TriggerState::{Armed, Disputed, Met, Near, NotMet};

#[test]
fn what_is_left_out_is_said_in_a_sentence_that_begins_with_what_is_confidential() {
    let mut snapshot = taken(&everything());
    let gap = |what, count| Gap { what, count };
    let details = gap(RedactionReason::Detail, 235);
    let private = gap(RedactionReason::PrivateEvidence, 3);
    let about = gap(RedactionReason::AboutWithheld, 1);
    for (withheld, said) in [
        (vec![], ""),
        (
            vec![details],
            "Some details and working notes are left out.",
        ),
        (vec![private, about], "Confidential and not shown: 4 items."),
        (
            vec![private, about, gap(RedactionReason::Reason, 1), details],
            "Confidential and not shown: 4 items and 1 reason. Some details and working notes are left out too.",
        ),
    ] {
        snapshot.withheld = withheld;
        assert_eq!(snapshot.left_out(), said);
        assert!(snapshot.to_card().contains(said));
    }
}

#[test]
fn the_triggers_of_a_crux_are_counted_and_those_that_are_met_are_said() {
    let snapshot = taken(&everything());
    let mut crux = snapshot.reading().cruxes.remove(0);
    let first = crux.triggers.remove(0);
    let trigger = |state, headline: &str| TriggerReading {
        state,
        toward: "Stop".into(),
        headline: headline.into(),
        ..first.clone()
    };
    for (states, said) in [
        (vec![], ""),
        (vec![Armed], "1 trigger, not met"),
        (vec![Met], "The trigger is met: Stop: it happened"),
        (vec![Armed, NotMet, Armed, Armed], "4 triggers, none met"),
        (
            vec![Armed, Near, Disputed],
            "3 triggers, none met, 1 near, 1 disputed",
        ),
        (
            vec![Met, Armed, Near],
            "1 of 3 triggers met: Stop: it happened, 1 near",
        ),
    ] {
        crux.triggers = states
            .iter()
            .map(|state| trigger(*state, "it happened"))
            .collect();
        assert_eq!(crux.triggers_in_words(), said);
    }
}
