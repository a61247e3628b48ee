//! Describes triggers: their figures, results, disputes and moved goalposts.

use std::collections::BTreeMap;

use super::person_name;
use crate::Credence;
use crate::board::Board;
use crate::date::{Now, Viewpoint, spelled};
use crate::percent::points;
use crate::record::{
    CredenceRule, Dispute, GOALPOST_OPTION, GoalpostMove, Measure, Record, Trigger, TriggerId,
    Verdict,
};
use crate::translation::translated;
use crate::trigger_state::{Measured, ReviewFinding, TriggerState, dispute, measured};
use crate::{t, tn, translatable};

/// The English heading of a trigger that supports no option: when it is met, the crux is reviewed.
pub const NO_OPTION: &str = translatable!("Look again");

/// Describes a trigger in one line, a computed one with its present figure: "aggregate at or above 70%: now
/// 65% from 2 of 3 people; at least 2 are needed".
#[must_use]
pub fn trigger_words(
    board: &Board,
    trigger: &Record<TriggerId, Trigger>,
    viewpoint: Viewpoint,
) -> String {
    let headline = trigger.headline();
    let Some(found) = measured(board, trigger, viewpoint) else {
        return headline;
    };
    let rule = found.rule.to_string();
    let now = measured_words(&found, viewpoint.with_stale);
    if headline == rule {
        t!("{rule}: now {now}", rule, now)
    } else {
        t!("{headline} ({rule}): now {now}", headline, rule, now)
    }
}

/// Describes the figure of a credence trigger and the number of people: "90% from 1 of 3 people; at least 2
/// are needed".
#[must_use]
pub fn measured_words(measured: &Measured, with_stale: bool) -> String {
    let Measured {
        people, of, quorum, ..
    } = *measured;
    let figure = measured.figure.map_or_else(
        || t!("no figure yet").to_owned(),
        |figure| figure_words(measured.rule, figure),
    );
    if with_stale {
        tn!(
            quorum,
            "{figure} from {people} of {of} people; at least {count} is needed",
            "{figure} from {people} of {of} people; at least {count} are needed",
            figure,
            people,
            of
        )
    } else {
        tn!(
            quorum,
            "{figure} from {people} of {of} people, stale credences left out; at least {count} is needed",
            "{figure} from {people} of {of} people, stale credences left out; at least {count} are needed",
            figure,
            people,
            of
        )
    }
}

/// Describes the credence triggers whose state differs: "1 credence trigger now stands otherwise: “aggregate
/// at or above 50%” on “Reach”: met → armed."; `None` if none does.
#[must_use]
pub fn changed_states_words(
    board: &Board,
    before: &BTreeMap<TriggerId, TriggerState>,
    after: &BTreeMap<TriggerId, TriggerState>,
) -> Option<String> {
    let changed = after.iter().filter_map(|(id, is)| {
        let was = before.get(id).filter(|was| *was != is)?;
        let trigger = board.trigger(*id)?;
        let crux = board.crux(trigger.crux)?;
        Some(t!(
            "“{trigger}” on “{crux}”: {was} → {is}",
            trigger = trigger.headline(),
            crux = crux.name(),
            was = was.label(),
            is = is.label()
        ))
    });
    let changed: Vec<String> = changed.collect();
    (!changed.is_empty()).then(|| {
        tn!(
            changed.len(),
            "{count} credence trigger now stands otherwise: {changes}.",
            "{count} credence triggers now stand otherwise: {changes}.",
            changes = changed.join("; ")
        )
    })
}

/// Formats the figure with enough digits to tell it apart from the rule's value.
fn figure_words(rule: CredenceRule, figure: Credence) -> String {
    match rule.measure {
        Measure::Aggregate => figure.rounded(&[rule.value]),
        Measure::Spread => points(figure.percent(), &[rule.value]),
    }
}

/// Describes the result of a review for a credence trigger; `None` for an event trigger.
#[must_use]
pub fn finding_words(trigger: &Trigger, found: &ReviewFinding, now: Now) -> Option<String> {
    let rule = trigger.rule?;
    let figure = found.figure.map_or_else(
        || t!("no figure").to_owned(),
        |figure| figure_words(rule, figure),
    );
    let day = spelled(now.day_of(found.review.millis()));
    let (people, of) = (found.people, found.of);
    let finding = match found.held {
        true => t!(
            "{day}: {figure} from {people} of {of} people: it held",
            day,
            figure,
            people,
            of
        ),
        false => t!(
            "{day}: {figure} from {people} of {of} people: it did not hold",
            day,
            figure,
            people,
            of
        ),
    };
    Some(match found.late {
        0 => finding,
        late => tn!(
            late,
            "{finding}. {count} credence dated before it came later, not counted in it",
            "{finding}. {count} credences dated before it came later, not counted in it",
            finding
        ),
    })
}

/// Describes the dispute of a trigger in a sentence; `None` if there is none.
#[must_use]
pub fn dispute_words(board: &Board, trigger: &Record<TriggerId, Trigger>) -> Option<String> {
    let standing = trigger.standing();
    let said = standing.iter().map(|judged| {
        let by = judged
            .by
            .map_or_else(|| t!("somebody").into(), |by| person_name(board, by));
        format!("{by}: {}", verdict_words(judged.verdict))
    });
    let said = said.collect::<Vec<_>>().join("; ");
    Some(match dispute(board, trigger)? {
        Dispute::Declared => t!("It is judged disputed ({verdicts}).", verdicts = said),
        Dispute::Judges => t!("Its judges disagree ({verdicts}).", verdicts = said),
        Dispute::Rule => t!("It was met before its rule was changed.").to_owned(),
        Dispute::Terms => {
            t!(
                "It was judged before its observable, threshold or date was changed ({verdicts}).",
                verdicts = said
            )
        }
    })
}

/// Returns a verdict in a sentence: "not met".
#[must_use]
pub fn verdict_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Near => t!("near"),
        Verdict::Met => t!("met"),
        Verdict::NotMet => t!("not met"),
        Verdict::Void => t!("void"),
        Verdict::Disputed => t!("disputed"),
        Verdict::Open => t!("verdict" => "reopen"),
    }
}

/// Returns the fields that a moved goalpost changed: name, text before, text after. Options are shown by
/// name.
#[must_use]
pub fn goalpost_fields(board: &Board, moved: &GoalpostMove) -> Vec<(String, String, String)> {
    let fields = moved.fields.iter().map(|(field, before, after)| {
        let text = |text: &String| match text.parse().ok().filter(|_| *field == GOALPOST_OPTION) {
            Some(id) => board.option(id).map_or_else(
                || t!("a deleted option").to_owned(),
                |option| option.name.clone(),
            ),
            None => text.clone(),
        };
        (translated(field).to_owned(), text(before), text(after))
    });
    fields.collect()
}
