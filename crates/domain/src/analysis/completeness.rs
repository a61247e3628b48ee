//! Gaps of a crux: parts that a decision would need. They are advice and block nothing.

mod two_claims;

use self::two_claims::joins_two_claims;
use crate::board::Board;
use crate::record::{
    Basis, BearingKind, Crux, CruxId, Mark, Record, Trigger, TriggerId, keyed_enum,
};

keyed_enum! {
    /// A gap of a crux.
    Lack {
        /// The claim is missing, so that nobody can have a credence in it.
        Claim = "claim", "It states no claim.";
        /// The claim may consist of two claims, which cannot be true or false as one.
        TwoClaims = "two-claims", "The claim may hold two claims, joined by “and”: consider splitting it.";
        /// The claim is a question.
        Question = "question", "The claim is a question: write it as a statement.";
        /// The option that follows if the claim is true is missing.
        Option = "option", "No option is set for the case that it is true.";
        /// The bearing on the work is missing.
        Bearing = "bearing", "Its bearing on the work is not set.";
        /// The bearing is a comparison, and the alternative is missing.
        Alternative = "alternative", "It compares, but names no alternative.";
        /// The bearing is a change of direction, and the direction is missing.
        Direction = "direction", "It asks for another direction, but does not say which.";
        /// The owner is missing.
        Owner = "owner", "It has no owner.";
        /// There is no event trigger.
        Trigger = "trigger", "It has no event trigger.";
        /// There is a trigger to stop, but none to continue.
        ContinueTrigger = "continue-trigger", "Only a stop trigger: what would make you go on?";
        /// There is a trigger to continue, but none to stop.
        StopTrigger = "stop-trigger", "Only a continue trigger: what would make you stop?";
        /// A trigger has no observable.
        Observable = "observable", "A trigger has no observable.";
        /// A trigger has no threshold.
        Threshold = "threshold", "A trigger has no threshold.";
        /// A trigger has no by-date.
        Date = "date", "A trigger has no by-date.";
        /// A trigger has no judge.
        Judge = "judge", "A trigger names no judge.";
        /// A trigger has no action.
        Action = "action", "A trigger has no action.";
        /// A trigger is not armed.
        Armed = "armed", "A trigger is still a draft.";
        /// There is no evidence.
        Evidence = "evidence", "No evidence.";
        /// There is evidence for the claim, but none against it.
        EvidenceAgainst = "evidence-against", "No counter-evidence: what speaks against it?";
        /// There is evidence against the claim, but none for it.
        EvidenceFor = "evidence-for", "No supporting evidence: what speaks for it?";
        /// Nobody has stated a credence.
        Credence = "credence", "Nobody has stated a credence.";
    }
}

/// Returns the gaps of a crux, in the order in which one would fill them.
#[must_use]
pub fn lacks(board: &Board, crux: &Record<CruxId, Crux>) -> Vec<Lack> {
    let claim = crux.claim.trim();
    let events: Vec<_> = board
        .triggers_of(crux.id)
        .filter(|t| t.rule.is_none())
        .collect();
    let is_toward = |marks: &[Mark]| {
        events.iter().any(|trigger| {
            let option = trigger.toward.and_then(|option| board.option(option));
            option.is_some_and(|option| marks.contains(&option.mark()))
        })
    };
    let stops = is_toward(&[Mark::Stop]);
    let stays = is_toward(&[Mark::Continue, Mark::DoubleDown]);
    let turns = is_toward(&[Mark::Change, Mark::Other]);
    let any = |missing: fn(&Record<TriggerId, Trigger>) -> bool| {
        events.iter().any(|trigger| missing(trigger))
    };
    let (pro, con) = board.evidence_balance(crux.id);
    let needs_direction = crux
        .bearings
        .iter()
        .any(|bearing| bearing.kind == BearingKind::DirectionChange && bearing.degree.is_empty());

    let found = [
        (Lack::Claim, claim.is_empty()),
        (Lack::TwoClaims, joins_two_claims(claim)),
        (Lack::Question, claim.ends_with('?')),
        (
            Lack::Option,
            crux.if_true
                .and_then(|option| board.option(option))
                .is_none_or(|option| option.trashed.is_some()),
        ),
        (Lack::Bearing, crux.bearings.is_empty()),
        (Lack::Direction, needs_direction),
        (
            Lack::Alternative,
            crux.basis == Some(Basis::Compared) && crux.alternative.is_empty(),
        ),
        (Lack::Owner, crux.owner.is_none()),
        (Lack::Trigger, events.is_empty()),
        (Lack::ContinueTrigger, stops && !stays && !turns),
        // Continuing and changing direction also count as two sides.
        (Lack::StopTrigger, !stops && stays != turns),
        (
            Lack::Observable,
            any(|trigger| trigger.observable.trim().is_empty()),
        ),
        (
            Lack::Threshold,
            any(|trigger| trigger.threshold.trim().is_empty()),
        ),
        (Lack::Date, any(|trigger| trigger.by_date.is_none())),
        (Lack::Judge, any(|trigger| trigger.judge.trim().is_empty())),
        (
            Lack::Action,
            any(|trigger| trigger.action.trim().is_empty()),
        ),
        (Lack::Armed, any(|trigger| !trigger.armed)),
        (Lack::Evidence, pro + con == 0),
        (Lack::EvidenceAgainst, pro > 0 && con == 0),
        (Lack::EvidenceFor, con > 0 && pro == 0),
        (Lack::Credence, board.statements_on(crux.id).is_empty()),
    ];
    found
        .into_iter()
        .filter_map(|(lack, is_lacking)| is_lacking.then_some(lack))
        .collect()
}

/// Returns the gaps of one trigger, for its form.
#[must_use]
pub fn trigger_lacks(trigger: &Trigger) -> Vec<Lack> {
    if trigger.rule.is_some() {
        return Vec::new();
    }
    let found = [
        (Lack::Observable, trigger.observable.trim().is_empty()),
        (Lack::Threshold, trigger.threshold.trim().is_empty()),
        (Lack::Date, trigger.by_date.is_none()),
        (Lack::Judge, trigger.judge.trim().is_empty()),
        (Lack::Action, trigger.action.trim().is_empty()),
    ];
    found
        .into_iter()
        .filter_map(|(lack, is_lacking)| is_lacking.then_some(lack))
        .collect()
}
